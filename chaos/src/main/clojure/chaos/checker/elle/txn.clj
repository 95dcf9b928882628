(ns chaos.checker.elle.txn
  "Transactions of a history of list appends. An operation {:f :txn :value [[:append k v]
  [:r k nil] ...]} completes :ok with its reads filled in, [:r k [1 2]]. Values appended to
  one key are distinct: that is what lets a read tell who wrote what, and in which order.

  A transaction is {:id :op :type :process :begun :ended}: :id counts from 0, :op is the
  completion, :begun and :ended are indexes of the history, :ended nil unless it ended :ok,
  since what ended :info may take effect at any later time. What is still open when the
  history ends is :info, with its invocation as :op."
  (:require [chaos.history :as history]))

(defn- txn [op begun]
  {:op op :type (:type op) :process (:process op) :begun begun
   :ended (when (= :ok (:type op)) (:index op))})

(defn txns
  "All transactions in the order of their completion, those still open last."
  [history]
  (loop [ops (seq history), open {}, done []]
    (if-let [[{:keys [f type process] :as op} & more] ops]
      (cond
        (not (and (history/client-op? op) (= :txn f))) (recur more open done)
        (= :invoke type) (recur more (assoc open process op) done)
        :else (recur more (dissoc open process)
                     (conj done (txn op (:index (open process) (:index op))))))
      (into []
            (map-indexed #(assoc %2 :id %1))
            (concat done (for [op (sort-by :index (vals open))]
                           (assoc (txn op (:index op)) :type :info)))))))

(defn appends
  "[[k v] ...] of a transaction, in its order."
  [{:keys [op]}]
  (for [[f k v] (:value op) :when (= :append f)] [k v]))

(defn reads
  "[[k [v ...]] ...] of a transaction that ended :ok; of others nothing was read."
  [{:keys [op type]}]
  (when (= :ok type)
    (for [[f k vs] (:value op) :when (and (= :r f) (some? vs))] [k vs])))

(defn writers
  "[k v] -> the transaction that appended v to k, of whatever type."
  [txns]
  (into {} (for [t txns, kv (appends t)] [kv t])))

(defn readings
  "[{:txn :key :value} ...], every read of every :ok transaction."
  [txns]
  (for [t txns, [k vs] (reads t)] {:txn t :key k :value vs}))
