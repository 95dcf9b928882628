(ns chaos.machine
  "What the run ran on: a figure without its machine cannot be compared."
  (:require [clojure.string :as str])
  (:import (java.io IOException)
           (java.lang.management ManagementFactory)
           (java.nio.file Files Path)))

(defn- first-match
  "nil where there is no such file. Files under /proc have no size, which readers of streams
  do not all survive; whole reads do."
  [file pattern]
  (try
    (some #(second (re-find pattern %))
          (str/split-lines (String. (Files/readAllBytes (Path/of file (make-array String 0))))))
    (catch IOException _ nil)))

(defn load-average
  "The load of the last minute, or nil where the system does not tell."
  []
  (let [load (.getSystemLoadAverage (ManagementFactory/getOperatingSystemMXBean))]
    (when-not (neg? load) load)))

(defn describe []
  {:os        (str (System/getProperty "os.name") " " (System/getProperty "os.version"))
   :cpu       (first-match "/proc/cpuinfo" #"^model name\s*:\s*(.*)")
   :cores     (.availableProcessors (Runtime/getRuntime))
   :memory-mb (some-> (first-match "/proc/meminfo" #"^MemTotal:\s*(\d+)") parse-long (quot 1024))
   :java      (System/getProperty "java.vm.version")
   :clojure   (clojure-version)
   :load      (load-average)})
