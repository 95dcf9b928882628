(ns chaos.checker.list-append
  "Serializability of transactions that append to lists and read them, by the method of Elle
  (Kingsbury and Alvaro, VLDB 2020): since every read tells the whole past of its key, the
  order of writes is read off, not guessed, and a cycle of dependencies is a proof that no
  serial order exists. chaos.checker.elle.direct lists what shows without a cycle,
  chaos.checker.elle.cycles the cycles by name.

  It finds no anomaly among appends that nobody read; of an :info transaction only what
  others saw counts; and from a key whose reads contradict each other it draws no order, so
  cycles by way of that key go unnoticed, the contradiction itself not. Lost updates are
  judged only by final reads; a key that was appended to and not read at the end makes the
  answer :unknown, unless the option :final-reads? is false (histories of others have none,
  and then nothing is said of lost updates). Anomalies named -process or -realtime contradict
  strict serializability only."
  (:require [chaos.checker :as checker]
            [chaos.checker.elle.cycles :as cycles]
            [chaos.checker.elle.direct :as direct]
            [chaos.checker.elle.edges :as edges]
            [chaos.checker.elle.recheck :as elle-recheck]
            [chaos.checker.elle.txn :as txn]))

(defn- unread-keys [txns finals]
  (into (sorted-set)
        (comp (filter #(= :ok (:type %))) (mapcat txn/appends) (map first) (remove finals))
        txns))

(defn check [history {:keys [final-reads?] :or {final-reads? true}}]
  (let [txns      (txn/txns history)
        readings  (vec (txn/readings txns))
        orders    (direct/orders readings)
        finals    (direct/final-reads readings)
        unread    (if final-reads? (unread-keys txns finals) #{})
        {:keys [graph details]} (edges/edges txns readings orders)
        found     (concat (direct/anomalies txns readings orders finals)
                          (map #(cycles/certificate txns details %)
                               (cycles/cycles graph (count txns))))
        anomalies (checker/anomalies found)]
    {:valid?    (cond (seq anomalies) false (seq unread) :unknown :else true)
     :because   (when (seq unread)
                  (str (count unread) " keys were appended to and not read at the end"))
     :anomalies anomalies
     :counts    (merge (checker/outcomes txns)
                       {:keys        (count orders)
                        :appends     (count (mapcat txn/appends txns))
                        :reads       (count readings)
                        :unread-keys (count unread)
                        :edges       (reduce + (for [[_ of] graph, [_ tos] of] (count tos)))})}))

(def recheck elle-recheck/recheck)
