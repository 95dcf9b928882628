(ns chaos.run
  "A run: the cells of a plan one after another (never two clusters at once), their findings,
  results.json and the report. An interrupt heals, kills what was started, and keeps the
  history so far; the cell is then :unknown. So is a cell in which the harness failed: it is
  cleaned up, and the others run. run.edn keeps the plan, so that a cell that was never reached
  is listed as not tested, and the run is not called as expected without it."
  (:refer-clojure :exclude [run!])
  (:require [chaos.capability :as capability]
            [chaos.cell :as cell]
            [chaos.cluster :as cluster]
            [chaos.db :as db]
            [chaos.db.own :as own]
            [chaos.db.system :as system]
            [chaos.db.watchword :as watchword]
            [chaos.findings :as findings]
            [chaos.machine :as machine]
            [chaos.nemesis :as nemesis]
            [chaos.profile :as profile]
            [chaos.progress :as progress]
            [chaos.report :as report]
            [chaos.results :as results]
            [chaos.store :as store]
            [chaos.verdict :as verdict]
            [chaos.workload :as workload]
            [clojure.java.io :as io]
            [clojure.set :as set]
            [clojure.string :as str])
  (:import (clojure.lang ExceptionInfo)
           (java.io File IOException)
           (java.time Instant)
           (java.time.temporal ChronoUnit)))

(defn must-have-all!
  "Throws with exit status 3, naming what is missing, unless every system can run here."
  [systems]
  (when-let [missing (->> (map #(system/lacks ((db/systems %))) systems)
                          (cons (cluster/lacks))
                          (remove nil?)
                          distinct
                          seq)]
    (throw (ex-info (str/join "\nchaos: " missing) {:exit 3}))))

(defn with-interrupts
  "Calls (body {:on-cluster :stop?}) so that an interrupt of the program first lets body end
  in good order: it is told to stop, its cluster is killed, and it has twenty seconds to save
  and report."
  [body]
  (let [current  (atom nil)
        stopping (atom false)
        done     (promise)
        hook     (Thread. ^Runnable
                          (fn []
                            (when-not (realized? done)
                              (reset! stopping true)
                              (progress/say! "interrupted: healing, stopping, saving")
                              (deref done 20000 nil)
                              (some-> @current cluster/stop!))))]
    (.addShutdownHook (Runtime/getRuntime) hook)
    (try
      (body {:on-cluster #(reset! current %) :stop? #(deref stopping)})
      (finally (deliver done true)))))

(defn- cell-dirs [dir]
  (->> (.listFiles (io/file dir))
       (filter #(.isFile (io/file % "cell.edn")))
       (sort-by #(.lastModified (io/file ^File % "cell.edn")))))

;; ---- what is said of a cell ----

(defn- stage-line [{:keys [fault sdown odown switch first-ok]}]
  (str "    after the " fault ": +sdown " sdown ", +odown " odown ", +switch-master " switch
       ", first write elsewhere " first-ok " ms"))

(defn- return-line [{:keys [node contact-ms order-ms demoted-ms] :as stale}]
  (str "    old master n" node " back: contact " contact-ms ", order " order-ms ", demoted "
       demoted-ms " ms; stale acknowledgements " (:stale-after-return stale) ", after contact "
       (:stale-after-contact stale) ", after demotion " (:stale-after-demotion stale)))

(defn cell-lines
  "The findings of a cell as lines for a terminal."
  [{:keys [system nemesis verdict because workloads stale stages]}]
  (concat
   [(format "%-10s %-17s %s%s" (name system) (name nemesis) (name verdict)
            (if (= :expected verdict) "" (str ": " because)))]
   (for [w workloads]
     (format "    %-14s %-9s %s" (name (:workload w)) (name (:verdict w)) (:because w)))
   (when (= 1 (count stages)) [(stage-line (first stages))])
   (when (:applies? stale) [(return-line stale)])))

(defn- print-cell [found] (doseq [line (cell-lines found)] (progress/say! line)))

;; ---- running ----

(defn- seconds-needed
  "Fault -> the shortest load in which it shows anything."
  [{:keys [nemesis] :as opts}]
  (into {} (map (fn [n] [n (:time-s-min (nemesis/package-of n (assoc opts :time-s 3600)) 0)]))
        nemesis))

(defn- not-to-be-had
  "Fault -> why this machine cannot do it, of those that need not be had."
  [{:keys [if-had] :as opts}]
  (into {} (for [fault if-had
                 :let [why (try (nemesis/package-of fault (assoc opts :time-s 3600))
                                nil
                                (catch ExceptionInfo e
                                  (if (= 3 (:exit (ex-data e))) (ex-message e) (throw e))))]
                 :when why]
             [fault why])))

(defn- not-in-plan
  "Faults, workloads and variants of these that exist and that this run did not use; refused:
  fault -> why it could not."
  [{:keys [nemesis] :as opts} refused]
  (let [opts   (assoc opts :workloads (profile/workloads-of opts))
        unused (fn [what registry used]
                 (for [n (sort (set/difference (set (keys registry)) (set used)))]
                   {:what (str what " " (name n))
                    :why  (get refused n "not part of this run")}))]
    (concat (unused "fault" nemesis/faults nemesis)
            (unused "workload" workload/workloads (:workloads opts))
            (workload/not-chosen opts)
            [{:what "modes bounded and linearizable" :why "not built yet"}])))

(defn- never-reached
  "[{:what :why}] of the cells in the run's plan that have no findings. A run from before plans
  were kept has none."
  [{:keys [plan]} found]
  (let [reached (into #{} (map (juxt :system :nemesis)) found)]
    (for [{:keys [system nemesis]} plan :when (not (reached [system nemesis]))]
      {:what (str "cell " (name system) " / " (name nemesis))
       :why  "planned, and the run ended before it had a result"})))

(defn- conclude!
  "results.json and index.html of the cells found in dir; returns the exit status, in which a
  planned cell without findings counts as unknown."
  [dir run found]
  (let [missing (never-reached run found)]
    (doseq [{:keys [what why]} missing] (progress/say! (str "not tested: " what ", " why)))
    (report/save! dir (results/save! dir (results/results (update run :not-tested concat missing)
                                                          found)))
    (progress/say! (str "\nreport: " (io/file dir "index.html")))
    (verdict/exit-status (concat (map :verdict found) (map (constantly :unknown) missing)))))

(defn- pack!
  "A history that cannot be packed is judged as it is."
  [folder]
  (try (store/pack! folder)
       (catch IOException e (progress/say! (str "not packed: " folder ": " (ex-message e))))))

(defn- run-and-judge!
  "The findings of a cell, whatever goes wrong."
  [dir tally opts control]
  (try
    (let [folder (cell/run! dir opts (assoc control
                                            :on-op #(progress/note! tally %)
                                            :say progress/say!))]
      (progress/said! tally "checking")
      (pack! folder)
      (findings/analyze folder))
    (catch Throwable t
      (findings/without-folder opts (store/cell-dir dir opts) t))))

(defn- run-cell! [dir tally opts control]
  (progress/begin-cell! tally (str (name (:system opts)) " / " (name (:nemesis opts))))
  (let [found (run-and-judge! dir tally opts control)]
    (print-cell found)
    (progress/end-cell! tally)
    found))

(defn- about-run [dir {:keys [seed command profile] :as opts} refused cells]
  {:run (.getName ^File dir) :seed seed :command command :profile profile
   :started (str (.truncatedTo (Instant/now) ChronoUnit/SECONDS))
   :machine (machine/describe)
   :capabilities (capability/probe)
   :plan (mapv #(select-keys % [:system :nemesis]) cells)
   :not-tested (not-in-plan opts refused)})

(defn- found
  "opts, with the cluster behind the sentinels of --nodes looked up, if there are any."
  [{:keys [nodes-at master-name] :as opts}]
  (if nodes-at
    (let [own (own/attach! nodes-at master-name)]
      (assoc opts :own own :nodes-count (count (:nodes own))))
    opts))

(defn- run-cells!
  "Runs one cell after another, until all are done or the run is to stop. Returns what was
  found of each."
  [dir cells {:keys [stop?] :as control}]
  (let [tally     (progress/tally (count cells))
        stop-line (progress/start! tally)]
    (try
      (reduce (fn [found c]
                (if (stop?) (reduced found) (conj found (run-cell! dir tally c control))))
              [] cells)
      (finally (stop-line)))))

(defn- run-plan! [{:keys [seed out] :as opts} show control]
  (let [opts    (found opts)
        refused (not-to-be-had opts)
        opts    (profile/without opts refused)
        needed  (seconds-needed opts)
        cells   (profile/plan opts needed)
        dir     (store/new-dir! out (watchword/root) seed)
        run     (about-run dir opts refused cells)]
    (store/save-edn! (io/file dir "run.edn") run)
    (progress/say! (format "seed %d, %d cells, about %.0f minutes, folder %s"
                           seed (count cells) (profile/minutes cells) (str dir)))
    (doseq [line (concat (profile/raised opts needed)
                         (for [[fault why] refused]
                           (str "not tested: fault " (name fault) ", " why))
                         (capability/lines (:capabilities run)))]
      (progress/say! line))
    (let [found (run-cells! dir cells control)]
      (show found)
      (conclude! dir run found))))

(defn run!
  "Runs the plan of opts (see chaos.profile), prints what was found cell by cell, and at the
  end (show found). Returns the exit status."
  [opts show]
  (must-have-all! (:system opts))
  ;; What the machine can do is probed by doing it: an interrupt must not come in between either.
  (with-interrupts #(run-plan! opts show %)))

(defn analyze!
  "Computes the findings of a stored run again. Returns the exit status."
  [{:keys [dir]}]
  (let [run-file (io/file dir "run.edn")]
    (when-not (.isFile run-file)
      (throw (ex-info (str dir " is not the folder of a run: it has no run.edn") {:exit 2})))
    (let [found (mapv findings/analyze (cell-dirs dir))]
      (doseq [cell found] (print-cell cell))
      (conclude! dir (store/load-edn run-file) found))))
