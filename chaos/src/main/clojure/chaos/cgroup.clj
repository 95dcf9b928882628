(ns chaos.cgroup
  "A share of the CPU for one process, by a control group of its own: `cpu.max` of version 2
  where the cpu controller is there, `cpu.cfs_quota_us` of version 1 else. Groups carry the pid
  of this program in their names."
  (:require [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (java.io File IOException)
           (java.lang ProcessHandle)))

(def ^:private period-us 100000)

(def ^:private hierarchies
  "Where groups are made: v2, then v1."
  [{:version 2 :at "/sys/fs/cgroup"} {:version 1 :at "/sys/fs/cgroup/cpu"}])

(defn- usable? [{:keys [version at]}]
  (let [text #(try (slurp (io/file at %)) (catch IOException _ ""))]
    (case (int version)
      2 (some #{"cpu"} (str/split (str/trim (text "cgroup.subtree_control")) #"\s+"))
      1 (.isFile (io/file at "cpu.cfs_quota_us")))))

(defn- hierarchy [] (first (filter usable? hierarchies)))

(defn- group ^File [{:keys [at]} label]
  (io/file at (str "chaos-" (.pid (ProcessHandle/current)) "-" label)))

(defn- limit! [{:keys [version]} dir percent]
  (let [quota (quot (* period-us percent) 100)]
    (case (int version)
      2 (spit (io/file dir "cpu.max") (str quota " " period-us))
      1 (do (spit (io/file dir "cpu.cfs_period_us") (str period-us))
            (spit (io/file dir "cpu.cfs_quota_us") (str quota))))))

(defn- remove!
  "Sets free whoever is in the group, and removes it; safe to repeat."
  [where ^File dir]
  (when (.isDirectory dir)
    (doseq [left (str/split-lines (slurp (io/file dir "cgroup.procs"))) :when (not= "" left)]
      (try (spit (io/file (:at where) "cgroup.procs") left)
           (catch IOException _ "the process ended meanwhile")))
    (.delete dir)))

(defn throttle!
  "Gives the process percent of one CPU. Returns a function that undoes it and may be called
  again; nothing is left when it fails."
  [label pid percent]
  (let [where (or (hierarchy) (throw (ex-info "no cpu controller for control groups" {:exit 3})))
        dir   (group where label)]
    (try
      (.mkdir dir)
      (limit! where dir percent)
      (spit (io/file dir "cgroup.procs") (str pid))
      (catch Throwable t (remove! where dir) (throw t)))
    (fn undo [] (remove! where dir))))

(defn complaint
  "Why this machine cannot do it, or nil."
  []
  (if-let [where (hierarchy)]
    (let [dir (group where "probe")]
      (try
        (when-not (.mkdir dir) (throw (IOException. (str dir " cannot be made"))))
        (limit! where dir 50)
        nil
        (catch IOException e (.getMessage e))
        (finally (.delete dir))))
    "neither version of control groups offers the cpu controller"))
