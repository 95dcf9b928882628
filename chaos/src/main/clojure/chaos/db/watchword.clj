(ns chaos.db.watchword
  "Watchword, through the script that people use: `./watchword server FILE` and
  `./watchword sentinel FILE` end in exec, so the pid is the node's. The Raft links of the
  sentinels name announced addresses and so pass the mesh like all others."
  (:require [chaos.db.system :as system]
            [chaos.net.network :as network]
            [clojure.string :as str])
  (:import (java.io File)))

(defn- root? [^File dir]
  (and (.isFile (File. dir "watchword")) (.isFile (File. dir "pom.xml"))))

(defn root
  "The folder of the launcher: system property watchword.root, else environment variable
  WATCHWORD_ROOT, else the nearest folder upwards that holds `watchword` and pom.xml. nil
  when there is none."
  ^File []
  (if-let [named (or (System/getProperty "watchword.root") (System/getenv "WATCHWORD_ROOT"))]
    (when (root? (File. ^String named)) (.getCanonicalFile (File. ^String named)))
    (->> (.getCanonicalFile (File. "."))
         (iterate #(.getParentFile ^File %))
         (take-while some?)
         (filter root?)
         first)))

(defrecord Watchword []
  system/Database
  (lacks [_]
    (when-not (root)
      "the launcher ./watchword is missing: run from its tree, or name it by WATCHWORD_ROOT"))
  (argv [_ kind file]
    [(.getPath (File. (root) "watchword")) (name kind) (str file)])
  (environment [_ nodes]
    ;; `./watchword chaos` has built what there is to build; six processes must not do it again.
    {"WATCHWORD_NO_BUILD" "1" "WATCHWORD_NODES" (str nodes)})
  (config [_ kind {:keys [nodes net] :as place}]
    (let [port ((network/ports net) :raft)]
      (case kind
        :server   (system/server-lines place)
        :sentinel (conj (system/sentinel-lines place)
                        (str "sentinel raft-port " port)
                        (str "sentinel raft-peers "
                             (str/join "," (map #(str (network/public net :raft %) ":" port)
                                                nodes)))))))
  (claims [_] #{:demoted-at-first-contact :planned-failover-loses-nothing}))

(defn system [] (->Watchword))
