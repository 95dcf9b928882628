(ns chaos.store
  "Where a run is kept. One folder a run:

    run.edn        seed, command, machine, the plan of cells
    results.json   the findings, docs/formats/results.md (HTML only renders them)
    index.html     the report
    <system>-<nemesis>/
      cell.edn     what this cell was
      failure.txt  the stack trace, if the harness failed in it; analysis-failure.txt likewise
                   of what failed when its history was judged
      history.edn  the history, one operation a line, written while the run goes; packed to
                   history.edn.gz when it is complete
      n1 n2 n3     configuration and logs of the nodes

  A history is complete on disk before anything is computed from it. A last line that was
  cut off (the machine stopped) is dropped when read; a damaged line anywhere else is an
  error that names it."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (java.io BufferedReader BufferedWriter File IOException)
           (java.time LocalDateTime)
           (java.time.format DateTimeFormatter)
           (java.util.zip GZIPInputStream GZIPOutputStream)))

(def ^:private flush-ns 500000000)

(defn new-dir!
  "The folder for a run: `out` if given, which must be empty or absent, else a new one under
  chaos/store of the tree, or of the working folder when there is no tree."
  ^File [out root seed]
  (let [stamp (.format (LocalDateTime/now) (DateTimeFormatter/ofPattern "yyyyMMdd-HHmmss"))
        dir   (if out
                (io/file out)
                (io/file (or root ".") "chaos" "store" (str stamp "-seed" seed)))]
    (when (seq (.list ^File dir))
      (throw (ex-info (str "the folder " dir " is not empty") {:exit 2})))
    (when-not (or (.isDirectory ^File dir) (.mkdirs ^File dir))
      (throw (ex-info (str "cannot make the folder " dir) {:exit 3})))
    (.getAbsoluteFile ^File dir)))

(defn cell-dir ^File [dir {:keys [system nemesis]}]
  (io/file dir (str (name system) "-" (name nemesis))))

(defn save-edn! [file value]
  (io/make-parents file)
  (spit file (str (pr-str value) "\n")))

(defn load-edn [file] (edn/read-string (slurp file)))

(defn history-writer!
  "A function that appends an operation to the file, and with no argument closes it. One
  thread calls it. Flushed twice a second."
  [file]
  (io/make-parents file)
  (let [^BufferedWriter out (io/writer file)
        flushed (volatile! (System/nanoTime))]
    (fn
      ([] (.close out))
      ([op]
       (.write out (pr-str op))
       (.newLine out)
       (let [now (System/nanoTime)]
         (when (< (long flush-ns) (- now (long @flushed)))
           (.flush out)
           (vreset! flushed now)))))))

(defn pack!
  "Packs the complete history of a cell."
  [cell-dir]
  (let [plain  (io/file cell-dir "history.edn")
        begun  (io/file cell-dir "history.edn.gz.part")
        packed (io/file cell-dir "history.edn.gz")]
    (when (.isFile plain)
      (try
        (with-open [out (GZIPOutputStream. (io/output-stream begun))]
          (io/copy plain out))
        (catch IOException e (.delete begun) (throw e)))
      (.renameTo begun packed)
      (.delete plain))))

(defn history-file
  "The history of a cell, packed or not."
  ^File [cell-dir]
  (let [packed (io/file cell-dir "history.edn.gz")]
    (if (.isFile packed) packed (io/file cell-dir "history.edn"))))

(defn- history-reader [^File file]
  (if (str/ends-with? (.getName file) ".gz")
    (io/reader (GZIPInputStream. (io/input-stream file)))
    (io/reader file)))

(defn- parse-line [file n line last?]
  (try
    (edn/read-string line)
    (catch RuntimeException e
      (when-not last?
        (throw (ex-info (str file ": line " (inc n) " is damaged: " (.getMessage e)) {:exit 2}))))))

(defn load-history
  "The operations of a history file, in order."
  [file]
  (with-open [in ^BufferedReader (history-reader (io/file file))]
    (let [lines (vec (remove str/blank? (line-seq in)))
          end   (dec (count lines))]
      (into [] (comp (map-indexed (fn [n line] (parse-line file n line (= n end))))
                     (remove nil?))
            lines))))
