(ns chaos.run
  "A run: the cells of a plan one after another (never two clusters at once), their findings,
  results.json and the report. An interrupt heals, kills what was started, and keeps the
  history so far; the cell is then :unknown."
  (:refer-clojure :exclude [run!])
  (:require [chaos.cell :as cell]
            [chaos.cluster :as cluster]
            [chaos.db :as db]
            [chaos.db.system :as system]
            [chaos.db.watchword :as watchword]
            [chaos.machine :as machine]
            [chaos.nemesis :as nemesis]
            [chaos.nemesis.kill :as kill]
            [chaos.nemesis.partition :as partition]
            [chaos.report :as report]
            [chaos.results :as results]
            [chaos.store :as store]
            [chaos.verdict :as verdict]
            [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (java.io File)
           (java.time Instant)
           (java.time.temporal ChronoUnit)))

(def time-s-min (max kill/time-s-min partition/time-s-min))

(def ^:private defaults
  "What the command line need not say."
  {:clients 10 :rate 1000 :workload :set :style :rediscover})

(defn plan
  "The cells of a run, in order: the same faults for each system, with the same seed."
  [{:keys [system nemesis] :as opts}]
  (for [n nemesis, s system]
    (merge defaults (select-keys opts [:seed :time-s :rate :kills :net :nodes-count :schedule]) {:system s :nemesis n})))

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
  in good order: it is told to stop, its cluster is killed, and it has ten seconds."
  [body]
  (let [current  (atom nil)
        stopping (atom false)
        done     (promise)
        hook     (Thread. ^Runnable
                          (fn []
                            (when-not (realized? done)
                              (reset! stopping true)
                              (println "\ninterrupted: healing, stopping, saving")
                              (deref done 10000 nil)
                              (some-> @current cluster/stop!))))]
    (.addShutdownHook (Runtime/getRuntime) hook)
    (try
      (body {:on-cluster #(reset! current %) :stop? #(deref stopping)})
      (finally (deliver done true)))))

(defn- cell-dirs [dir]
  (->> (.listFiles (io/file dir))
       (filter #(.isFile (io/file % "cell.edn")))
       (sort-by #(.lastModified (io/file ^File % "cell.edn")))))

(defn- print-cell [{:keys [system nemesis verdict because stale stages]}]
  (println (format "%-10s %-10s %-9s %s" (name system) (name nemesis) (name verdict) because))
  (when (= 1 (count stages))
    (let [{:keys [fault sdown odown switch first-ok]} (first stages)]
      (println (str "           after the " fault ": +sdown " sdown ", +odown " odown
                    ", +switch-master " switch ", first write elsewhere " first-ok " ms"))))
  (when (:applies? stale)
    (println (str "           old master n" (:node stale) " back: contact " (:contact-ms stale)
                  ", order " (:order-ms stale) ", demoted " (:demoted-ms stale)
                  " ms; stale acknowledgements " (:stale-after-return stale)
                  ", after contact " (:stale-after-contact stale)
                  ", after demotion " (:stale-after-demotion stale)))))

(defn print-cells [found]
  (doseq [cell found] (print-cell cell)))

(defn- conclude!
  "Findings of all cells in dir, printed by (show found), to results.json and index.html;
  returns the exit status."
  [dir run show]
  (let [found (mapv cell/analyze (cell-dirs dir))
        data  (results/results run found)]
    (report/save! dir (results/save! dir data))
    (println)
    (show found)
    (println (str "\nreport: " (io/file dir "index.html")))
    (verdict/exit-status (map :verdict found))))

(defn run!
  "Runs the plan and prints what was found by show. Returns the exit status."
  [{:keys [seed out command] :as opts} show]
  (must-have-all! (:system opts))
  (let [cells (plan opts)
        _     (doseq [c cells] (nemesis/package-of (:nemesis c) c))
        dir   (store/new-dir! out (watchword/root) seed)
        run   {:run (.getName dir) :seed seed :command command
               :started (str (.truncatedTo (Instant/now) ChronoUnit/SECONDS))
               :machine (machine/describe)}]
    (store/save-edn! (io/file dir "run.edn") run)
    (println (str "seed " seed ", folder " dir))
    (with-interrupts
      (fn [{:keys [stop?] :as control}]
        (doseq [c cells :while (not (stop?))]
          (cell/run! dir c control))
        (conclude! dir run show)))))

(defn analyze!
  "Computes the findings of a stored run again. Returns the exit status."
  [{:keys [dir]} show]
  (let [run-file (io/file dir "run.edn")]
    (when-not (.isFile run-file)
      (throw (ex-info (str dir " is not the folder of a run: it has no run.edn") {:exit 2})))
    (conclude! dir (store/load-edn run-file) show)))
