(ns chaos.client
  "Clients of the system under test, and the only place where an error is judged:

    :fail  the operation certainly did not happen,
    :info  it may have, may not have, or may yet.

  One wrong :fail forges a proof, so every error that is not on the list of certain
  failures is :info. A client whose operation ended :info is closed and never used again.

  The style `:rediscover` asks the sentinels for the master (GET-MASTER-ADDR-BY-NAME, then
  ROLE, as the client guidelines of Redis say) when it has no connection, and keeps a
  connection until an error. What this cannot show: how a client behaves that listens to
  +switch-master."
  (:require [chaos.mesh :as mesh]
            [chaos.random :as random]
            [chaos.resp :as resp]
            [clojure.string :as str])
  (:import (java.io IOException)
           (java.net SocketTimeoutException)))

(def master-name "mymaster")

(def ^:private certain-failures
  "Error prefixes by which a server says that it did not execute the command."
  #{"READONLY" "LOADING" "MASTERDOWN" "NOREPLICAS" "MISCONF" "OOM" "NOAUTH" "WRONGPASS" "NOPERM"
    "WRONGTYPE" "NOQUORUM" "NOLEASE" "STALEEPOCH"})

(defn judge-reply
  "Type and error of an operation that got this error reply."
  [{:keys [message]}]
  (let [prefix (first (str/split message #" "))]
    {:type (if (certain-failures prefix) :fail :info) :error (keyword (str/lower-case prefix))}))

(defn judge-exception
  "Type and error of an operation during which e was thrown: the network may already have
  had the command, so nobody knows."
  [^Throwable e]
  {:type  :info
   :error (cond (instance? SocketTimeoutException e) :timeout
                (instance? IOException e)            :connection
                :else                                (keyword (.getSimpleName (class e))))})

(defn node-of
  "Number of the node that has this public address, for example \"127.0.1.2\"."
  [host]
  (parse-long (last (str/split host #"\."))))

(def op-timeout-ms 500)
(def discovery-timeout-ms 200)

(defn source-address
  "The address from which client number t calls. Nodes have 1 to 99, clients 101 and up."
  [t]
  (mesh/node-address (+ 101 t)))

(defn client-id [t] (+ 101 t))

(defn- master-by [sentinel from]
  (try
    (with-open [conn (resp/connect (assoc sentinel :from from :timeout-ms discovery-timeout-ms))]
      (let [reply (resp/call! conn "SENTINEL" "GET-MASTER-ADDR-BY-NAME" master-name)]
        (when (vector? reply) {:host (first reply) :port (parse-long (second reply))})))
    (catch IOException _ nil)))

(defn- connect-if-master [address from]
  (try
    (let [conn (resp/connect (assoc address :from from :timeout-ms op-timeout-ms))
          role (try (resp/call! conn "ROLE") (catch IOException _ nil))]
      (if (and (vector? role) (= "master" (first role)))
        conn
        (do (resp/close! conn) nil)))
    (catch IOException _ nil)))

(defn discover!
  "A connection to the master that some sentinel names and that says itself that it is
  one, or nil. Sentinels are asked in an order drawn by seed and attempt."
  [{:keys [sentinels from seed]} attempt]
  (some (fn [sentinel]
          (when-let [address (master-by sentinel from)] (connect-if-master address from)))
        (random/order sentinels seed :sentinels attempt)))

(defn client
  "A client in style :rediscover. spec: :sentinels (addresses), :from, :seed."
  [spec]
  {:spec spec :conn (atom nil) :attempt (atom 0)})

(defn close! [{:keys [conn]}]
  (resp/close! @conn)
  (reset! conn nil))

(defn- connected! [{:keys [spec conn attempt]}]
  (or @conn (reset! conn (discover! spec (swap! attempt inc)))))

(defn execute!
  "Sends one command for op and completes op: `(interpret reply)` gives what to merge on
  success, :node says who answered."
  [client op args interpret]
  (if-let [conn (connected! client)]
    (let [op (assoc op :node (node-of (:host conn)))]
      (try
        (let [reply (apply resp/call! conn args)]
          (if (resp/error? reply)
            (do (close! client) (merge op (judge-reply reply)))
            (merge op {:type :ok} (interpret reply))))
        (catch Exception e
          (close! client)
          (merge op (judge-exception e)))))
    (assoc op :type :fail :error :no-master)))

(def styles
  "Client style -> function of a spec (see `client`)."
  {:rediscover client})
