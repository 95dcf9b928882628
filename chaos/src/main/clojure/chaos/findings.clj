(ns chaos.findings
  "What the stored history of a cell shows: each workload's checker on its own operations,
  the stages of failovers, what old masters did after their return, and the verdicts. A pure
  function of the cell's files, so `chaos analyze` gives it again at any time.

  Every certificate is looked at again by the workload's independent :recheck. One that does
  not hold means that a checker is wrong, and then nothing it says may be published: its
  workload is :unknown, as with a checker that throws, and the others are judged all the same."
  (:require [chaos.checker.certificate :as certificate]
            [chaos.checker.rates :as rates]
            [chaos.checker.reigns :as reigns]
            [chaos.checker.stages :as stages]
            [chaos.checker.stale-master :as stale-master]
            [chaos.failure :as failure]
            [chaos.history :as history]
            [chaos.store :as store]
            [chaos.travel :as travel]
            [chaos.verdict :as verdict]
            [chaos.workload :as workload]
            [clojure.java.io :as io]
            [clojure.string :as str]))

(def ^:private slice-s 0.5)

(def ^:private trace-file "analysis-failure.txt")

(defn- must-hold! [recheck history name {:keys [anomalies]}]
  (doseq [[class {:keys [shown]}] anomalies, certificate shown]
    (when-not (recheck history certificate)
      (throw (ex-info (str "the checker of " (clojure.core/name name) " is wrong: a certificate of "
                           (clojure.core/name class) " does not hold")
                      {:exit 4 :certificate certificate})))))

(defn- shown-first
  "The certificates of a class with those of these elements first."
  [history class elements shown]
  (let [at    (zipmap elements (range))
        known (set (map :element shown))]
    (->> (concat shown (map #(certificate/certificate history class %) (remove known elements)))
         (sort-by #(at (:element %) Long/MAX_VALUE))
         (take certificate/shown-max)
         vec)))

(defn- with-losses
  "The result with its lost writes one by one, where the checker knows them and the system is
  held to them. Those without an excuse are shown before others."
  [cell own switches promised {:keys [lost-values] :as result}]
  (if (and (verdict/held? cell) (seq lost-values))
    (let [losses (reigns/lost-writes cell own switches lost-values (contains? promised :lost))]
      (-> (assoc result :losses losses)
          (update-in [:anomalies :lost :shown]
                     #(shown-first own :lost (map :value (:shown losses)) %))))
    result))

(defn- check-workload [cell history switches name]
  (let [opts    (assoc cell :rate (:rates cell))
        load    ((workload/workloads name) opts)
        own     (history/of-workload history name)
        started (System/nanoTime)
        result  (with-losses cell own switches (:promised load) ((:checker load) own opts))]
    (must-hold! (:recheck load) own name result)
    (assoc result
           :workload name
           :lagging  (:lagging load)
           :promised (:promised load)
           :severe   (:severe load)
           :check-s  (/ (- (System/nanoTime) started) 1e9))))

(defn- checked
  "The result of a workload's checker; :unknown with the reason, and the :trace, of one that is
  wrong itself."
  [cell history switches name]
  (try
    (check-workload cell history switches name)
    (catch Throwable t
      {:workload name :valid? :unknown :anomalies {} :counts {} :trace (failure/trace t)
       :because (str "its checker failed: " (failure/sentence (failure/of t))
                     (failure/see (:dir cell) trace-file))})))

(defn- nemesis-events [history pred] (filter pred (history/events history :nemesis)))

(defn- settled?
  "Whether all nodes were seen in step after everything was undone."
  [history]
  (boolean (some-> (last (nemesis-events history #(and (= :settle (:f %)) (:done? %))))
                   (get-in [:value :settled]))))

(defn- undone
  "What the nemesis could not do, as [f error]: an operation that threw is not in place."
  [history]
  (mapv (juxt :f :error) (nemesis-events history :error)))

(defn of-history
  "Findings of a cell (as cell.edn holds it) with this history."
  [cell history]
  (let [switches (reigns/switches cell history)
        checked (mapv #(checked cell history switches %) (:workloads cell))
        lost    (or (some #(when (= :set (:workload %)) (:lost-values %)) checked) #{})
        stale   (stale-master/check (history/of-workload history :set) lost)
        stages  (stages/check history)
        found   {:stale       stale
                 :stages      stages
                 :switches    switches
                 :taken-over? (boolean (some :excuses? switches))
                 :settled?    (settled? history)
                 :undone      (undone history)}
        judged  (mapv #(merge (dissoc % :lost-values) (verdict/judge-workload cell % found))
                      checked)]
    (merge cell
           (verdict/judge-cell cell judged found)
           {:workloads  judged
            :claims-judged (verdict/judge-claims cell judged found)
            :switches   (mapv #(select-keys % [:time :old :new :planned? :provoked?]) switches)
            :stale      stale
            :stages     stages
            :returns    (stale-master/probes history)
            :slices     (rates/slices history lost slice-s)
            :slice-s    slice-s
            :dots       (rates/dots history slice-s)
            :shades     (rates/shades history (:perf cell))
            :travel     (travel/travel cell history lost)
            :operations (count history)})))

(defn- of-nothing
  "Findings of a cell without a history that could be judged."
  [cell because]
  (merge cell {:verdict :unknown :because because :workloads [] :stages [] :returns []
               :stale {:applies? false :valid? true} :slices [] :slice-s slice-s :dots []
               :shades [] :operations 0}))

(defn- of-folder
  "The findings, and :traces of what failed on the way to them."
  [cell cell-dir]
  (let [file (store/history-file cell-dir)]
    (if (and (:failed cell) (not (.isFile file)))
      (of-nothing cell (verdict/failed cell))
      (try
        (let [found (of-history cell (store/load-history file))]
          (assoc found :traces (keep :trace (:workloads found))))
        (catch Throwable t
          (assoc (of-nothing cell (str "its history could not be judged: "
                                       (failure/sentence (failure/of t))
                                       (failure/see (:dir cell) trace-file)))
                 :traces [(failure/trace t)]))))))

(defn analyze
  "The findings of the cell in this folder. What fails on the way makes them :unknown; its
  stack trace is then in analysis-failure.txt there."
  [cell-dir]
  (let [cell   (assoc (store/load-edn (io/file cell-dir "cell.edn"))
                      :dir (.getName (io/file cell-dir)))
        found  (of-folder cell cell-dir)
        traces (io/file cell-dir trace-file)]
    (.delete traces)
    (when (seq (:traces found)) (spit traces (str/join "\n" (:traces found))))
    (assoc (dissoc found :traces)
           :history (.getName (store/history-file cell-dir)))))

(defn without-folder
  "Findings of a cell of which not even that it failed could be kept in its folder."
  [opts cell-dir t]
  (let [cell (merge {:mode :available :claims #{} :expects #{} :failed (failure/of t)}
                    (select-keys opts [:system :nemesis :style :seed :clients :time-s :rate :net]))]
    (assoc (of-nothing cell (verdict/failed cell)) :dir (.getName (io/file cell-dir)))))
