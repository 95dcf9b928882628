(ns chaos.client.discovery
  "How a client finds servers: it asks sentinels, in an order drawn by seed and attempt, and
  believes a server's own ROLE more than a sentinel's word. Everything goes through the mesh
  from the client's source address, so a client sees only what its side of a cut can see.

  An answer is as old as the sentinel's view; between ROLE and the next command the role may
  change, which is why the server's refusals are judged by `chaos.client` all the same."
  (:require [chaos.random :as random]
            [chaos.resp :as resp])
  (:import (java.io IOException)))

(def master-name "mymaster")

(def op-timeout-ms "Bounds each read of a connection to a server." 500)
(def ask-timeout-ms "Bounds each question to a sentinel." 200)

(defn- ask-sentinel [sentinel from & args]
  (try
    (with-open [conn (resp/connect (assoc sentinel :from from :timeout-ms ask-timeout-ms))]
      (let [reply (apply resp/call! conn args)]
        (when (vector? reply) reply)))
    (catch IOException _ nil)))

(defn connect-if-master
  "A connection to a server at address that says itself that it is a master, or nil."
  [address from]
  (try
    (let [conn (resp/connect (assoc address :from from :timeout-ms op-timeout-ms))
          role (try (resp/call! conn "ROLE") (catch IOException _ nil))]
      (if (and (vector? role) (= "master" (first role)))
        conn
        (do (resp/close! conn) nil)))
    (catch IOException _ nil)))

(defn discover!
  "A connection to the master that some sentinel names and that says itself that it is one,
  or nil. With :address nobody is asked: it is there or nowhere."
  [{:keys [address sentinels from seed master] :or {master master-name}} attempt]
  (if address
    (connect-if-master address from)
    (some (fn [sentinel]
            (let [[host port] (ask-sentinel sentinel from
                                            "SENTINEL" "GET-MASTER-ADDR-BY-NAME" master)]
              (when-let [port (some-> port parse-long)]
                (connect-if-master {:host host :port port} from))))
          (random/order sentinels seed :sentinels attempt))))

(defn replica-address
  "The address in one entry of SENTINEL REPLICAS, a flat list of names and values."
  [entry]
  (let [{:strs [ip port]} (apply hash-map entry)]
    {:host ip :port (parse-long port)}))

(defn replicas
  "Addresses of the replicas that the first answering sentinel lists, in the order of their
  hosts; nil when none answers."
  [{:keys [sentinels from seed master] :or {master master-name}} attempt]
  (some->> (random/order sentinels seed :sentinels attempt)
           (some #(ask-sentinel % from "SENTINEL" "REPLICAS" master))
           (map replica-address)
           (sort-by :host)
           vec))
