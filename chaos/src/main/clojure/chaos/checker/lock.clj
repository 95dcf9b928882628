(ns chaos.checker.lock
  "Holders of a lock at the resource that it guards. An :ok operation's value is
  {:lock :token :fence :enter :leave :until :accepted [at-enter at-leave]}, all times of one
  clock: the holder touched the resource at :enter and :leave, and could rely on the lock
  until :until.

    mutual-exclusion  two holders at once, each within its own claim: from :enter to the
                      earlier of :leave and :until
    token-regression  a holder came in with a fencing token that is not greater than that of
                      a holder before it, so that a resource that fences would have refused
                      the rightful holder, or let a wrong one in

  A holder that stays beyond its claim breaks no promise of the lock, nor does one that comes in
  only when its claim has run out (it stalled after its last look at the clock); these last are
  left out of both. How often fencing would have stopped one of them is counted (:late, and
  :refused of these). What this cannot see: two
  holders that were both out of luck between their accesses, for only claims are compared,
  and nothing in how long an unsure holder believed itself to be one."
  (:require [chaos.checker :as checker]
            [chaos.history :as history]))

(defn- in-time?
  "Whether a holder came in within its own claim."
  [{:keys [enter until]}]
  (< enter until))

(defn- late? [{:keys [leave until] :as hold}] (or (< until leave) (not (in-time? hold))))

(defn- claim-end [{:keys [leave until]}] (min leave until))

(defn- holds-by-lock [completions]
  (->> (filter #(= :ok (:type %)) completions)
       (map #(dissoc % :invoked))
       (group-by (comp :lock :value))
       vals
       (map #(sort-by (comp :enter :value) %))))

(defn- ms [ns] (format "%.1f ms" (/ ns 1e6)))

(defn- overlaps
  "Each hold that began before the claim of an earlier one had ended, with the one of them
  that ended last."
  [holds]
  (loop [holds (seq holds), latest nil, found []]
    (if-let [[{:keys [value] :as hold} & more] holds]
      (recur more
             (if (or (nil? latest) (< (claim-end (:value latest)) (claim-end value))) hold latest)
             (if (and latest (< (:enter value) (claim-end (:value latest))))
               (conj found [latest hold])
               found))
      found)))

(defn- exclusion [[a b]]
  {:class :mutual-exclusion :key (:lock (:value a)) :ops [a b]
   :explanation (str "node " (:node a) " and node " (:node b) " each gave the lock away: the "
                     "second holder came in "
                     (ms (- (claim-end (:value a)) (:enter (:value b))))
                     " before the claim of the first ended")})

(defn- regressions
  "Each hold whose token is not greater than the greatest before it, with that one."
  [holds]
  (loop [holds (seq holds), top nil, found []]
    (if-let [[hold & more] holds]
      (let [behind? (and top (<= (:fence (:value hold)) (:fence (:value top))))]
        (recur more (if behind? top hold) (if behind? (conj found [top hold]) found)))
      found)))

(defn- regression [[a b]]
  {:class :token-regression :key (:lock (:value a)) :ops [a b]
   :explanation (str "token " (:fence (:value b)) " came in after token " (:fence (:value a)))})

(defn check [history _]
  (let [completions (history/completions history :guard)
        by-lock     (holds-by-lock completions)
        holds       (map :value (apply concat by-lock))
        claimed     (map (fn [of-lock] (filter (comp in-time? :value) of-lock)) by-lock)
        late        (filter late? holds)
        anomalies   (checker/anomalies
                     (concat (map exclusion (mapcat overlaps claimed))
                             (map regression (mapcat regressions claimed))))]
    {:valid?    (cond (seq anomalies) false (empty? holds) :unknown :else true)
     :because   (when (empty? holds) "nobody ever held a lock")
     :anomalies anomalies
     :counts    (merge (checker/outcomes completions)
                       {:holds   (count holds)
                        :busy    (count (filter #(= :held (:error %)) completions))
                        :late    (count late)
                        :refused (count (filter (comp false? second :accepted) late))
                        :refused-at-entry (count (filter (comp false? first :accepted) holds))})}))

(defn recheck
  "Whether the two operations stand in the history and contradict each other as the class
  says."
  [history {:keys [class ops]}]
  (let [[a b] (map :value ops)]
    (boolean
     (and (every? #(checker/stands? history %) ops)
          (every? #(= :ok (:type %)) ops)
          (= (:lock a) (:lock b))
          (not= (:token a) (:token b))
          (<= (:enter a) (:enter b))
          (every? in-time? [a b])
          (case class
            :mutual-exclusion (and (< (:enter b) (:leave a)) (< (:enter b) (:until a)))
            :token-regression (<= (:fence b) (:fence a)))))))
