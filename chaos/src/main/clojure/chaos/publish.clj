(ns chaos.publish
  "`./watchword report DIR...`: puts runs into a folder of reports that is read as files, by
  default docs/reports: one folder a run (its page, results.json, the histories), and an
  index over all of them. DIR may be that of a self-test too, whose answers then stand in the
  index and in every page. Every page in the folder is written anew, those of earlier runs
  too, so that all of them are of one make; without DIR nothing else happens.

  Only results.json of version 2 is read. A history that the run no longer has is left out,
  and its page does not link to it."
  (:require [chaos.db.watchword :as watchword]
            [chaos.registry :as registry]
            [chaos.report :as report]
            [chaos.report.overview :as overview]
            [clojure.data.json :as json]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.tools.cli :as tools])
  (:import (java.io File)))

(def ^:private version 2)

(def ^:private options
  [[nil "--out DIR" "folder of the reports (default: docs/reports of the tree)"]
   [nil "--no-histories" "leave the histories where they are" :id :no-histories?]
   ["-h" "--help" "this text"]])

(defn- usage [summary]
  (str "report DIR...   publishes these runs and self-tests, with an index of all\n"
       "report          writes the pages in the folder anew\n\nOptions:\n" summary))

(defn- read-json [file] (json/read-str (slurp file) :key-fn keyword))

(defn- file-name?
  "Whether text can name a file or folder of its own."
  [text]
  (re-matches #"[A-Za-z0-9][A-Za-z0-9._-]*" (str text)))

(defn- read-results
  "results.json of a run's folder; throws with exit status 2 when it cannot be rendered."
  [dir]
  (let [file (io/file dir "results.json")
        data (read-json file)]
    (when (not= version (:version data))
      (throw (registry/usage-error
              (str file " is of version " (:version data) ", not " version
                   "; `./watchword chaos analyze " dir "` computes it anew"))))
    (when-not (file-name? (:run data))
      (throw (registry/usage-error (str file ": \"" (:run data) "\" cannot name a folder"))))
    data))

(defn- read-self-test [file]
  (let [{:keys [system seed] :as data} (read-json file)]
    (when-not (and (file-name? system) (integer? seed) (sequential? (:self_test data)))
      (throw (registry/usage-error (str file " is no self-test"))))
    data))

(defn- read-given
  "What a folder named on the command line holds: {:dir :run} or {:dir :self-test}."
  [dir]
  (let [self-test (io/file dir "selftest.json")]
    (cond
      (.isFile (io/file dir "results.json")) {:dir dir :run (read-results dir)}
      (.isFile self-test)                    {:dir dir :self-test (read-self-test self-test)}
      :else (throw (registry/usage-error
                    (str dir " has neither results.json nor selftest.json"))))))

(defn- inside?
  "Whether a path of a results.json stays in the run's folder."
  [path]
  (not-any? #{"" "." ".."} (str/split path #"/" -1)))

(defn- keep-history!
  "The cell, its history copied to target; without :history when there is none to keep."
  [dir target histories? {:keys [history] :as cell}]
  (let [from (when (and histories? history (inside? history)) (io/file dir history))
        to   (when from (io/file target history))]
    (cond
      (not (some-> ^File from .isFile)) (dissoc cell :history)
      (= (.getCanonicalFile ^File from) (.getCanonicalFile ^File to)) cell
      :else (do (io/make-parents to) (io/copy from to) cell))))

(defn- spit-json! [file data]
  (spit file (str (json/write-str data :escape-slash false) "\n")))

(defn- publish! [out histories? {:keys [dir run self-test]}]
  (if run
    (let [target (io/file out (:run run))]
      (.mkdirs target)
      (spit-json! (io/file target "results.json")
                  (update run :cells
                          #(mapv (partial keep-history! dir target histories?) %))))
    (spit-json! (io/file out (str "self-test-" (:system self-test) "-seed" (:seed self-test)
                                  ".json"))
                self-test)))

(defn- files [out keep?] (sort-by #(.getName ^File %) (filter keep? (.listFiles (io/file out)))))

(defn- run-dirs [out] (files out #(.isFile (io/file % "results.json"))))

(defn- self-test-files [out]
  (files out #(re-matches #"self-test-.*\.json" (.getName ^File %))))

(defn- write-pages!
  "The page of every run in out, and the index; returns the results."
  [out]
  (let [dirs       (run-dirs out)
        runs       (mapv read-results dirs)
        self-tests (mapv read-self-test (self-test-files out))]
    (doseq [[dir run] (map vector dirs runs)]
      (report/save! dir (json/write-str (assoc run :self_tests self-tests))))
    (spit (io/file out "index.html") (overview/page runs self-tests))
    runs))

(defn publish-all!
  "Publishes the runs and self-tests of dirs into out, writes all pages, and returns the
  results of all runs."
  [dirs out histories?]
  (let [given (mapv read-given dirs)
        names (keep (comp :run :run) given)
        twice (first (for [[run n] (frequencies names) :when (< 1 n)] run))]
    (when twice (throw (registry/usage-error (str "two of the runs are called " twice))))
    (when (and (empty? dirs) (empty? (run-dirs out)))
      (throw (registry/usage-error (str "no run was named, and there is none in " out))))
    (.mkdirs (io/file out))
    (run! #(publish! out histories? %) given)
    (write-pages! out)))

(defn- default-out [] (io/file (or (watchword/root) ".") "docs" "reports"))

(defn main
  "The exit status of `report` with these arguments; throws with :exit on bad ones."
  [args]
  (let [{:keys [options arguments errors summary]} (tools/parse-opts args options)]
    (cond
      (:help options) (do (println (usage summary)) 0)
      (seq errors)    (throw (registry/usage-error (str/join "\n" errors)))
      :else
      (let [out  (or (:out options) (default-out))
            runs (publish-all! arguments out (not (:no-histories? options)))]
        (doseq [{:keys [run cells]} runs]
          (println (str "  " (io/file out run "index.html") "  " (count cells) " cells")))
        (println (str "index: " (io/file out "index.html")))
        0))))
