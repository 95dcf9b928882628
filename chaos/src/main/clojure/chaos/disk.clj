(ns chaos.disk
  "Disks of nodes that can be filled, stalled, and cut from their power. A node's data folder
  is mounted for the run:

    :tmpfs  a small file system in memory, that is full soon
    :ext4   an image file, mounted by loop. The file is the platter: what the kernel has not
            written to it when it is copied is what a power cut loses, and mounting the copy
            replays the journal. Freezing the file system holds every write up.

  Needs root. What it cannot show: a drive that lies about having written, and torn sectors."
  (:require [chaos.failure :as failure]
            [chaos.shell :as shell]
            [clojure.java.io :as io])
  (:import (java.io File FileOutputStream IOException)
           (java.nio.file Files)
           (java.nio.file.attribute FileAttribute)))

(def ^:private tmpfs-size "32m")
(def ^:private image-size "Sparse: only what is written takes room on the disk below." "1G")

(defn- image ^File [^File at n] (io/file (.getParentFile at) (str (.getName at) "." n ".img")))

(defn- loop-mount! [image at]
  (shell/must! ["mount" "-o" "loop,noatime" image at]))

(defn disk
  "A disk of the kind that is to be mounted at a folder."
  [kind at]
  {:kind kind :at at :cuts (atom 0) :freed (atom false)})

(defn- unmount! [{:keys [at]}]
  ;; A child that the killed server left behind may still write its snapshot for a moment.
  (loop [tries 0]
    (when-not (shell/ok? ["umount" at])
      (if (< tries 20)
        (do (Thread/sleep 100) (recur (inc tries)))
        (shell/must! ["umount" "-l" at])))))

(defn free!
  "Takes the disk away, with all it holds, whatever became of it before; safe to repeat."
  [{:keys [^File at cuts freed] :as disk}]
  (locking cuts
    (reset! freed true)
    (when (shell/ok? ["mountpoint" "-q" at])
      (shell/run! ["fsfreeze" "-u" at])
      (unmount! disk))
    ;; One more than there were cuts: the copy of a cut that failed half-way.
    (doseq [n (range (+ 2 @cuts))] (.delete (image at n)))))

(defn mount!
  "Mounts the disk. Nothing is left of it when that fails."
  [{:keys [kind ^File at] :as disk}]
  (.mkdirs at)
  (try
    (case kind
      :tmpfs (shell/must! ["mount" "-t" "tmpfs" "-o" (str "size=" tmpfs-size) "tmpfs" at])
      :ext4  (let [file (image at 0)]
               (shell/must! ["truncate" "-s" image-size file])
               (shell/must! ["mkfs.ext4" "-q" "-F" file])
               (loop-mount! file at)))
    (catch Throwable t (free! disk) (throw t))))

(defn fill!
  "Writes until the disk is full. Returns the bytes that it took."
  [{:keys [at]}]
  (with-open [out (FileOutputStream. (io/file at "filler"))]
    (let [chunk (byte-array 65536)]
      (loop [bytes 0]
        (if (try (.write out chunk) true (catch IOException _ false))
          (recur (+ bytes (alength chunk)))
          bytes)))))

(defn empty!
  "Undoes fill!."
  [{:keys [at]}]
  (.delete (io/file at "filler")))

(defn freeze! "Holds every write up until thaw!." [{:keys [at]}]
  (shell/must! ["fsfreeze" "-f" at]))

(defn thaw! [{:keys [at]}] (shell/run! ["fsfreeze" "-u" at]))

(defn cut-power!
  "What is on the platter now is all that is left. The processes must be dead already."
  [{:keys [at cuts freed] :as disk}]
  (locking cuts
    (when @freed (throw (ex-info (str "the disk at " at " is gone") {})))
    (let [copy (image at (inc @cuts))]
      (shell/must! ["cp" "--sparse=always" (image at @cuts) copy])
      (swap! cuts inc)
      (unmount! disk)
      (loop-mount! copy at))))

(defn- scratch! ^File []
  (.toFile (Files/createTempDirectory "chaos-disk" (make-array FileAttribute 0))))

(defn- with-scratch
  "The complaint of (complain folder); a machine without a folder for it has that to complain of."
  [complain]
  (try
    (let [dir (scratch!)
          at  (io/file dir "data")]
      (.mkdir at)
      (try (complain at)
           (finally (when (shell/ok? ["mountpoint" "-q" at]) (unmount! {:at at}))
                    (doseq [file (reverse (file-seq dir))] (.delete ^File file)))))
    (catch IOException e (str "no folder to try it in: " (failure/sentence (failure/of e))))))

(defn complaint
  "Why this machine cannot mount such a disk, or nil."
  [kind]
  (with-scratch
    (fn [at]
      (case kind
        :tmpfs (shell/complaint ["mount" "-t" "tmpfs" "-o" "size=1m" "tmpfs" at])
        :ext4  (let [file (image at 0)]
                 (shell/complaint ["truncate" "-s" "8M" file] ["mkfs.ext4" "-q" "-F" file]
                                  ["mount" "-o" "loop" file at]
                                  ["fsfreeze" "-f" at] ["fsfreeze" "-u" at]))))))
