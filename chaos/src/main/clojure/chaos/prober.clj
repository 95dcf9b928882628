(ns chaos.prober
  "A probe that tries a write every 5 ms and reports each outcome as an event of the
  history: :type :ok or :fail, :node who answered, :invoked when it began (System/nanoTime,
  turned into run time by the interpreter along with :at).

  `:follow` sends to whatever address a sentinel gives, asking the next sentinel after every
  failure; `:fixed` sends to one node whatever it says. A failed probe is not judged further:
  it may have happened, so probes are never counted as lost."
  (:require [chaos.client :as client]
            [chaos.cluster :as cluster]
            [chaos.resp :as resp])
  (:import (java.io IOException)
           (java.util.concurrent.locks LockSupport)))

(def ^:private period-ns 5000000)
(def ^:private timeout-ms 100)
(def ^:private id "The prober's among the clients, whose threads are fewer." (client/client-id 99))

(defn- connect [cluster address]
  (resp/connect (assoc address :from (cluster/client-source cluster id) :timeout-ms timeout-ms)))

(defn- named-master [cluster n]
  (let [asked (cluster/sentinels cluster)
        node  (nth asked (mod n (count asked)))]
    (with-open [conn (connect cluster (cluster/public cluster :sentinel node))]
      (let [[host port] (resp/must! conn "SENTINEL" "GET-MASTER-ADDR-BY-NAME"
                                           (cluster/master-name cluster))]
        (when-not host (throw (IOException. "the sentinel knows no master")))
        {:host host :port (parse-long port)}))))

(defn- probe!
  "One attempt: [connection-or-nil event]."
  [process cluster conn address n]
  (let [began (System/nanoTime)
        event (fn [type node] {:type type :process process :f :probe :node node :invoked began
                               :at (System/nanoTime)})]
    (try
      (let [conn  (or conn (connect cluster (address n)))
            node  (cluster/node-at cluster (:host conn) (:port conn))]
        (try
          (if (= "OK" (resp/call! conn "SET" "probe" n))
            [conn (event :ok node)]
            (do (resp/close! conn) [nil (event :fail node)]))
          (catch IOException _ (resp/close! conn) [nil (event :fail node)])))
      (catch IOException _ [nil (event :fail nil)]))))

(defn- run-probes! [process cluster address report running]
  (loop [conn nil, n 0, due (System/nanoTime)]
    (if @running
      (let [[conn event] (probe! process cluster conn address n)
            due          (max (+ due period-ns) (System/nanoTime))]
        (report event)
        (LockSupport/parkNanos (- due (System/nanoTime)))
        (recur conn (inc n) due))
      (resp/close! conn))))

(defn- start! [process cluster address report]
  (let [running (atom true)
        thread  (doto (Thread. ^Runnable #(run-probes! process cluster address report running)
                               (str "chaos-" (name process)))
                  (.setDaemon true)
                  (.start))]
    (fn stop []
      (reset! running false)
      (.join ^Thread thread 2000))))

(defn follow!
  "Probes the master that sentinels name, as process :prober. Returns what ends it."
  [cluster report]
  (start! :prober cluster #(named-master cluster %) report))

(defn fixed!
  "Probes one node, as process :old-master. Returns what ends it."
  [cluster node report]
  (start! :old-master cluster (constantly (cluster/public cluster :server node)) report))
