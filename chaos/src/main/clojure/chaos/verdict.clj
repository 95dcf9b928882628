(ns chaos.verdict
  "From findings to a verdict: what a system was expected to do in this cell, and whether it
  did. Three words, and no fourth:

    :expected  what we found is what the system's mode allows, or, for the control, the
               flaw that it must be caught with
    :violated  something that no mode allows, or a claim of the system itself
    :unknown   the run did not show enough to say; never a pass

  Mode `available` allows acknowledged writes to be lost in a partition: the loss is stated,
  not judged. It never allows a refused write that happened, a write that nobody made, a
  damaged value, or nodes that differ after they were said to be in step."
  (:require [clojure.string :as str]))

(def ^:private forbidden [:dirty :unexpected :corrupt :divergent])

(defn- forbidden-found [adds]
  (for [class forbidden
        :let [n (get-in adds [class :count])]
        :when (pos? n)]
    (str n " " (name class))))

(defn- loss-sentence [{:keys [lost acknowledged lost-percent]}]
  (format "%d of %d acknowledged writes lost (%.1f %%)" (:count lost) acknowledged lost-percent))

(defn- control-not-caught? [{:keys [system nemesis]} adds]
  (and (= system :stock) (= nemesis :partition) (zero? (get-in adds [:lost :count]))))

(defn- nobody-took-over?
  "Whether a master was taken away and no other node ever acknowledged a write."
  [stages]
  (boolean (some (complement :first-ok) stages)))

(defn judge
  "cell = {:system :nemesis :claims}; findings = {:adds :stale :stages} as the checkers gave
  them. Returns {:verdict :because}."
  [{:keys [claims] :as cell} {:keys [adds stale stages]}]
  (let [found (forbidden-found adds)]
    (cond
      (seq found)
      {:verdict :violated :because (str "we found " (str/join ", " found))}

      (and (claims :demoted-at-first-contact) (false? (:valid? stale)))
      {:verdict :violated
       :because (str "the old master acknowledged " (:stale-after-demotion stale)
                     " writes after its demotion")}

      (not (:complete? adds))
      {:verdict :unknown :because "not every node could be read at the end"}

      (zero? (:acknowledged adds))
      {:verdict :unknown :because "no write was acknowledged at all"}

      (nobody-took-over? stages)
      {:verdict :unknown
       :because (str "no other node ever acknowledged a write, so no failover was seen; "
                     (loss-sentence adds))}

      (and (claims :demoted-at-first-contact) (:applies? stale) (= :unknown (:valid? stale)))
      {:verdict :unknown :because "the old master was never seen demoted"}

      (control-not-caught? cell adds)
      {:verdict :unknown
       :because "the control lost nothing in the partition, so this run proves nothing"}

      :else
      {:verdict :expected :because (str "we found " (loss-sentence adds))})))

(def ^:private exit-statuses {:expected 0 :violated 1 :unknown 4})

(defn exit-status
  "Of several verdicts: 1 if any is violated, else 4 if any is unknown, else 0."
  [verdicts]
  (let [statuses (set (map exit-statuses verdicts))]
    (or (statuses 1) (statuses 4) (if (seq verdicts) 0 4))))
