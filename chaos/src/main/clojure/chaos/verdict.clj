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
  reads, cycles, two lock holders) are stated, not judged, *if a fault that can touch the master
  had begun and the master was replaced*, and, of a system that claims to lose nothing by it,
  unless that was planned. Without that there is nothing to excuse them. Never excused is what
  no replication lag explains: a refused operation that happened, a write that nobody made, a
  damaged value, nodes that differ after they were said to be in step, and what the workload
  calls :severe, as half of a transaction.

  A system that claims something of itself is held to more than the control: each of its lost
  writes must have an excuse of its own (chaos.checker.reigns), where the workload knows them
  one by one. One that the master acknowledged which then stayed has none, nor has one that is
  older than the fault."
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

(defn- stale-after-planned
  "What clients see who read at a master that has handed over and is not told to follow yet, if
  the end lacks nothing: a planned failover promises that no write is lost, not fresh reads."
  [{:keys [counts]} {:keys [switches]}]
  (when (and (some :planned? switches) (not (pos? (or (:missing counts) 0))))
    #{:stale-read :below-bounds :nonlinearizable
      :G-single-process :G-single-realtime :G2-process :G2-realtime}))

(defn- excused?
  "Whether asynchronous replication may have taken acknowledged operations in this cell, or the
  fault has taken what was in memory only, from every copy or from a master that came back;
  not what was to be kept on disk."
  [{:keys [mode forgets?]} {:keys [taken-over?]} kept?]
  (and (= :available mode)
       (or taken-over? (and forgets? (not kept?)))))

(defn held?
  "Whether each lost write needs an excuse of its own."
  [{:keys [claims]}]
  (boolean (seq claims)))

(defn- no-excuse
  "Why anomalies of a cell without an excusing failover are not excused."
  [{:keys [switches]}]
  (cond (empty? switches)           "no master was replaced"
        (not-any? :provoked? switches) "no fault touched the master"
        :else                       "the failover was planned"))

(defn- unexcused
  "What the lost writes were that nothing excuses, or nil."
  [{:keys [lost unexcused before planned stayed]}]
  (when (and unexcused (pos? unexcused))
    (str/join ", "
              (for [[n what] [[stayed "were acknowledged by the master that stayed"]
                              [before "were acknowledged more than 2 s before the fault"]
                              [planned "went with a planned failover"]]
                    :when (pos? n)]
                (str n " of " lost " lost writes " what)))))

(defn- not-excused
  "Why what was found is not excused, or nil."
  [cell result odd found kept?]
  (let [proof (when (odd :lost) (unexcused (:losses result)))
        odd   (cond-> odd (and (:losses result) (not proof)) (disj :lost))]
    (when (seq odd)
      (cond
        (and proof (:taken-over? found))      (str proof "; " (sentence result odd))
        (not (excused? cell found kept?))     (str (sentence result odd) ", and "
                                                   (no-excuse found))
        proof                                 (str proof "; " (sentence result odd))))))

(defn failed
  "Why nothing follows from this cell, if the harness failed in it; else nil. A network of ours
  that broke can make a system look better than it is, and worse."
  [{:keys [failed dir]}]
  (when failed
    (str "the harness failed: " (failure/sentence failed) (failure/see dir "failure.txt"))))

(defn judge-workload
  "cell as in cell.edn; result of the workload's checker, with :lagging, the classes that a
  replica may show at any time for it only lags, :promised, those that a fault which takes the
  memory of servers does not excuse, :severe, those that nothing excuses, and :losses, its lost
  writes one by one, of a system that is held to them; found = {:taken-over? :switches
  :settled? ...}: whether a switch excuses anything, what switches there were, and whether all
  nodes were in step at the end. Returns {:verdict :because}."
  [cell {:keys [valid? because counts lagging promised severe complete?] :as result} found]
  (let [classes   (found-classes [result])
        forbidden (cond-> (set/intersection classes (into never-allowed severe))
                    (not (:settled? found)) (disj :divergent))
        odd       (set/difference classes (set lagging) (set (stale-after-planned result found)))
        kept?     (some (set promised) odd)]
    (cond
      (failed cell)
      {:verdict :unknown
       :because (str (failed cell) (when (seq classes) (str "; " (sentence result classes))))}

      (seq forbidden)
      {:verdict :violated :because (sentence result forbidden)}

      (not-excused cell result odd found kept?)
      {:verdict :violated :because (not-excused cell result odd found kept?)}

      (or (= :unknown valid?) (false? complete?))
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

(defn- late? [{:keys [replaced? contact-to-demoted-ms]}]
  (and replaced? contact-to-demoted-ms (< demotion-ms-max contact-to-demoted-ms)))

(def ^:private measuring-loss #{:set :durability})

(defn- demotion
  "What was found of the claim of demotion, of every return; nil when nobody came back."
  [workloads {:keys [applies? each valid?]}]
  (let [disobedient (first (filter #(false? (:valid? %)) each))
        late        (first (filter late? each))]
    (cond
      (not applies?) nil

      disobedient
      {:verdict :violated :because (str "the old master acknowledged "
                                        (:stale-after-demotion disobedient)
                                        " writes after its demotion")}
      late
      {:verdict :violated :because (str "the old master was demoted only "
                                        (:contact-to-demoted-ms late)
                                        " ms after its first contact")}
      (= :unknown valid?)
      {:verdict :unknown :because "the old master was never seen demoted"}

      (not-any? #(= :set (:workload %)) workloads)
      {:verdict :unknown :untested? true
       :because "not tested: no workload tells what the old master acknowledged"}

      (not-any? :contact-to-demoted-ms (filter :replaced? each))
      {:verdict :unknown :untested? true
       :because "not tested: the first contact with the old master was not seen"}

      :else
      {:verdict :expected})))

(defn- planned-loss
  "What was found of the claim that a planned failover loses nothing; nil without one."
  [workloads {:keys [switches]}]
  (let [measured (filter (comp measuring-loss :workload) workloads)
        lost     (first (filter #(pos? (get-in % [:losses :planned] 0)) measured))
        unknown  (first (filter #(= :unknown (:verdict %)) measured))]
    (cond
      (not-any? :planned? switches) nil
      lost              {:verdict :violated :because (unexcused (:losses lost))}
      (empty? measured) {:verdict :unknown :untested? true
                         :because "not tested: no workload measures loss"}
      unknown           {:verdict :unknown :untested? true
                         :because (str "not tested: " (:because unknown))}
      :else             {:verdict :expected})))

(defn judge-claims
  "[{:claim :verdict :because}] of the claims that the cell tried. With :untested? true nothing
  was measured, which leaves the cell's own verdict alone."
  [{:keys [claims] :as cell} workloads {:keys [stale] :as found}]
  (when-not (failed cell)
    (vec (for [claim (sort claims)
               :let [judged (case claim
                              :demoted-at-first-contact       (demotion workloads stale)
                              :planned-failover-loses-nothing (planned-loss workloads found)
                              {:verdict :expected})]
               :when judged]
           (assoc judged :claim claim)))))

(defn- claim-that-is
  "The verdict on the cell of a claim that was found so, or nil."
  [verdict cell workloads found]
  (some-> (first (filter #(and (= verdict (:verdict %)) (not (:untested? %)))
                         (judge-claims cell workloads found)))
          (select-keys [:verdict :because])))

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
  :switches :settled? :undone}. What was violated is asked for first: that a cell was not the
  experiment that it was to be takes back no write that an old master acknowledged."
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

      (claim-that-is :violated cell workloads found)
      (claim-that-is :violated cell workloads found)

      (not-as-planned cell found)
      {:verdict :unknown :because (not-as-planned cell found)}

      (claim-that-is :unknown cell workloads found)
      (claim-that-is :unknown cell workloads found)

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
