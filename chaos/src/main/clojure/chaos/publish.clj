(ns chaos.publish
  "`./watchword report DIR...`: puts runs into a folder of reports that is read as files, by
  default docs/reports: one folder a run (its page, results.json, the histories), and an
  index over all of them. Every page in the folder is written anew, those of earlier runs
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
  (str "report DIR...   writes the pages of these runs, and the index of all\n"
       "report          writes the pages in the folder anew\n\nOptions:\n" summary))

(defn- read-results
  "results.json of a run's folder; throws with exit status 2 when it cannot be rendered."
  [dir]
  (let [file (io/file dir "results.json")]
    (when-not (.isFile file)
      (throw (registry/usage-error (str dir " is not the folder of a run: no results.json"))))
    (let [data (json/read-str (slurp file) :key-fn keyword)]
      (when (not= version (:version data))
        (throw (registry/usage-error
                (str file " is of version " (:version data) ", not " version
                     "; `./watchword chaos analyze " dir "` computes it anew"))))
      (when-not (re-matches #"[A-Za-z0-9][A-Za-z0-9._-]*" (str (:run data)))
        (throw (registry/usage-error (str file ": \"" (:run data) "\" cannot name a folder"))))
      data)))

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

(defn- publish! [out histories? {:keys [dir data]}]
  (let [target (io/file out (:run data))
        kept   (update data :cells #(mapv (partial keep-history! dir target histories?) %))]
    (.mkdirs target)
    (spit (io/file target "results.json")
          (str (json/write-str kept :escape-slash false) "\n"))))

(defn- published
  "The folders of runs in out."
  [out]
  (->> (.listFiles (io/file out))
       (filter #(.isFile (io/file % "results.json")))
       (sort-by #(.getName ^File %))))

(defn- write-pages!
  "The page of every run in out, and the index; returns the results."
  [out]
  (let [dirs (published out)
        runs (mapv read-results dirs)]
    (doseq [dir dirs] (report/save! dir (slurp (io/file dir "results.json"))))
    (spit (io/file out "index.html") (overview/page runs))
    runs))

(defn publish-all!
  "Publishes the runs of dirs into out, writes all pages, and returns the results of all."
  [dirs out histories?]
  (let [given  (mapv (fn [dir] {:dir dir :data (read-results dir)}) dirs)
        names  (map (comp :run :data) given)
        twice  (first (for [[run n] (frequencies names) :when (< 1 n)] run))]
    (when twice (throw (registry/usage-error (str "two of the runs are called " twice))))
    (when (and (empty? dirs) (empty? (published out)))
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
