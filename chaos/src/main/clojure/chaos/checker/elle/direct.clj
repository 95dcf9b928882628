(ns chaos.checker.elle.direct
  "What a history of list appends shows without any cycle, and the order of versions.

    :G1a                 a read saw an append of a transaction that ended :fail
    :G1b                 a read of another transaction ends between two of its appends
    :unexpected          a read saw what nobody appended
    :duplicate           a read saw one append twice
    :internal            a transaction's read contradicts its own earlier reads and appends
    :incompatible-order  two reads of a key of which neither begins with the other
    :lost-update         acknowledged, and missing from the last final read of its key

  The order of a key's versions is its longest read; what no read saw has no place in it.
  Of a key with incompatible reads there is no order."
  (:require [chaos.checker.elle.txn :as txn]))

(defn prefix?
  "Whether the list ys begins with xs."
  [xs ys]
  (and (<= (count xs) (count ys)) (= xs (subvec ys 0 (count xs)))))

(defn orders
  "key -> {:order longest read, :conflict a reading that is no prefix of it or nil,
  :longest the reading that is}."
  [readings]
  (let [longer #(if (< (count (:value %1)) (count (:value %2))) %2 %1)]
    (into {}
          (for [[k of-key] (group-by :key readings)
                :let [longest (reduce longer of-key)]]
            [k {:order    (:value longest)
                :longest  longest
                :conflict (first (remove #(prefix? (:value %) (:value longest)) of-key))}]))))

(defn- ops [& txns] (mapv :op txns))

(defn- incompatible [orders]
  (for [[k {:keys [longest conflict]}] orders :when conflict]
    {:class :incompatible-order :key k :ops (ops (:txn longest) (:txn conflict))
     :lists [(:value longest) (:value conflict)]
     :explanation (str "key " k " was read as " (:value longest) " and as " (:value conflict)
                       ": no order of appends gives both")}))

(defn- aborted [readings writers]
  (for [{:keys [txn key value]} readings
        v value
        :let [writer (writers [key v])]
        :when (= :fail (:type writer))]
    {:class :G1a :key key :value v :ops (ops txn writer)
     :explanation (str "a read of key " key " saw " v ", whose append had failed")}))

(defn- unexpected [readings writers]
  (for [{:keys [txn key value]} readings, v value :when (nil? (writers [key v]))]
    {:class :unexpected :key key :value v :ops (ops txn)
     :explanation (str "a read of key " key " saw " v ", which nobody appended")}))

(defn- duplicates [readings]
  (for [{:keys [txn key value]} readings
        :when (and (seq value) (not (apply distinct? value)))
        [v n] (frequencies value) :when (< 1 n)]
    {:class :duplicate :key key :value v :ops (ops txn)
     :explanation (str "a read of key " key " saw " v " " n " times")}))

(defn- intermediate? [writer key v]
  (not= v (last (for [[k w] (txn/appends writer) :when (= k key)] w))))

(defn- intermediates [readings writers]
  (for [{:keys [txn key value]} readings
        :let [v (peek value), writer (when v (writers [key v]))]
        :when (and writer (not= (:id writer) (:id txn)) (intermediate? writer key v))]
    {:class :G1b :key key :value v :ops (ops txn writer)
     :explanation (str "a read of key " key " ends with " v ", after which its transaction "
                       "appended more")}))

(defn contradicts-itself
  "The key of the first read in these micro-operations that contradicts what stands before
  it, or nil. Known of a key is the whole list once it was read, else a suffix: what the
  transaction itself appended."
  [mops]
  (loop [mops mops, whole {}, suffix {}]
    (when-let [[[f k v] & more] (seq mops)]
      (cond
        (= :append f) (recur more
                             (cond-> whole (whole k) (update k conj v))
                             (update suffix k (fnil conj []) v))
        (nil? v)      (recur more whole suffix)
        (whole k)     (if (= v (whole k)) (recur more whole suffix) k)
        (= (suffix k []) (vec (take-last (count (suffix k)) v)))
        (recur more (assoc whole k v) suffix)
        :else         k))))

(defn- internal [txns]
  (for [{:keys [type op]} txns
        :when (= :ok type)
        :let [k (contradicts-itself (:value op))]
        :when k]
    {:class :internal :key k :ops [op]
     :explanation (str "one transaction read key " k " against its own reads and appends")}))

(defn final-reads
  "key -> the last reading by a final transaction (:final? true)."
  [readings]
  (into {} (map (juxt :key identity)) (filter #(get-in % [:txn :op :final?]) readings)))

(defn- lost [txns finals]
  (let [held (update-vals finals (comp set :value))]
    (for [{:keys [type ended] :as t} txns
          :when (= :ok type)
          [k v] (txn/appends t)
          :let [final (finals k)]
          :when (and final (< ended (get-in final [:txn :begun])) (not ((held k) v)))]
      {:class :lost-update :key k :value v :ops (ops t (:txn final))
       :explanation (str "the append of " v " to key " k " was acknowledged, and the final read "
                         "does not hold it")})))

(defn anomalies
  "Certificates of all classes above."
  [txns readings orders finals]
  (let [writers (txn/writers txns)]
    (concat (incompatible orders)
            (aborted readings writers)
            (unexpected readings writers)
            (duplicates readings)
            (intermediates readings writers)
            (internal txns)
            (lost txns finals))))
