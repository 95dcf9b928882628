(ns chaos.checker.elle.recheck
  "An independent look at certificates of list-append histories: from the operations alone,
  without the graph, the orders or any other code of the checker. Every operation named must
  stand in the history, and every edge and every claim must follow from what is written
  there; the name of a cycle must be that of its edges."
  (:require [chaos.checker :as checker]))

(defn- ok-reads
  "Every list that was read of key k by a transaction that ended :ok."
  [history k]
  (for [{:keys [f type value]} history
        :when (and (= :txn f) (= :ok type))
        [what key vs] value
        :when (and (= :r what) (= k key) vs)]
    vs))

(defn- appended? [op k v] (boolean (some #{[:append k v]} (:value op))))

(defn- read? [op k vs] (and (= :ok (:type op)) (boolean (some #{[:r k vs]} (:value op)))))

(defn- starts-with? [vs start] (= (seq start) (seq (take (count start) vs))))

(defn- agree?
  "Whether all lists read of k are beginnings of one another."
  [history k]
  (let [by-length (sort-by count (distinct (ok-reads history k)))]
    (every? (fn [[a b]] (starts-with? b a)) (partition 2 1 by-length))))

(defn- invoked-at
  "Index of the invocation of this completion, or of this operation if it never completed."
  [history {:keys [index process]}]
  (:index (last (filter #(and (= process (:process %)) (= :invoke (:type %)) (<= (:index %) index))
                        history))))

(defn- before? [history a b]
  (and (= :ok (:type a)) (< (:index a) (invoked-at history b))))

(defn- edge-holds?
  [history {:keys [op edge key value read process] v1 :before v2 :after next-v :next} to]
  (case edge
    :ww       (and (appended? op key v1)
                   (appended? to key v2)
                   (agree? history key)
                   (some #(some #{[v1 v2]} (partition 2 1 %)) (ok-reads history key)))
    :wr       (and (appended? op key value)
                   (some (fn [[what k vs]] (and (= [:r key] [what k]) (= value (last vs))))
                         (when (= :ok (:type to)) (:value to))))
    :rw       (and (read? op key read)
                   (appended? to key next-v)
                   (agree? history key)
                   (some #(starts-with? % (conj read next-v)) (ok-reads history key)))
    :process  (and (= process (:process op) (:process to))
                   (= :ok (:type op))
                   (< (:index op) (invoked-at history to)))
    :realtime (before? history op to)
    false))

(defn- name-fits?
  "Whether the class says what the edges are."
  [class edges]
  (let [n    (frequencies edges)
        rws  (:rw n 0)
        base (cond (< 1 rws) "G2" (= 1 rws) "G-single" (:wr n) "G1c" :else "G0")
        more (cond (:realtime n) "-realtime" (:process n) "-process" :else "")]
    (= class (keyword (str base more)))))

(defn- cycle-holds? [history {:keys [class cycle]}]
  (and (<= 2 (count cycle))
       (apply distinct? (map (comp :index :op) cycle))
       (every? some? (map :edge cycle))
       (not-any? #(= :fail (:type (:op %))) cycle)
       (name-fits? class (map :edge cycle))
       (every? (fn [[step to]] (edge-holds? history step (:op to)))
               (map vector cycle (concat (rest cycle) [(first cycle)])))))

(defn- saw? [op k v]
  (and (= :ok (:type op))
       (some (fn [[what key vs]] (and (= [:r k] [what key]) (some #{v} vs))) (:value op))))

(defn- contradiction?
  "Whether some read of k within these micro-operations is not what those before it leave."
  [mops k]
  (let [of-k (filter #(= k (second %)) mops)]
    (some (fn [i]
            (let [[what _ vs] (nth of-k i)
                  earlier     (take i of-k)
                  last-read   (last (filter #(= :r (first %)) earlier))
                  since       (->> (reverse earlier)
                                   (take-while #(= :append (first %)))
                                   reverse
                                   (map peek))]
              (and (= :r what)
                   (not= (concat (or (peek last-read) (drop-last (count since) vs)) since)
                         vs))))
          (range (count of-k)))))

(defn- claim-holds? [history {:keys [class key value ops lists]}]
  (let [[a b] ops]
    (case class
      :incompatible-order (let [[xs ys] lists]
                            (and (read? a key xs) (read? b key ys)
                                 (not (starts-with? xs ys)) (not (starts-with? ys xs))))
      :G1a        (and (saw? a key value) (= :fail (:type b)) (appended? b key value))
      :G1b        (and (not= (:index a) (:index b))
                       (some #(and (= [:r key] (take 2 %)) (= value (last (peek %)))) (:value a))
                       (some #{[:append key value]}
                             (butlast (filter #(= [:append key] (take 2 %)) (:value b)))))
      :unexpected (and (saw? a key value) (not-any? #(appended? % key value) history))
      :duplicate  (some #(< 1 (count (filter #{value} %)))
                        (for [[what k vs] (:value a) :when (= [:r key] [what k])] vs))
      :internal   (and (= :ok (:type a)) (contradiction? (:value a) key))
      :lost-update (and (appended? a key value) (before? history a b) (:final? b)
                        (= :ok (:type b)) (not (saw? b key value)))
      false)))

(defn recheck
  "Whether the certificate shows what it says."
  [history {:keys [cycle ops] :as certificate}]
  (boolean (and (seq ops)
                (every? #(checker/stands? history %) ops)
                (if cycle
                  (and (= (map :op cycle) ops) (cycle-holds? history certificate))
                  (claim-holds? history certificate)))))
