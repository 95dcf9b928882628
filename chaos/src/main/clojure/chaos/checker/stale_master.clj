(ns chaos.checker.stale-master
  "What a master does that was replaced while it was away, once it is reachable again. The
  way back is a heal or a restart; from there on the history may hold

    contact  first bytes of a sentinel of the other side reach the old master
    order    first order (SLAVEOF, FENCE, FOLLOW) reaches it
    demoted  it says in ROLE that it is a slave

  A stale acknowledgement is an add that the old master acknowledged and that the final
  master does not hold. It is counted from each of these moments by the time of its
  *invocation*, so that an answer that was merely under way is not held against anybody.
  Times are the harness's own (see chaos.observer): a role may be 10 ms old."
  (:require [chaos.history :as history]))

(def ^:private grace-ns
  "The role is polled every 10 ms; what was invoked sooner after it is not judged."
  20000000)

(defn- way-back
  "The last fault operation that brought an old master back: {:node :time}, or nil."
  [history]
  (->> (history/faults history)
       (keep (fn [{:keys [value invoked]}]
               (when-let [node (or (:healed value) (:restarted value))]
                 {:node node :time invoked})))
       last))

(defn- mesh-event [history what node from]
  (:time (history/first-at history from
                           #(and (= :mesh (:process %)) (= what (:f %))
                                 (= node (get-in % [:value :node]))))))

(defn- replaced-before? [history node time]
  (some #(and (= :+switch-master (:f %)) (<= (:time %) time)
              (not= node (get-in % [:value :node])))
        (history/events history :sentinel)))

(defn- demotion [history node from]
  (:time (history/first-at history from
                           #(and (= :role (:process %)) (= node (get-in % [:value :node]))
                                 (= "slave" (get-in % [:value :role]))))))

(defn- count-from [ops time] (if time (count (filter #(<= time (:invoked %)) ops)) 0))

(defn- ms-after [from time] (when time (/ (Math/round (/ (- time from) 1e5)) 10.0)))

(defn check
  "nil-safe: without a way back in the history :applies? is false. lost is the set of lost
  elements (see chaos.checker.unique-adds)."
  [history lost]
  (if-let [{:keys [node time]} (way-back history)]
    (let [ours    (filterv #(and (= :ok (:type %)) (= node (:node %)))
                           (history/completions history :add))
          stale   (filterv #(and (lost (:value %)) (<= time (:time %))) ours)
          contact (mesh-event history :contact node time)
          order   (mesh-event history :order node time)
          demoted (when (replaced-before? history node time) (demotion history node time))
          after-demotion (count-from stale (when demoted (+ demoted grace-ns)))]
      {:applies?             true
       :valid?               (cond (pos? after-demotion) false (nil? demoted) :unknown :else true)
       :node                 node
       :contact-ms           (ms-after time contact)
       :order-ms             (ms-after time order)
       :demoted-ms           (ms-after time demoted)
       :contact-to-demoted-ms (when (and contact demoted) (ms-after contact demoted))
       :stale-after-return   (count stale)
       :stale-after-contact  (count-from stale contact)
       :stale-after-order    (count-from stale order)
       :stale-after-demotion after-demotion
       :last-stale-ms        (ms-after time (:time (last (sort-by :time stale))))})
    {:applies? false :valid? true}))
