(ns chaos.cluster.files
  "Where the nodes of a cluster keep what: each a folder n<j> with its configuration, logs and
  data, under the folder of the cell."
  (:require [chaos.db.system :as system]
            [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (java.io File)))

(defn node-dir ^File [cluster node] (io/file (:dir cluster) (str "n" node)))

(defn data-dir
  "Where a node keeps its data: on a disk of its own if the fault wants one to break."
  ^File [{:keys [disk-kind] :as cluster} node]
  (if disk-kind (io/file (node-dir cluster node) "data") (node-dir cluster node)))

(defn config-file ^File [cluster kind node]
  (io/file (node-dir cluster node) (str (name kind) ".conf")))

(defn write-config!
  "The configuration of a process that begins as replica of master (nil: of none). Servers get
  the directives of the fault (:server-lines) last, so that these are the ones that hold."
  [{:keys [nodes net server-lines] :as cluster} kind node master]
  (let [place {:node node :nodes nodes :net net :master master
               :dir (node-dir cluster node) :data (data-dir cluster node)}
        lines (concat (system/config (:system cluster) kind place)
                      (when (= :server kind) server-lines))]
    (.mkdirs (node-dir cluster node))
    (spit (config-file cluster kind node) (str (str/join "\n" lines) "\n"))))
