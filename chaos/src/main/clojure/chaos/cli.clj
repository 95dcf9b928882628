(ns chaos.cli
  "The command line. Each word is one command; `chaos` without a word runs a plan of cells.

  Exit status: 0 as expected, 1 violated, 2 usage, 3 this machine lacks something, 4 unknown.
  Whatever is thrown and names no other is 4: Java's own 1 would say that something was violated."
  (:require [chaos.check-history :as check-history]
            [chaos.client :as client]
            [chaos.db :as db]
            [chaos.db.own :as own]
            [chaos.failover :as failover]
            [chaos.failure :as failure]
            [chaos.nemesis :as nemesis]
            [chaos.net :as net]
            [chaos.planted :as planted]
            [chaos.profile :as profile]
            [chaos.publish :as publish]
            [chaos.registry :as registry]
            [chaos.run :as run]
            [chaos.workload :as workload]
            [clojure.string :as str]
            [clojure.tools.cli :as tools]))

(def ^:private shared
  [[nil "--seed N" "seed of schedules and choices (default: drawn, and printed)"
    :parse-fn parse-long :validate [some? "must be an integer"]]
   [nil "--out DIR" "folder for the run; empty or absent (default: chaos/store/...)"]
   [nil "--system NAMES" "systems by commas: watchword, stock" :parse-fn db/parse]
   ["-h" "--help" "this text"]])

(defn- names [registry & groups]
  (str/join " " (sort (map name (concat (keys registry) (mapcat keys groups))))))

(defn- parse-style [text]
  (registry/parse-one "client style" (assoc client/styles :both true) text))

(defn- parse-mode
  "Only what exists is accepted: a run in a mode that is not there would prove another one."
  [text]
  (if (= "available" text)
    :available
    (throw (registry/usage-error (str "mode \"" text "\" is not built yet; known: available")))))

(def ^:private run-options
  (into shared
        [[nil "--profile NAME" "short (4 minutes), standard (30), full (hours)"
          :default :short :parse-fn profile/parse]
         [nil "--workload NAMES" (str "by commas, side by side in each cell: "
                                      (names workload/workloads))
          :id :workloads :parse-fn workload/parse]
         [nil "--cas NAME" (str "how register compares and sets: "
                                (names (:ways (:cas workload/variants))))
          :parse-fn #(workload/parse-variant :cas %)]
         [nil "--fsync NAME" (str "when durability's files are synced: "
                                  (names (:ways (:fsync workload/variants))))
          :parse-fn #(workload/parse-variant :fsync %)]
         [nil "--lists NAME" (str "what list-append appends by: "
                                  (names (:ways (:lists workload/variants))))
          :parse-fn #(workload/parse-variant :lists %)]
         [nil "--release NAME" (str "how lock's locks are released: "
                                    (names (:ways (:release workload/variants))))
          :parse-fn #(workload/parse-variant :release %)]
         [nil "--nemesis NAMES" (str "by commas, a cell each (docs/CHAOS.md): "
                                     (names nemesis/faults nemesis/groups))
          :parse-fn nemesis/parse]
         [nil "--schedule FILE" "faults by hand: EDN, [[seconds :operation value?] ...]"
          :parse-fn nemesis/load-schedule!]
         [nil "--net NAME" "mesh (a proxy, no privileges) or netns (the kernel, needs root)"
          :parse-fn net/parse]
         [nil "--nodes HOST:PORT,..." "sentinels of a cluster of your own, which must be empty"
          :id :nodes-at :parse-fn own/parse-addresses]
         [nil "--master-name NAME" "what they call its master" :default client/master-name]
         [nil "--nodes-count N" "nodes of each cluster (default: 3)" :parse-fn parse-long
          :validate [#(and % (<= 3 % 9) (odd? %)) "must be 3, 5, 7 or 9"]]
         [nil "--style NAME" "clients: rediscover, subscribe, both (every second one)"
          :parse-fn parse-style]
         [nil "--mode NAME" "of Watchword: available" :parse-fn parse-mode]
         [nil "--rate N" "operations a second over all clients and workloads"
          :parse-fn parse-long :validate [#(and % (<= 1 % 100000)) "must be 1 to 100000"]]
         [nil "--time S" "seconds of load in each cell; a fault that needs more gets it"
          :id :time-s :parse-fn parse-long
          :validate [#(and % (<= 5 % 3600)) "must be 5 to 3600"]]]))

(def ^:private failover-options
  (into shared
        [[nil "--kills N" "kills of the master, per system" :default 10 :parse-fn parse-long
          :validate [#(and % (<= 1 % 1000)) "must be 1 to 1000"]]]))

(defn- usage [summary]
  (str "chaos [options]            run systems under faults and write a report\n"
       "chaos failover [options]   kill the master again and again, and time each stage\n"
       "chaos analyze DIR          compute the findings of a stored run again\n"
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

(defn- plainly
  "What tools.cli makes of an exception of a parse function, without its wrapping."
  [error]
  (str/replace error #"(?s)Error while parsing option .*?ExceptionInfo: (.*) \{:exit 2\}" "$1"))

(defn- parsed [specs args]
  (let [{:keys [options arguments errors summary]} (tools/parse-opts args specs)]
    (cond
      (:help options) {:help (usage summary)}
      (seq errors)    (throw (registry/usage-error (str/join "\n" (map plainly errors))))
      :else           {:options options :arguments arguments})))

(defn- no-more! [arguments]
  (when (seq arguments)
    (throw (registry/usage-error (str "unknown argument \"" (first arguments) "\"")))))

(defn- analyze-opts [{:keys [arguments]} _]
  (if (= 1 (count arguments))
    {:dir (first arguments)}
    (throw (registry/usage-error "analyze takes one folder"))))

(defn- run-opts [defaults]
  (fn [{:keys [options arguments]} [word & more]]
    (no-more! arguments)
    (let [opts (profile/options (merge {:seed (rand-int 1000000)} defaults options))]
      (assoc opts :command (command word more opts)))))

(def ^:private words
  "Word -> [option specs, function of the parsed and of all arguments that makes the options]."
  {"analyze"  [[["-h" "--help" "this text"]] analyze-opts]
   "failover" [failover-options (run-opts {:system [:watchword :stock]})]
   nil        [run-options (run-opts {})]})

(defn parse
  "Arguments as {:action :opts}, or throws with :exit 2."
  [[word & more :as args]]
  (let [known        (when (contains? words word) word)
        [specs opts] (words known)
        found        (parsed specs (if known more args))]
    (if-let [text (:help found)]
      {:action :help :text text}
      {:action (keyword (or known "run")) :opts (opts found args)})))

(def ^:private programs
  "Words whose namespace parses its own arguments: function of these giving the exit status."
  {"report"        publish/main
   "check-history" check-history/main
   "self-test"     planted/main})

(defn- perform! [{:keys [action opts text]}]
  (case action
    :help     (do (println text) 0)
    :run      (run/run! opts (constantly nil))
    :analyze  (run/analyze! opts)
    :failover (failover/run! opts)))

(defn- ended-by
  "The exit status of what was thrown, after its words were printed; those of what nobody meant
  to throw with their trace."
  [^Throwable t]
  (let [meant (:exit (ex-data t))]
    (binding [*out* *err*]
      (println (str "chaos: " (if meant (ex-message t) (failure/sentence (failure/of t)))))
      (when-not meant (println (failure/trace t)))
      (when (= 2 meant) (println "chaos: try --help")))
    (or meant 4)))

(defn main
  "The exit status of a command line."
  [args]
  (try
    (if-let [program (programs (first args))]
      (program (rest args))
      (perform! (parse args)))
    (catch Throwable t (ended-by t))))

(defn -main [& args]
  (let [status (main args)]
    (flush)
    (shutdown-agents)
    (System/exit status)))
