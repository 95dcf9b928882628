(ns chaos.cluster.files
  "Where the nodes of a cluster keep what: each a folder n<j> with its configuration, logs and
  data, under the folder of the cell."
  (:require [chaos.db.system :as system]
            [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (java.io File)))

(defn node-dir ^File [cluster node] (io/file (:dir cluster) (str "n" node)))

(defn disk-dir
  "Where a disk of the node's own is mounted, if the fault wants one to break."
  ^File [cluster node]
  (io/file (node-dir cluster node) "data"))

(defn- data-dir
  "Where a process keeps its data. A disk that is small on purpose is the server's alone: the
  log of a Raft library may claim more than it holds."
  ^File [{:keys [disk-kind] :as cluster} kind node]
  (if (or (= :ext4 disk-kind) (and disk-kind (= :server kind)))
    (disk-dir cluster node)
    (node-dir cluster node)))

(defn config-file ^File [cluster kind node]
  (io/file (node-dir cluster node) (str (name kind) ".conf")))

(defn write-config!
  "The configuration of a process that begins as replica of master (nil: of none). Servers get
  the directives of the fault (:server-lines) last, so that these are the ones that hold."
  [{:keys [nodes net server-lines] :as cluster} kind node master]
  (let [place {:node node :nodes nodes :net net :master master
               :dir (node-dir cluster node) :data (data-dir cluster kind node)}
        lines (concat (system/config (:system cluster) kind place)
                      (when (= :server kind) server-lines))]
    (.mkdirs (node-dir cluster node))
    (spit (config-file cluster kind node) (str (str/join "\n" lines) "\n"))))
