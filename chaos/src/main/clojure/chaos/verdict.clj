(ns chaos.verdict
  "From findings to a verdict: what a system was expected to do in this cell, and whether it
  did. Three words, and no fourth:

    :expected  what we found is what the system's mode allows, or, for the control, the
               flaw that it must be caught with
    :violated  something that no mode allows, or a claim of the system itself
    :unknown   the run did not show enough to say; never a pass

  What mode `available` allows follows from what it is: replication is asynchronous, so a
  master that is taken away by a fault may take a tail of acknowledged operations with it, and
  two masters may serve at once for a while. Anomalies that come from that (lost writes, stale
  reads, cycles, two lock holders) are stated, not judged, *if a master was replaced without
  anybody having planned it*. Without that there is nothing to excuse them. Never excused is
  what no replication lag explains: a refused operation that happened, a write that nobody
  made, a damaged value, nodes that differ after they were said to be in step, and what the
  workload calls :severe, as half of a transaction."
  (:require [chaos.failure :as failure]
            [clojure.set :as set]
            [clojure.string :as str]))

(def ^:private never-allowed
  "Of any workload. What else a workload never excuses it names itself, under :severe."
  #{:dirty :unexpected :corrupt :divergent :duplicate})

(defn- found-classes
  "Classes of the anomalies that were found at all, of one or more checker results."
  [results]
  (into (sorted-set)
        (for [{:keys [anomalies]} results, [class {:keys [count]}] anomalies :when (pos? count)]
          class)))

(defn- sentence
  "We found n lost, m stale-read."
  [{:keys [anomalies]} classes]
  (str "we found "
       (str/join ", " (for [class classes]
                        (str (get-in anomalies [class :count]) " " (name class))))))

(defn- loss
  "n of m acknowledged writes lost, where the workload tells."
  [{:keys [anomalies] {:keys [ok lost-percent]} :counts}]
  (when lost-percent
    (format "we found %d of %d acknowledged writes lost (%.1f %%)"
            (get-in anomalies [:lost :count] 0) ok (double lost-percent))))

(defn- excused?
  "Whether asynchronous replication may have taken acknowledged operations in this cell, or the
  fault has taken what was in memory only, from every copy or from a master that came back;
  not what was to be kept on disk."
  [{:keys [mode planned? forgets? claims]} {:keys [taken-over?]} kept?]
  (and (= :available mode)
       (or taken-over? (and forgets? (not kept?)))
       (not (and planned? (claims :planned-failover-loses-nothing)))))

(defn failed
  "Why nothing follows from this cell, if the harness failed in it; else nil. A network of ours
  that broke can make a system look better than it is, and worse."
  [{:keys [failed dir]}]
  (when failed
    (str "the harness failed: " (failure/sentence failed) (failure/see dir "failure.txt"))))

(defn judge-workload
  "cell as in cell.edn; result of the workload's checker, with :lagging, the classes that a
  replica may show at any time for it only lags, :promised, those that a fault which takes the
  memory of servers does not excuse, and :severe, those that nothing excuses; found =
  {:taken-over? :settled? ...}: whether sentinels replaced the master, and whether all nodes
  were in step at the end. Returns {:verdict :because}."
  [cell {:keys [valid? because counts lagging promised severe] :as result} found]
  (let [classes   (found-classes [result])
        forbidden (cond-> (set/intersection classes (into never-allowed severe))
                    (not (:settled? found)) (disj :divergent))
        odd       (set/difference classes (set lagging))
        kept?     (some (set promised) odd)]
    (cond
      (failed cell)
      {:verdict :unknown
       :because (str (failed cell) (when (seq classes) (str "; " (sentence result classes))))}

      (seq forbidden)
      {:verdict :violated :because (sentence result forbidden)}

      (and (seq odd) (not (excused? cell found kept?)))
      {:verdict :violated
       :because (str (sentence result odd) ", and "
                     (if (:taken-over? found) "the failover was planned" "no master was replaced"))}

      (= :unknown valid?)
      {:verdict :unknown :because (or because "the history does not show enough")}

      (zero? (:ok counts 0))
      {:verdict :unknown :because "no operation succeeded at all"}

      :else
      {:verdict :expected
       :because (or (loss result)
                    (if (seq classes)
                      (sentence result classes)
                      (str "we found nothing in " (:ok counts) " operations")))})))

(defn- master-never-replaced?
  "Whether a master was taken away and no other node ever acknowledged a write. Of several
  planned failovers one that was seen is enough: the last may come when the load has ended."
  [{:keys [planned?]} stages]
  (let [unseen (remove :first-ok stages)]
    (boolean (if planned?
               (and (seq stages) (= (count unseen) (count stages)))
               (seq unseen)))))

(defn- not-caught
  "The classes that the control must be caught with, and was not."
  [{:keys [expects]} workloads {:keys [stale]}]
  (let [found (cond-> (set (found-classes workloads))
                (pos? (:stale-after-return stale 0)) (conj :stale-ack))]
    (sort (set/difference (set expects) found))))

(def ^:private demotion-ms-max
  "From the first contact to ROLE slave. Ours takes some 100 ms on a quiet machine and was seen
  to take 900 on a crowded one; stock Redis takes 10 s by design."
  3000)

(defn- own-claims
  "A verdict on the cell for what the system claims of a returning master, or nil."
  [{:keys [claims]} {:keys [stale]}]
  (when (and (claims :demoted-at-first-contact) (:applies? stale))
    (let [{:keys [valid? stale-after-demotion contact-to-demoted-ms]} stale]
      (cond
        (false? valid?)
        {:verdict :violated :because (str "the old master acknowledged " stale-after-demotion
                                          " writes after its demotion")}
        (= :unknown valid?)
        {:verdict :unknown :because "the old master was never seen demoted"}

        (and contact-to-demoted-ms (< demotion-ms-max contact-to-demoted-ms))
        {:verdict :violated :because (str "the old master was demoted only "
                                          contact-to-demoted-ms " ms after its first contact")}))))

(defn- not-as-planned
  "Why this cell was not the experiment that it was to be, or nil."
  [{:keys [interrupted?]} {:keys [undone settled?]}]
  (cond
    interrupted? "it was interrupted"
    (seq undone) (str "the fault could not be done: "
                      (str/join "; " (for [[f error] undone] (str (name f) " " error))))
    (not settled?) "the nodes were not seen in step after everything was undone"))

(def ^:private worse {:violated 2 :unknown 1 :expected 0})

(defn judge-cell
  "The verdict of a cell from its judged workloads and found = {:stale :stages :taken-over?
  :settled? :undone}."
  [cell workloads found]
  (let [worst   (first (sort-by (comp - worse :verdict) workloads))
        missing (not-caught cell workloads found)]
    (cond
      (failed cell)
      {:verdict :unknown :because (failed cell)}

      (empty? workloads)
      {:verdict :unknown :because "no workload could run"}

      (= :violated (:verdict worst))
      {:verdict :violated :because (str (name (:workload worst)) ": " (:because worst))}

      (not-as-planned cell found)
      {:verdict :unknown :because (not-as-planned cell found)}

      (own-claims cell found)
      (own-claims cell found)

      (= :unknown (:verdict worst))
      {:verdict :unknown :because (str (name (:workload worst)) ": " (:because worst))}

      (master-never-replaced? cell (:stages found))
      {:verdict :unknown
       :because (str "no other node ever acknowledged a write, so no failover was seen; "
                     (str/join "; " (map :because workloads)))}

      (seq missing)
      {:verdict :unknown
       :because (str "the control was not caught with " (str/join ", " (map name missing))
                     ", so this run proves nothing")}

      :else
      {:verdict :expected
       :because (str/join "; " (map #(str (name (:workload %)) ": " (:because %)) workloads))})))

(def ^:private exit-statuses {:expected 0 :violated 1 :unknown 4})

(defn exit-status
  "Of several verdicts: 1 if any is violated, else 4 if any is unknown, else 0."
  [verdicts]
  (let [statuses (set (map exit-statuses verdicts))]
    (or (statuses 1) (statuses 4) (if (seq verdicts) 0 4))))
