(ns chaos.workload.unique-adds
  "Each client adds elements that nobody else ever adds, each as a key of its own
  (SET <element> <element>). At the end every node is read in full. An acknowledged element
  that is not there was lost; one that was certainly not added and is there is dirty.

  It sees lost and phantom writes. It does not see stale or reordered reads, since nobody
  reads before the end, and no two operations touch the same key."
  (:require [chaos.checker.unique-adds :as checker]
            [chaos.client :as client]
            [chaos.cluster :as cluster]
            [chaos.generator :as gen]
            [chaos.resp :as resp])
  (:import (java.io IOException)))

(def ^:private key-prefix "add:")

(defn elements
  "The elements that client thread t of n adds, in order: no two threads share one."
  [t n]
  (iterate #(+ n %) t))

(defn- add! [client {:keys [value] :as op}]
  (client/execute! client op ["SET" (str key-prefix value) value]
                   (fn [reply] (if (= "OK" reply) {} {:type :info :error [:reply reply]}))))

(defn- scan-page
  "One SCAN page: [next-cursor {element value}]."
  [conn cursor]
  (let [[cursor keys] (resp/must! conn "SCAN" cursor "MATCH" (str key-prefix "*") "COUNT" 2000)
        values        (when (seq keys) (apply resp/must! conn "MGET" keys))
        element       #(parse-long (subs % (count key-prefix)))]
    [cursor (zipmap (map element keys) (map #(some-> % parse-long) values))]))

(defn- read-node!
  "All elements that a node holds, by SCAN and MGET; :corrupt are those whose value is not
  the one that was written."
  [cluster {:keys [node] :as op}]
  (try
    (with-open [conn (resp/connect (assoc (cluster/direct cluster :server node) :timeout-ms 5000))]
      (loop [cursor "0", found {}]
        (let [[cursor page] (scan-page conn cursor)
              found (into found page)]
          (if (not= "0" cursor)
            (recur cursor found)
            (assoc op :type :ok
                   :value (vec (sort (keys found)))
                   :corrupt (vec (sort (keep (fn [[k v]] (when (not= k v) k)) found)))
                   :role (:role (cluster/role cluster node)))))))
    (catch IOException e (assoc op :type :info :error (str e)))))

(defn workload [{:keys [seed clients rate]}]
  {:invoke          add!
   :read-node       read-node!
   :generator       (gen/each-thread
                     (fn [t] (gen/stagger (/ clients (double rate)) (+ seed t)
                                          (map (fn [e] {:f :add :value e}) (elements t clients)))))
   :final-generator (map (fn [j] {:f :read :node j}) cluster/nodes)
   :checker         checker/check})
