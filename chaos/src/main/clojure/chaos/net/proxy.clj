(ns chaos.net.proxy
  "The default network: the proxy mesh on loopback (chaos.mesh says how it works and what it
  cannot show). No privileges, every fault."
  (:require [chaos.mesh :as mesh]
            [chaos.net.network :as network])
  (:import (java.io IOException)
           (java.net InetAddress ServerSocket)))

(def offers #{:links :delays :resets})

(def ^:private port-range
  "Below the ephemeral range of Linux, so that no outgoing connection sits on our ports."
  [20000 30000])

(defn- free? [host port]
  (try (with-open [_ (ServerSocket. port 1 (InetAddress/getByName host))] true)
       (catch IOException _ false)))

(defn- free-ports!
  "Three ports that are free on every address of every node."
  [nodes]
  (let [hosts (mapcat (juxt mesh/node-address mesh/public-address) nodes)
        [low high] port-range
        start (+ low (rand-int (- high low 100)))
        free  (filter (fn [port] (every? #(free? % port) hosts)))
        found (into [] (comp free (take 3)) (range start high))]
    (when (< (count found) 3)
      (throw (ex-info (str "no free ports between " start " and " high) {:exit 3})))
    (zipmap [:server :sentinel :raft] found)))

(defn complaint
  "What this machine lacks to run the mesh, as a sentence, or nil."
  []
  (try
    (doseq [host [(mesh/node-address 3) (mesh/public-address 3) (mesh/sentinel-source 3)
                  (mesh/node-address 101)]]
      (.close (ServerSocket. 0 1 (InetAddress/getByName host))))
    nil
    (catch IOException e
      (str "addresses beyond 127.0.0.1 cannot be bound (" (.getMessage e)
           "): on Linux they can; elsewhere add them to the loopback interface"))))

(defrecord Proxy [mesh ports stopped]
  network/Network
  (change [_ f] (mesh/change! mesh f))
  (reset-links [_ links] (mesh/reset-links! mesh links))
  (tap [_ j froms report] (mesh/tap! mesh j froms report))
  (failure [_] (mesh/failure mesh))
  (stop [_] (when (compare-and-set! stopped false true) (mesh/stop! mesh)))
  (ports [_] ports)
  (listen [_ _ j] (mesh/node-address j))
  (public [_ _ j] (mesh/public-address j))
  (source [_ endpoint] (mesh/source-of endpoint))
  (command [_ _ _ argv] argv))

(defn start! [{:keys [nodes]}]
  (let [ports (free-ports! nodes)]
    (->Proxy (mesh/start! nodes ports) ports (atom false))))
