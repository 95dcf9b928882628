(ns chaos.checker.stale-master
  "What a master does that was replaced while it was away, once it is reachable again. The
  way back is a heal or a restart; from there on the history may hold

    contact  first bytes of a sentinel of the other side reach the old master
    order    first order (SLAVEOF, FENCE, FOLLOW) reaches it
    demoted  it says in ROLE that it is a slave

  A stale acknowledgement is an add that the old master acknowledged and that the final
  master does not hold. It is counted from each of these moments by the time of its
  *invocation*, so that an answer that was merely under way is not held against anybody.
  Times are the harness's own (see chaos.observer): a role may be 10 ms old.

  A return ends when the next master is taken away, or when the node is master again."
  (:require [chaos.checker.reigns :as reigns]
            [chaos.history :as history]))

(def ^:private grace-ns
  "The role is polled every 10 ms; what was invoked sooner after it is not judged."
  20000000)

(defn replaced?
  "Whether any sentinel announced another master at all; without it nobody is an old master."
  [history]
  (some #(= :+switch-master (:f %)) (history/events history :sentinel)))

(defn ways-back
  "What brought an old master back, in order: {:node :time :until}, :until being the time at
  which the next master was taken away."
  [history]
  (let [faults (history/faults history)
        aways  (keep #(when (some (:value %) [:killed :isolated]) (:invoked %)) faults)]
    (vec (for [{:keys [value invoked]} (when (replaced? history) faults)
               :let [node (or (:healed value) (:restarted value))]
               :when node]
           {:node node :time invoked
            :until (or (first (filter #(< invoked %) aways)) Long/MAX_VALUE)}))))

(defn- mesh-event [history what node from]
  (:time (history/first-at history from
                           #(and (= :mesh (:process %)) (= what (:f %))
                                 (= node (get-in % [:value :node]))))))

(defn- demotion [history node from]
  (:time (history/first-at history from
                           #(and (= :role (:process %)) (= node (get-in % [:value :node]))
                                 (= "slave" (get-in % [:value :role]))))))

(defn moments
  "Times of first contact, first order and demotion of a node after its way back; nil for
  what was not seen."
  [history {:keys [node time until]}]
  (let [in-time #(when (and % (< % until)) %)]
    {:contact (in-time (mesh-event history :contact node time))
     :order   (in-time (mesh-event history :order node time))
     :demoted (in-time (demotion history node time))}))

(defn- count-from [ops time] (if time (count (filter #(<= time (:invoked %)) ops)) 0))

(defn- ms-after [from time] (when time (/ (Math/round (/ (- time from) 1e5)) 10.0)))

(defn- in-ms [{:keys [node time]} {:keys [contact order demoted]}]
  {:node                  node
   :contact-ms            (ms-after time contact)
   :order-ms              (ms-after time order)
   :demoted-ms            (ms-after time demoted)
   :contact-to-demoted-ms (when (and contact demoted) (ms-after contact demoted))})

(defn probes
  "For each way back: the moments, and what the probe of the old master found, which tries
  a write on it every 5 ms: acknowledgements until the demotion, and those of them whose
  probe began after the first contact."
  [history]
  (let [oks (filterv #(= :ok (:type %)) (history/events history :old-master))]
    (vec (for [{:keys [node time until] :as way} (ways-back history)
               :let [{:keys [contact] :as at} (moments history way)
                     acks (filter #(and (= node (:node %))
                                        (<= time (:invoked %)) (< (:time %) until))
                                  oks)]]
           (assoc (in-ms way at)
                  :acks (count acks)
                  :acks-after-contact (count-from acks contact))))))

(defn- master-again
  "Time at which the node was made master after its demotion, or Long/MAX_VALUE."
  [history switches node demoted]
  (or (when demoted
        (->> [(:time (first (filter #(and (= node (:new %)) (< demoted (:time %))) switches)))
              (some-> (history/first-at history (inc demoted)
                                        #(and (= :role (:process %)) (= :role (:f %))
                                              (= {:node node :role "master"} (:value %))))
                      :time
                      (- grace-ns))]
             (remove nil?)
             (reduce min Long/MAX_VALUE)))
      Long/MAX_VALUE))

(defn- return-of
  "A way back as clients met it: the moments, and lost adds that the old master acknowledged."
  [history switches acks {:keys [node time until] :as way}]
  (let [{:keys [contact order demoted] :as at} (moments history way)
        end   (min until (master-again history switches node demoted))
        stale (filterv #(and (= node (:node %)) (<= time (:time %)) (< (:invoked %) end)) acks)
        after (count-from stale (when demoted (+ demoted grace-ns)))]
    (merge (in-ms way at)
           {:replaced?            (some? (reigns/replaced-before switches node time))
            :valid?               (cond (pos? after) false (nil? demoted) :unknown :else true)
            :stale-after-return   (count stale)
            :stale-after-contact  (count-from stale contact)
            :stale-after-order    (count-from stale order)
            :stale-after-demotion after
            :last-stale-ms        (ms-after time (:time (last (sort-by :time stale))))})))

(defn check
  "The last way back, as clients met it, and :each of them all. Without one in the history
  :applies? is false. lost is the set of lost elements (see chaos.checker.unique-adds);
  :replaced? says whether sentinels had replaced the node before it came back."
  [history lost]
  (let [switches (reigns/switches {} history)
        acks     (filterv #(and (= :ok (:type %)) (lost (:value %)))
                          (history/completions history :add))
        each     (mapv #(return-of history switches acks %) (ways-back history))]
    (if (seq each)
      (assoc (dissoc (peek each) :replaced?) :applies? true :each each)
      {:applies? false :valid? true})))
