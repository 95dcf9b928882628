(ns chaos.db.system
  "What a system under test must be able to say about itself. A node is an integer j; its
  server and its sentinel listen on 127.0.0.j and are reached by others at 127.0.1.j; the server
  calls others from 127.0.0.j, the sentinel from 127.0.2.j, so that the mesh can cut every link."
  (:require [chaos.mesh :as mesh])
  (:import (java.io File)))

(defprotocol Database
  (lacks [system]
    "What this machine lacks to run it, as a sentence, or nil.")
  (argv [system kind file]
    "The command line that runs a :server or a :sentinel with a configuration file. The
    process it starts must be the node itself (exec), since faults go to its pid.")
  (environment [system nodes]
    "Environment variables for these processes, a map of strings, when there are that many nodes.")
  (config [system kind place]
    "Lines of the configuration file. place = {:node :nodes :ports :dir :data :master}: :ports
    maps kinds to numbers, :dir is for logs, :data for data, :master is the node that a server
    begins as replica of (nil: none).")
  (claims [system]
    "Set of claims that this system makes and the verdict holds it to; see chaos.verdict."))

(def down-after-ms 1000)

(defn server-lines
  "Directives that every Redis-like server understands. No persistence, unless a fault asks for
  it: a killed master comes back empty, which is the hardest case for the failover."
  [{:keys [node ports ^File dir ^File data master]}]
  (cond-> [(str "port " (:server ports))
           (str "bind " (mesh/node-address node))
           (str "bind-source-addr " (mesh/node-address node))
           "protected-mode no"
           (str "dir " (.getPath data))
           "dbfilename dump.rdb"
           (str "logfile " (.getPath (File. dir "server.log")))
           "save \"\""
           "repl-diskless-sync-delay 0"
           (str "replica-announce-ip " (mesh/public-address node))
           (str "replica-announce-port " (:server ports))]
    master (conj (str "replicaof " (mesh/public-address master) " " (:server ports)))))

(defn quorum "Sentinels that make a majority of n." [n] (inc (quot n 2)))

(defn sentinel-lines
  [{:keys [node nodes ports ^File dir ^File data master]}]
  [(str "port " (:sentinel ports))
   (str "bind " (mesh/node-address node))
   (str "bind-source-addr " (mesh/sentinel-source node))
   "protected-mode no"
   (str "dir " (.getPath data))
   (str "logfile " (.getPath (File. dir "sentinel.log")))
   (str "sentinel announce-ip " (mesh/public-address node))
   (str "sentinel announce-port " (:sentinel ports))
   (str "sentinel monitor mymaster " (mesh/public-address master) " " (:server ports)
        " " (quorum (count nodes)))
   (str "sentinel down-after-milliseconds mymaster " down-after-ms)])
