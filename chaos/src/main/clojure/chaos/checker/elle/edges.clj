(ns chaos.checker.elle.edges
  "Which transaction must come before which, and why.

    :ww        b appended to a key right after a did
    :wr        b read a list that ends with what a appended
    :rw        a read a list, and b made the next version of it
    :process   one process ran a to its acknowledgement before it began b
    :realtime  a was acknowledged before b was invoked

  The first three follow from the order of versions (see chaos.checker.elle.direct); a key
  without one gives :wr only. Real-time edges are few: a transaction is bound to those
  acknowledged ones that are not themselves followed by another acknowledged one, and the
  rest follows by way of these."
  (:require [chaos.checker.elle.graph :as graph]
            [chaos.checker.elle.txn :as txn]))

(defn- note
  "Adds the edge with the detail that shows it; the first detail stays."
  [{:keys [details] :as state} kind from to detail]
  (if (= from to)
    state
    (-> state
        (update :graph graph/edge kind from to)
        (cond-> (not (contains? details [kind from to]))
          (assoc-in [:details [kind from to]] detail)))))

(defn- version-edges [state writer-id orders]
  (reduce (fn [state [k a b]]
            (let [from (writer-id [k a]), to (writer-id [k b])]
              (if (and from to)
                (note state :ww from to {:key k :before a :after b})
                state)))
          state
          (for [[k {:keys [order conflict]}] orders
                :when (not conflict)
                [a b] (partition 2 1 order)]
            [k a b])))

(defn- reading-edges [state writer-id orders readings]
  (reduce (fn [state {:keys [key value] reader :txn}]
            (let [{:keys [order conflict]} (orders key)
                  id     (:id reader)
                  last-v (peek value)
                  writer (when last-v (writer-id [key last-v]))
                  next-v (when-not conflict (get order (count value)))
                  nexter (when next-v (writer-id [key next-v]))]
              (cond-> state
                writer (note :wr writer id {:key key :value last-v})
                ;; A list that ends with the reader's own append is a version it wrote: what
                ;; comes after it is bound by :ww already, which says more than :rw.
                (and nexter (not= writer id))
                (note :rw id nexter {:key key :read value :next next-v}))))
          state
          readings))

(defn- acknowledged-before
  "[a b] for each of one process's transactions that comes after an acknowledged one, with the
  last of these. What ended :info may yet take effect after all that follows it."
  [txns]
  (second (reduce (fn [[a pairs] b]
                    [(if (= :ok (:type b)) b a) (cond-> pairs a (conj [a b]))])
                  [nil []]
                  (sort-by :begun txns))))

(defn- process-edges [state txns]
  (reduce (fn [state [a b]] (note state :process (:id a) (:id b) {:process (:process a)}))
          state
          (mapcat acknowledged-before (vals (group-by :process txns)))))

(defn- moments
  "[[index :begun|:ended txn] ...] in the order of the history."
  [txns]
  (sort-by first (concat (for [t txns] [(:begun t) :begun t])
                         (for [t txns :when (:ended t)] [(:ended t) :ended t]))))

(defn- realtime-edges [state txns]
  (loop [todo (moments txns), frontier {}, before {}, state state]
    (if-let [[[_ what {:keys [id begun] :as t}] & more] (seq todo)]
      (if (= :begun what)
        (recur more frontier (assoc before id (keys frontier))
               (reduce (fn [s a] (note s :realtime (:id a) id
                                       {:completed (:ended a) :invoked begun}))
                       state (vals frontier)))
        (recur more
               (assoc (apply dissoc frontier (before id)) id t)
               (dissoc before id)
               state))
      state)))

(defn edges
  "{:graph :details}: the graph over ids of transactions, and [kind from to] -> what shows
  the edge. Transactions that ended :fail have none."
  [txns readings orders]
  (let [alive     (remove #(= :fail (:type %)) txns)
        writer-id (update-vals (txn/writers alive) :id)]
    (-> {:graph {} :details {}}
        (version-edges writer-id orders)
        (reading-edges writer-id orders readings)
        (process-edges alive)
        (realtime-edges alive))))
