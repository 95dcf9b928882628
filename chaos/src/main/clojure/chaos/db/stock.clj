(ns chaos.db.stock
  "Stock Redis 7 with its own Sentinel: the control. It must be caught losing writes in a
  partition, or the run proves nothing.

  Debian's package redis-tools is enough: its redis-check-rdb is the server's binary and
  runs as a server under the name redis-server."
  (:require [chaos.db.system :as system])
  (:import (java.io File)))

(defn- on-path [program]
  (->> (.split (or (System/getenv "PATH") "") File/pathSeparator)
       (map #(File. ^String % ^String program))
       (filter #(.canExecute ^File %))
       first))

(defn- binary ^File [] (or (on-path "redis-server") (on-path "redis-check-rdb")))

(defrecord Stock []
  system/Database
  (lacks [_]
    (when-not (binary)
      "stock Redis 7 is missing: install the package redis-tools (it holds redis-check-rdb)"))
  (argv [_ kind file]
    (into ["bash" "-c" "exec -a redis-server \"$@\"" "bash" (.getPath (binary)) (str file)]
          (when (= kind :sentinel) ["--sentinel"])))
  (environment [_ _] {})
  (config [_ kind place]
    (case kind
      :server   (system/server-lines place)
      :sentinel (system/sentinel-lines place)))
  (claims [_] #{}))

(defn system [] (->Stock))
