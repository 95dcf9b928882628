(ns chaos.client
  "Clients of the system under test, and the only place where an error is judged:

    :fail  the operation certainly did not happen,
    :info  it may have, may not have, or may yet.

  One wrong :fail forges a proof, so every error that is not on the list of certain
  failures is :info. A client whose operation ended :info is closed and never used again.

  Styles:

    :rediscover  asks the sentinels for the master (GET-MASTER-ADDR-BY-NAME, then ROLE, as
                 the client guidelines of Redis say) when it has no connection, and keeps a
                 connection until an error.
    :subscribe   listens to +switch-master besides, and goes to the address named there
                 before its next operation; an operation under way is left to its own
                 time-out. On errors it re-discovers as above.

  What neither shows: how a pool of connections behaves, and clients that retry by
  themselves; here a failed operation is over and the next one is another."
  (:require [chaos.client.discovery :as discovery]
            [chaos.client.subscription :as subscription]
            [chaos.failure :as failure]
            [chaos.mesh :as mesh]
            [chaos.numbering :as numbering]
            [chaos.resp :as resp]
            [clojure.string :as str])
  (:import (java.io IOException)
           (java.net SocketTimeoutException)))

(def master-name discovery/master-name)

;; ---- judging ----

(def ^:private certain-failures
  "Error prefixes by which a server says that it did not execute the command."
  #{"READONLY" "LOADING" "MASTERDOWN" "NOREPLICAS" "MISCONF" "OOM" "NOAUTH" "WRONGPASS" "NOPERM"
    "WRONGTYPE" "NOQUORUM" "NOLEASE" "STALEEPOCH" "EXECABORT"})

(defn judge-reply
  "Type and error of an operation that got this error reply."
  [{:keys [message]}]
  (let [prefix (first (str/split message #" "))]
    {:type (if (certain-failures prefix) :fail :info) :error (keyword (str/lower-case prefix))}))

(defn judge-exception
  "Type and error of an operation during which e was thrown: the network may already have
  had the command, so nobody knows. An exception of `must!` carries a reply, which says."
  [^Throwable e]
  (if-let [reply (:reply (ex-data e))]
    (judge-reply reply)
    {:type  :info
     :error (cond (instance? SocketTimeoutException e) :timeout
                  (instance? IOException e)            :connection
                  :else                                (keyword (.getSimpleName (class e))))}))

;; ---- clients ----

(defn source-address
  "The address from which client number t calls. Nodes have 1 to 99, clients 101 and up."
  [t]
  (mesh/node-address (+ 101 t)))

(defn client-id [t] (+ 101 t))

(defn client
  "A client in style :rediscover. spec: :sentinels (addresses), :from, :seed; :id, its number
  where it has no address of its own; :number, the numbering of the cluster (chaos.numbering),
  by default that of clusters of ours."
  [spec]
  {:spec spec :conn (atom nil) :attempt (atom 0) :moved (atom nil) :subscription nil
   :replicas (atom {})})

(defn subscribed-client
  "A client in style :subscribe. spec as for `client`."
  [spec]
  (let [{:keys [moved] :as client} (client spec)]
    (assoc client :subscription (subscription/start! spec #(reset! moved (:new %))))))

(def styles
  "Client style -> function of a spec (see `client`)."
  {:rediscover client
   :subscribe  subscribed-client})

(defn- drop-master! [{:keys [conn]}]
  (resp/close! @conn)
  (reset! conn nil))

(defn- drop-replicas! [{:keys [replicas]}]
  (doseq [conn (vals (:conns @replicas))] (resp/close! conn))
  (reset! replicas {}))

(defn close! [{:keys [subscription] :as client}]
  (some-> subscription subscription/stop!)
  (drop-master! client)
  (drop-replicas! client))

(defn- moved!
  "A connection to the master that the last +switch-master named, unless it was followed
  already or does not call itself one yet: then nil, and sentinels are asked."
  [{:keys [spec conn moved] :as client}]
  (let [[address] (reset-vals! moved nil)]
    (when (and address (not= address (select-keys @conn [:host :port])))
      (drop-master! client)
      (discovery/connect-if-master address (:from spec)))))

(defn- connected! [{:keys [spec conn attempt] :as client}]
  (if-let [fresh (moved! client)]
    (reset! conn fresh)
    (or @conn (reset! conn (discovery/discover! spec (swap! attempt inc))))))

;; ---- performing ----

(defn must!
  "Sends one command; an error reply is thrown, to be judged by `with-master!`."
  [conn & args]
  (let [reply (apply resp/call! conn args)]
    (if (resp/error? reply) (throw (ex-info (:message reply) {:reply reply})) reply)))

(defn- perform!
  "f on the connection, its outcome judged; (drop!) after anything thrown. A bug in f is no
  outcome: it is thrown on, and ends the cell."
  [{:keys [spec]} conn op f drop!]
  (let [committed? (atom false)
        number     (:number spec numbering/by-host)
        op         (assoc op :node (number :server conn))]
    (try
      (merge op {:type :ok} (f conn #(reset! committed? true)))
      (catch Exception e
        (drop!)
        (when (failure/bug? e) (throw e))
        (merge op (judge-exception e) (when-not @committed? {:type :fail}))))))

(defn with-master!
  "Completes op by (f conn commit!) on a connection to the master: what f returns is merged
  into op, with :type :ok unless it says otherwise. f calls (commit!) right before it sends
  bytes whose effect would remain: whatever is thrown before is :fail, since nothing but
  reads, WATCH or a MULTI without its EXEC can have been executed; after it, the exception
  is judged. So f sends at most one command (or one EXEC) after commit!."
  [client op f]
  (if-let [conn (connected! client)]
    (perform! client conn op f #(drop-master! client))
    (assoc op :type :fail :error :no-master)))

(defn execute!
  "Sends one command for op and completes op: `(interpret reply)` gives what to merge on
  success, :node says who answered."
  [client op args interpret]
  (with-master! client op
    (fn [conn commit!]
      (commit!)
      (interpret (apply must! conn args)))))

(defn transact!
  "MULTI, the commands, commit!, EXEC: the vector of replies, or nil when a watched key had
  changed. An error among the replies of an EXEC that took place is thrown without its
  reply, since the rest of the transaction stands: nobody may call that a failure."
  [conn commit! commands]
  (let [sent (into [["MULTI"]] commands)]
    (doseq [command sent] (resp/send! conn command))
    (doseq [reply (mapv (fn [_] (resp/read conn)) sent)]
      (when (resp/error? reply) (throw (ex-info (:message reply) {:reply reply}))))
    (commit!)
    (let [replies (must! conn "EXEC")]
      (when-let [wrong (some #(when (resp/error? %) %) replies)]
        (throw (ex-info (str "partly executed: " (:message wrong)) {})))
      replies)))

(def ^:private replicas-age-ns "How old a list of replicas may be." 1000000000)

(defn- replica-addresses! [{:keys [spec attempt replicas]}]
  (let [now (System/nanoTime)
        {:keys [addresses at]} @replicas]
    (if (and (seq addresses) (< (- now at) (long replicas-age-ns)))
      addresses
      (let [found (discovery/replicas spec (swap! attempt inc))]
        (swap! replicas assoc :addresses found :at now)
        found))))

(defn- replica-connection! [{:keys [spec replicas]} address]
  (or (get-in @replicas [:conns address])
      (let [conn (resp/connect (assoc address :from (:from spec)
                                      :timeout-ms discovery/op-timeout-ms))]
        (swap! replicas assoc-in [:conns address] conn)
        conn)))

(defn with-replica!
  "As `with-master!`, on a server that a sentinel listed as a replica at most a second ago:
  the one that (pick addresses) chooses. For reads: nothing is committed, so every error is
  :fail. The server may have been promoted meanwhile; :node says which it was."
  [client op pick f]
  (let [addresses (replica-addresses! client)]
    (if (empty? addresses)
      (assoc op :type :fail :error :no-replica)
      (try
        (let [conn (replica-connection! client (pick addresses))]
          (perform! client conn op (fn [conn _] (f conn)) #(drop-replicas! client)))
        (catch IOException e
          (drop-replicas! client)
          (merge op (judge-exception e) {:type :fail}))))))
