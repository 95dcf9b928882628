(ns chaos.checker.durability
  "Acknowledged adds against what survived when every server went down at once. An fsync
  policy promises

    always    everything acknowledged
    everysec  everything acknowledged two seconds before the fault or earlier: a sync may
              wait a second for the one before it
    no        nothing about what was acknowledged before the fault

  and all of them what was acknowledged after the last fault. What is missing beyond the
  promise is :lost; what the policy allows to go is counted (:allowed-losses). :dirty and
  :unexpected are as in chaos.checker.unique-adds.

  Without such a fault, or without a final read of the one master, the answer is :unknown. It
  cannot tell a loss on disk from one in a failover that followed."
  (:require [chaos.checker :as checker]
            [chaos.history :as history]))

(def bounds-s
  "Policy -> how many seconds before a fault an acknowledgement may be lost."
  {:always 0.0 :everysec 2.0 :no Double/POSITIVE_INFINITY})

(defn- all-down
  "Times at which every server went down."
  [history]
  (keep #(when (:killed-all (:value %)) (:invoked %)) (history/faults history)))

(defn- before-fault-s
  "Seconds from an acknowledgement to the next fault, nil after the last."
  [faults {:keys [time]}]
  (when-let [fault (first (filter #(<= time %) (sort faults)))] (/ (- fault time) 1e9)))

(defn- final-master
  "The final read of the only node that called itself master, or nil."
  [history]
  (let [masters (filter #(and (= :ok (:type %)) (= "master" (:role %)))
                        (history/completions history :final-read))]
    (when (= 1 (count masters)) (first masters))))

(defn- certificate [history class element says]
  {:class class :element element :explanation says
   :ops (filterv #(and (= :add (:f %)) (= element (:value %))) history)})

(defn- lost-certificate [history faults fsync {:keys [value] :as add}]
  (let [s (before-fault-s faults add)]
    (certificate history :lost value
                 (str value " was acknowledged "
                      (if s (format "%.3f s before the fault" s) "after the last fault")
                      ", and is gone; policy " (name fsync)))))

(defn check
  "See the namespace. opts: :fsync."
  [history {:keys [fsync]}]
  (let [adds      (history/completions history :add)
        faults    (all-down history)
        final     (final-master history)
        survived  (set (:value final))
        outcome   (into {} (map (juxt :value :type)) adds)
        gone      (when final (filter #(and (= :ok (:type %)) (not (survived (:value %)))) adds))
        allowed?  (fn [add] (when-let [s (before-fault-s faults add)] (< s (bounds-s fsync))))
        of        (fn [type] (filter #(= type (outcome %)) (:value final)))
        anomalies (checker/anomalies
                   (concat (map #(lost-certificate history faults fsync %) (remove allowed? gone))
                           (map #(certificate history :dirty % "refused, and there") (of :fail))
                           (map #(certificate history :unexpected % "there, and never added")
                                (of nil))))
        unknown   (cond (nil? final)    "the final master could not be read"
                        (empty? faults) "the servers never went down all at once")]
    {:valid?    (cond (seq anomalies) false unknown :unknown :else true)
     :because   unknown
     :complete? (some? final)
     :anomalies anomalies
     :lost-values (into #{} (comp (remove allowed?) (map :value)) gone)
     :fsync     fsync
     :counts    (merge (checker/outcomes adds)
                       {:faults         (count faults)
                        :survived       (count survived)
                        :gone           (when final (count gone))
                        :allowed-losses (when final (count (filter allowed? gone)))
                        :oldest-loss-s  (when final
                                          (reduce max 0.0 (keep #(before-fault-s faults %) gone)))
                        :recovered      (count (of :info))})}))

(defn recheck
  "Whether the history shows of the element what the class says, but for the policy."
  [history {:keys [class element ops]}]
  (let [there? (boolean (some #{element} (:value (final-master history))))
        types  (set (map :type ops))]
    (and (every? #(checker/stands? history %) ops)
         (every? #(and (= :add (:f %)) (= element (:value %))) ops)
         (some? (final-master history))
         (case class
           :lost       (and (contains? types :ok) (not there?))
           :dirty      (and (contains? types :fail) there?)
           :unexpected (and there? (not-any? #(and (= :add (:f %)) (= element (:value %)))
                                             history))))))
