(ns chaos.workload.durability
  "Unique adds to servers that write an append-only file, under one fsync policy (--fsync,
  option :fsync, :always by default, or :everysec or :no): what was acknowledged must be there
  after everything went down at once and came back. It asks for a fault that kills every server
  together (:kill-all, :power-cut); others leave a master to copy from, and show nothing of
  the disk.

  The first operation turns the file on everywhere (CONFIG SET, then CONFIG REWRITE, so that
  a restarted server has it too) and waits until each file is complete.

  A kill -9 takes the process but not the kernel's cache, so under it all three policies keep
  what was written at all; only a power cut tells them apart. The final master is asked: what
  a failover to a replica lost is counted as lost as well, whoever's disk still had it."
  (:require [chaos.checker.durability :as checker]
            [chaos.client :as client]
            [chaos.client.discovery :as discovery]
            [chaos.resp :as resp]
            [chaos.workload.elements :as elements]
            [chaos.workload.support :as support]
            [clojure.string :as str])
  (:import (java.io IOException)
           (java.util.concurrent.locks LockSupport)))

(def ^:private key-prefix "durability:")
(def ^:private ready-ns-max 10000000000)
(def ^:private poll-ns 50000000)

(def policy-default :always)
(def policies "The names of the policies, with what the checker knows of each." checker/bounds-s)

(defn- policy [{:keys [fsync] :or {fsync policy-default}}]
  (if (policies fsync)
    fsync
    (throw (ex-info (str "unknown fsync policy " fsync) {:exit 2}))))

;; ---- turning the file on ----

(defn- file-complete? [conn]
  (let [lines (set (str/split-lines (resp/must! conn "INFO" "persistence")))]
    (every? lines ["aof_enabled:1" "aof_rewrite_in_progress:0" "aof_rewrite_scheduled:0"])))

(defn- await-file! [conn]
  (let [deadline (+ (System/nanoTime) (long ready-ns-max))]
    (loop []
      (cond (file-complete? conn)           true
            (< deadline (System/nanoTime))  false
            :else                           (do (LockSupport/parkNanos poll-ns) (recur))))))

(defn- turn-on! [{:keys [from]} policy address]
  (with-open [conn (resp/connect (assoc address :from from :timeout-ms discovery/op-timeout-ms))]
    (resp/must! conn "CONFIG" "SET" "appendfsync" (name policy))
    (resp/must! conn "CONFIG" "SET" "appendonly" "yes")
    (resp/must! conn "CONFIG" "REWRITE")
    (await-file! conn)))

(defn- turn-on-everywhere!
  "Whether the master and every listed replica now write the file."
  [{:keys [spec]} policy]
  (try
    (with-open [master (discovery/discover! spec 0)]
      (let [servers (cons (select-keys master [:host :port]) (discovery/replicas spec 0))]
        (every? #(turn-on! spec policy %) servers)))
    (catch IOException _ false)))

(defn- ready!
  "Turns the file on once for all clients; whoever comes meanwhile waits. A failed attempt is
  made again by the next operation."
  [ready client policy]
  (or @ready
      (locking ready
        (or @ready (reset! ready (turn-on-everywhere! client policy))))))

(defn- add! [client {:keys [value] :as op}]
  (client/with-master! client op
    (fn [conn commit!]
      (commit!)
      (client/must! conn "SET" (str key-prefix value) value)
      {})))

(defn workload
  "Options besides the common ones: :fsync."
  [{:keys [clients] :as opts}]
  (let [policy (policy opts)
        ready  (atom false)]
    {:needs           #{"SET" "GET" "MGET" "SCAN" "CONFIG" "BGREWRITEAOF"}
     :invoke          (fn [client op]
                        (if (ready! ready client policy)
                          (add! client op)
                          (assoc op :type :fail :error :no-append-only-file)))
     :generator       (support/paced opts :durability
                                     (fn [t _ i] {:f :add :value (+ t (* clients i))}))
     :final-generator (elements/final-reads opts)
     :read-node       (elements/reader key-prefix)
     :checker         (fn [history opts] (checker/check history (assoc opts :fsync policy)))
     :promised        #{:lost}
     :recheck         checker/recheck}))
