(ns chaos.disk-test
  "What a disk or a control group leaves behind when it cannot be made. Neither needs root: what
  the machine refuses and what cannot be done is all the same here."
  (:require [chaos.cgroup :as cgroup]
            [chaos.disk :as disk]
            [chaos.shell :as shell]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [deftest is]])
  (:import (java.io File IOException)))

(deftest should-leave-no-image-of-a-disk-that-cannot-be-mounted
  (let [dir (doto (io/file "target" (str "disk-" (System/nanoTime))) (.mkdirs))
        at  (io/file dir "data")]
    (spit at "a file is no place for a disk")
    (is (thrown? Exception (disk/mount! (disk/disk :ext4 at))))
    (is (= ["data"] (vec (.list ^File dir))))))

(deftest should-not-come-back-when-it-is-gone
  (let [disk (disk/disk :ext4 (io/file "target" (str "disk-" (System/nanoTime)) "data"))]
    (disk/free! disk)
    (is (thrown-with-msg? Exception #"is gone" (disk/cut-power! disk)))))

(deftest should-complain-where-there-is-no-folder-to-try-it-in
  (with-redefs [disk/scratch! #(throw (IOException. "/tmp is not there"))]
    (doseq [kind [:tmpfs :ext4]]
      (is (= "no folder to try it in: java.io.IOException: /tmp is not there"
             (disk/complaint kind))))))

(def ^:private nobody "More than any pid can be." 2000000000)

(defn- groups []
  (for [at ["/sys/fs/cgroup" "/sys/fs/cgroup/cpu"], name (.list (io/file at))
        :when (str/starts-with? name (str "chaos-" (.pid (java.lang.ProcessHandle/current)) "-"))]
    name))

(deftest should-leave-no-group-that-nobody-is-in
  (is (thrown? Exception (cgroup/throttle! "test" nobody 5)))
  (is (empty? (groups))))

(deftest should-remove-a-group-twice
  (if-let [complaint (cgroup/complaint)]
    (is (string? complaint) "who may make no group is told why")
    (let [sleeper (.start (ProcessBuilder. ["sleep" "600"]))]
      (try
        (let [undo (cgroup/throttle! "test" (.pid sleeper) 5)]
          (is (= 1 (count (groups))))
          (undo)
          (is (empty? (groups)))
          (is (nil? (undo))))
        (finally (.destroyForcibly sleeper))))))

(defn- sleepers [seconds]
  (filter #(str/includes? (str (.orElse (.commandLine (.info ^java.lang.ProcessHandle %)) ""))
                          (str "sleep " seconds))
          (iterator-seq (.iterator (.descendants (java.lang.ProcessHandle/current))))))

(defn- await-true [f]
  (let [deadline (+ (System/nanoTime) 5000000000)]
    (loop []
      (cond (f)                            true
            (< deadline (System/nanoTime)) false
            :else                          (do (Thread/onSpinWait) (recur))))))

(deftest should-end-a-program-whose-thread-is-interrupted
  (let [thread (doto (Thread. #(try (shell/run! ["sleep" "86399"])
                                    (catch InterruptedException _ nil)))
                 (.start))]
    (is (await-true #(seq (sleepers 86399))))
    (.interrupt thread)
    (.join thread 5000)
    (is (await-true #(empty? (sleepers 86399))))))

(deftest should-run-programs-also-when-the-pool-of-clojure-is-closed
  (with-redefs [clojure.core/future-call (fn [_] (throw (IllegalStateException. "closed")))]
    (is (= {:exit 0 :out "said"} (shell/run! ["echo" "said"])))))
