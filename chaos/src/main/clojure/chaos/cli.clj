(ns chaos.cli
  "The command line: `chaos` runs a plan of cells, `chaos analyze DIR` computes the findings
  of a stored run again, `chaos failover` measures failovers stage by stage, `chaos report
  DIR...` publishes runs (chaos.publish), `chaos check-history FILE...` judges histories of
  others (chaos.check-history).

  Exit status: 0 as expected, 1 violated, 2 usage, 3 this machine lacks something, 4 unknown."
  (:require [chaos.check-history :as check-history]
            [chaos.db :as db]
            [chaos.failover :as failover]
            [chaos.nemesis :as nemesis]
            [chaos.net :as net]
            [chaos.planted :as planted]
            [chaos.publish :as publish]
            [chaos.registry :as registry]
            [chaos.run :as run]
            [clojure.string :as str]
            [clojure.tools.cli :as tools]))

(def profiles
  "Profile name -> defaults of options."
  {:short {:system [:stock :watchword] :nemesis [:partition :kill] :time-s 34}})

(def ^:private failover-defaults {:system [:watchword :stock]})

(def ^:private shared
  [[nil "--seed N" "seed of schedules and choices (default: drawn, and printed)"
    :parse-fn parse-long :validate [some? "must be an integer"]]
   [nil "--out DIR" "folder for the run; empty or absent (default: chaos/store/...)"]
   [nil "--system NAMES" "of watchword, stock; by commas" :parse-fn db/parse]
   ["-h" "--help" "this text"]])

(def ^:private run-options
  (into shared
        [[nil "--profile NAME" "short: partition and kill, stock beside Watchword, under 4 minutes"
          :default :short :parse-fn #(first (registry/parse "profile" profiles {} %))]
         [nil "--nemesis NAMES" "faults or groups of them, by commas; docs/CHAOS.md has the table"
          :parse-fn nemesis/parse]
         [nil "--schedule FILE" "faults at times of your own: [[3 :kill-master] [9 :restart]]"
          :parse-fn nemesis/load-schedule!]
         [nil "--net NAME" "mesh (a proxy, no privileges) or netns (the kernel, needs root)"
          :parse-fn net/parse]
         [nil "--nodes-count N" "nodes of each cluster (default: 3)" :parse-fn parse-long
          :validate [#(and % (<= 3 % 9) (odd? %)) "must be 3, 5, 7 or 9"]]
         [nil "--time S" "seconds of load in each cell" :id :time-s :parse-fn parse-long
          :validate [#(and % (<= run/time-s-min % 3600))
                     (str "must be " run/time-s-min " to 3600")]]]))

(def ^:private failover-options
  (into shared
        [[nil "--kills N" "kills of the master, per system" :default 10 :parse-fn parse-long
          :validate [#(and % (<= 1 % 1000)) "must be 1 to 1000"]]]))

(defn- usage [summary]
  (str "chaos [options]            run systems under faults and write a report\n"
       "chaos analyze DIR          compute the findings of a stored run again\n"
       "chaos failover [options]   kill the master again and again, and time each stage\n"
       "chaos report DIR...        publish runs into docs/reports, with an index\n"
       "chaos check-history FILE...  judge histories of others (has a --help of its own)\n"
       "chaos self-test [options]  plant lies that the checkers must find\n\n"
       "Options:\n" summary))

(defn- command
  "What to type to repeat this run: the arguments given, with the seed, without the folder,
  which is full now."
  [word more {:keys [seed]}]
  (let [args    (remove nil? (cons word more))
        out?    (fn [[a b]] (or (= "--out" a) (= "--out" b) (some-> b (str/starts-with? "--out="))))
        kept    (map second (remove out? (partition 2 1 (cons nil args))))
        seeded? (some #(str/starts-with? % "--seed") kept)]
    (str/join " " (concat ["./watchword chaos"] kept (when-not seeded? ["--seed" seed])))))

(defn parse
  "Arguments as {:action :opts}, or throws with :exit 2."
  [[word & more :as args]]
  (let [[action specs args] (case word
                              "analyze"  [:analyze shared more]
                              "failover" [:failover failover-options more]
                              [:run run-options args])
        {:keys [options arguments errors summary]} (tools/parse-opts args specs)]
    (cond
      (:help options)  {:action :help :text (usage summary)}
      (seq errors)     (throw (registry/usage-error (str/join "\n" errors)))
      (= :analyze action)
      (if (= 1 (count arguments))
        {:action :analyze :opts {:dir (first arguments)}}
        (throw (registry/usage-error "analyze takes one folder")))
      (seq arguments)
      (throw (registry/usage-error (str "unknown argument \"" (first arguments) "\"")))
      :else
      {:action action
       :opts   (-> (merge {:seed (rand-int 1000000)}
                          (if (= :run action) (profiles (:profile options)) failover-defaults)
                          (cond-> options (:schedule options) (assoc :nemesis [:schedule])))
                   (as-> opts (assoc opts :command (command word more opts))))})))

(defn- perform! [{:keys [action opts text]}]
  (case action
    :help     (do (println text) 0)
    :run      (run/run! opts run/print-cells)
    :analyze  (run/analyze! opts run/print-cells)
    :failover (failover/run! opts)))

(defn main
  "The exit status of a command line."
  [args]
  (try
    (case (first args)
      "report"        (publish/main (rest args))
      "check-history" (check-history/main (rest args))
      "self-test"     (planted/main (rest args))
      (perform! (parse args)))
    (catch clojure.lang.ExceptionInfo e
      (let [status (or (:exit (ex-data e)) 4)]
        (binding [*out* *err*]
          (println (str "chaos: " (ex-message e)))
          (when (nil? (:exit (ex-data e))) (.printStackTrace e))
          (when (= 2 status) (println "chaos: try --help")))
        status))))

(defn -main [& args]
  (let [status (main args)]
    (flush)
    (shutdown-agents)
    (System/exit status)))
