(ns chaos.db.system
  "What a system under test must be able to say about itself. A node is an integer j; its
  network says where its server and its sentinel listen, where others reach them, and where they
  call from, each from an address of its own, so that every link can be cut."
  (:require [chaos.net.network :as network]
            [clojure.string :as str])
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
    "Lines of the configuration file. place = {:node :nodes :net :dir :data :master}: :net is a
    chaos.net.network/Network, :dir is for logs, :data for data, :master is the node that a server
    begins as replica of (nil: none).")
  (claims [system]
    "Set of claims that this system makes and the verdict holds it to; see chaos.verdict."))

(def down-after-ms 1000)

(defn- own-address-lines [{:keys [net node]} kind]
  [(str "port " ((network/ports net) kind))
   (str "bind " (network/listen net kind node))
   (str "bind-source-addr " (network/source net [node kind]))
   "protected-mode no"])

(defn quoted
  "A word of a configuration file, whatever is in it, as redis.conf and ours read double quotes."
  [text]
  (str \" (str/escape text {\" "\\\"" \\ "\\\\" \newline "\\n" \return "\\r"}) \"))

(defn- file-lines [{:keys [^File dir ^File data]} kind]
  [(str "dir " (quoted (.getPath data)))
   (str "logfile " (quoted (.getPath (File. dir (str (name kind) ".log")))))])

(defn server-lines
  "Directives that every Redis-like server understands. No persistence, unless a fault asks for
  it: a killed master comes back empty, which is the hardest case for the failover."
  [{:keys [node net master] :as place}]
  (let [port ((network/ports net) :server)]
    (cond-> (into (own-address-lines place :server)
                  (concat (file-lines place :server)
                          ["dbfilename dump.rdb"
                           "save \"\""
                           "repl-diskless-sync-delay 0"
                           (str "replica-announce-ip " (network/public net :server node))
                           (str "replica-announce-port " port)]))
      master (conj (str "replicaof " (network/public net :server master) " " port)))))

(defn quorum "Sentinels that make a majority of n." [n] (inc (quot n 2)))

(defn sentinel-lines
  [{:keys [node nodes net master] :as place}]
  (let [ports (network/ports net)]
    (into (own-address-lines place :sentinel)
          (concat (file-lines place :sentinel)
                  [(str "sentinel announce-ip " (network/public net :sentinel node))
                   (str "sentinel announce-port " (:sentinel ports))
                   (str "sentinel monitor mymaster " (network/public net :server master) " "
                        (:server ports) " " (quorum (count nodes)))
                   (str "sentinel down-after-milliseconds mymaster " down-after-ms)]))))
