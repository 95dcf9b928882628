(ns chaos.planted
  "The harness against itself: a proxy that lies stands before servers that do not, and the
  workload meant for each lie must flag it, by a class of anomaly that tells of that lie. Two
  kinds of cases must stay green: harmless lies (a truthful system may do the same) and clean
  runs, one after each lie, without any.

  Which case holds which lie is drawn by seed and told to nobody: a checker gets a history
  and the options of its workload. Only when all answers are in are they laid beside the lies.

  It shows that each checker can see the flaw it is for, at this rate of strikes and with
  this load. It does not show that it sees a rarer one, nor any flaw that is not among the
  lies; and since one server stands behind the proxy, nothing about failovers."
  (:refer-clojure :exclude [run!])
  (:require [chaos.cluster :as cluster]
            [chaos.cluster.shape :as shape]
            [chaos.db :as db]
            [chaos.db.watchword :as watchword]
            [chaos.planted.case :as case]
            [chaos.planted.lies :as lies]
            [chaos.planted.relay :as relay]
            [chaos.random :as random]
            [chaos.registry :as registry]
            [chaos.run :as run]
            [chaos.store :as store]
            [clojure.data.json :as json]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.tools.cli :as tools]))

;; ---- the plan, pure ----

(defn- case-of [opts n lie workload time-s]
  {:number n :name lie :lie (get lies/lies lie relay/truth) :workload workload :time-s time-s
   :seed (hash [(:seed opts) :case n])})

(defn plan
  "The cases in the order in which they run: the lies named, each with every workload meant for
  it, shuffled by seed; after each a clean one with the same workload, of a third of the time."
  [{:keys [seed time-s] :as opts}]
  (let [pairs (for [lie (:lies opts), workload (:meant (lies/lies lie))] [lie workload])]
    (->> (random/order pairs seed :planted)
         (mapcat (fn [[lie workload]] [[lie workload time-s] [nil workload (/ time-s 3.0)]]))
         (map-indexed (fn [n [lie workload time-s]] (case-of opts n lie workload time-s)))
         vec)))

;; ---- what came of it, pure ----

(defn- lying? [{:keys [name lie]}] (and name (not (:harmless? lie))))

(defn- told-of?
  "Whether one of the classes found is one that tells of the lie."
  [{:keys [lie]} classes]
  (boolean (some (set (:found-as lie)) classes)))

(defn- right?
  "Whether the answer is the one that this case must have: of a lie, false by a class that tells
  of it; else true. A lie that never struck shows nothing, nor does a run in which nothing was
  acknowledged, and :unknown is never a pass."
  [{:keys [name] :as case} {:keys [valid? counts strikes classes]}]
  (and (pos? (:ok counts))
       (or (nil? name) (pos? strikes))
       (if (lying? case)
         (and (false? valid?) (told-of? case classes))
         (true? valid?))))

(defn- why
  "What the table says of an answer beside its classes."
  [{:keys [lie] :as case} {:keys [valid? classes because]}]
  (if (and (lying? case) (false? valid?) (not (told-of? case classes)))
    (str "none of these tells of it: " (str/join " " (sort (map name (:found-as lie)))) " would")
    because))

(defn reveal
  "Lays the answers, {number of the case answer}, beside the lies."
  [cases answers]
  (mapv (fn [{:keys [number name lie workload] :as case}]
          (let [{:keys [strikes seconds valid? classes counts] :as answer} (answers number)]
            {:case number :lie name :workload workload :harmless (boolean (:harmless? lie))
             :flagged (false? valid?) :right (right? case answer)
             :classes classes :strikes strikes :operations (:ok counts) :seconds seconds
             :because (why case answer)}))
        cases))

(def ^:private classes-shown 4)

(defn- found [classes]
  (str/join " " (concat (map name (take classes-shown classes))
                        (when (< classes-shown (count classes))
                          [(str "and " (- (count classes) classes-shown) " more")]))))

(defn- line [{:keys [lie workload harmless flagged right classes strikes operations seconds
                     because]}]
  (format "%-22s %-14s %7d %7d %7.1f  %-12s %s%s"
          (str (some-> lie name) (when-not lie "(clean)") (when harmless " *")) (name workload)
          operations strikes (double seconds)
          (if flagged "flagged" "not flagged")
          (found classes)
          (if right "" (str "  <- WRONG" (when because (str ": " because))))))

(defn- tally [rows what]
  (str (count (filter :flagged rows)) " of " (count rows) " " what " flagged"))

(defn table
  "The revealed rows as text: lies, harmless ones, clean runs."
  [rows]
  (let [clean    (filter (comp nil? :lie) rows)
        harmless (filter :harmless rows)
        lying    (filter #(and (:lie %) (not (:harmless %))) rows)]
    (str/join "\n"
              (concat
               [(format "%-22s %-14s %7s %7s %7s  %-12s %s"
                        "lie (* harmless)" "workload" "acks" "strikes" "seconds" "answer" "found")]
               (map line (concat (sort-by (comp str :lie) lying)
                                 (sort-by (comp str :lie) harmless)
                                 (sort-by (comp str :workload) clean)))
               [""
                (str/join ", " [(tally lying "lies") (tally harmless "harmless ones")
                                (tally clean "clean runs")])]))))

;; ---- running it ----

(defn- answer!
  "Runs one case and judges its history. The judge is not told the case."
  [cluster dir {:keys [number] :as it} control]
  (let [began   (System/nanoTime)
        write!  (store/history-writer! (io/file dir (str "case-" number ".edn")))
        ran     (try (case/run! cluster it (assoc control :write! write!)) (finally (write!)))
        answer  (case/judge (case/options it) (:history ran))]
    (assoc answer :strikes (:strikes ran) :seconds (/ (- (System/nanoTime) began) 1e9))))

(defn- without-sentinels!
  "Roles must stay as they are, however long this machine makes a server wait."
  [cluster]
  (doseq [node shape/nodes] (cluster/kill! cluster :sentinel node)))

(defn answers!
  "Runs the cases one after another on one cluster under dir: {number answer}."
  [dir system cases {:keys [on-cluster stop?] :as control}]
  (let [cluster (cluster/cluster! system ((db/systems system)) (io/file dir "servers") on-cluster)]
    (try
      (without-sentinels! cluster)
      (into {}
            (for [it cases :while (not (stop?))]
              (do (println (format "case %d of %d: %s" (inc (:number it)) (count cases)
                                   (name (:workload it))))
                  [(:number it) (answer! cluster dir it control)])))
      (finally (cluster/stop! cluster)))))

(def ^:private self-test-keys
  [:lie :workload :harmless :flagged :right :classes :strikes :operations :seconds])

(defn- save! [dir {:keys [seed system]} rows]
  (spit (io/file dir "selftest.json")
        (json/write-str {:seed seed :system system
                         :self_test (mapv #(select-keys % self-test-keys) rows)})))

(defn run!
  "The self-test. opts: :seed, :time-s of each lie, :lies, :system, :out. Prints the table and
  returns the exit status: 0 when every answer is the one it must be, else 1; 4 when it was
  interrupted."
  [{:keys [seed out system] :as opts}]
  (run/must-have-all! [system])
  (let [dir   (store/new-dir! out (watchword/root) seed)
        cases (plan opts)]
    (println (str "self-test, seed " seed ", folder " dir))
    (run/with-interrupts
      (fn [{:keys [stop?] :as control}]
        (let [answers (answers! dir system cases control)]
          (if (stop?)
            4
            (let [rows (reveal cases answers)]
              (save! dir opts rows)
              (println (str "\n" (table rows)))
              (if (every? :right rows) 0 1))))))))

;; ---- the command line ----

(def ^:private options
  [[nil "--seed N" "seed of order, load and moments (default: drawn, and printed)"
    :parse-fn parse-long :validate [some? "must be an integer"]]
   [nil "--time S" "seconds of load for each lie, thrice those of a clean run"
    :id :time-s :default 3 :parse-fn parse-long
    :validate [#(and % (<= 1 % 600)) "must be 1 to 600"]]
   [nil "--lies NAMES" (str "by commas (default: all): " (str/join " " (map name (keys lies/lies))))
    :parse-fn lies/parse]
   [nil "--system NAME" "what stands behind the proxy: stock or watchword" :default :stock
    :parse-fn #(first (db/parse %))]
   [nil "--out DIR" "folder; empty or absent (default: chaos/store/...)"]
   ["-h" "--help" "this text"]])

(defn main
  "The exit status of `chaos self-test` with these arguments."
  [args]
  (let [{:keys [options arguments errors summary]} (tools/parse-opts args options)]
    (cond
      (seq errors)     (throw (registry/usage-error (str/join "\n" errors)))
      (seq arguments)  (throw (registry/usage-error (str "unknown argument " (first arguments))))
      (:help options)  (do (println (str "chaos self-test [options]\n\nOptions:\n" summary)) 0)
      :else            (run! (merge {:seed (rand-int 1000000) :lies (vec (keys lies/lies))}
                                    options)))))
