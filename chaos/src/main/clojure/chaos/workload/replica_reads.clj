(ns chaos.workload.replica-reads
  "Each client thread writes growing numbers to a key of its own, through the master, and
  reads keys, its own or another's, from a replica (three in five reads) or from the master.
  Operations are writes and reads, half and half.

  A replica is a server that a sentinel listed as one at most a second before; :from says
  what was meant and :node who answered. It sees how old what is read is, and whether a
  session sees time go backwards. It does not see the staleness of keys that nobody writes,
  and since a thread writes a few times a second, no finer than that."
  (:require [chaos.checker.replica-reads :as checker]
            [chaos.client :as client]
            [chaos.random :as random]
            [chaos.workload.support :as support]))

(def ^:private needs #{"SET" "GET"})

(defn- key-name [k] (str "replica-reads:" k))

(defn operation
  "Operation i of thread t. The number written is i + 1, so that numbers of a key grow."
  [{:keys [seed clients]} t i]
  (let [draw #(random/unit seed :replica-reads % t i)]
    (if (< (draw :kind) 0.5)
      {:f :write :key t :value (inc i)}
      {:f    :read
       :key  (if (< (draw :own) 0.5) t (int (* clients (draw :whom))))
       :from (if (< (draw :from) 0.6) :replica :master)
       :value nil})))

(defn- write! [client {:keys [key value] :as op}]
  (client/with-master! client op
    (fn [conn commit!]
      (commit!)
      (client/must! conn "SET" (key-name key) value)
      {})))

(defn- number-at [conn key] {:value (some-> (client/must! conn "GET" (key-name key)) parse-long)})

(defn- read! [{:keys [seed]} client {:keys [key from process time] :as op}]
  (if (= :master from)
    (client/with-master! client op (fn [conn _] (number-at conn key)))
    (client/with-replica! client op
      #(support/choose % seed :replica process time)
      #(number-at % key))))

(defn workload [opts]
  {:needs           needs
   :invoke          (fn [client {:keys [f] :as op}]
                      (if (= :write f) (write! client op) (read! opts client op)))
   :generator       (support/paced opts :replica-reads (fn [t _ i] (operation opts t i)))
   :final-generator nil
   :read-node       nil
   :lagging         #{:non-monotonic-read :read-your-writes}
   :checker         checker/check
   :recheck         checker/recheck})
