(ns chaos.workload.elements
  "Elements that are keys of their own, <prefix><element>, each holding its element as its
  value: reading all of them from a node, past the mesh."
  (:require [chaos.cluster :as cluster]
            [chaos.cluster.shape :as shape]
            [chaos.resp :as resp])
  (:import (java.io IOException)))

(def ^:private page-keys 2000)
(def ^:private timeout-ms 5000)

(defn- scan-page
  "One SCAN page: [next-cursor {element value}]."
  [conn prefix cursor]
  (let [[cursor keys] (resp/must! conn "SCAN" cursor "MATCH" (str prefix "*") "COUNT" page-keys)
        values        (when (seq keys) (apply resp/must! conn "MGET" keys))
        element       #(parse-long (subs % (count prefix)))]
    [cursor (zipmap (map element keys) (map #(some-> % parse-long) values))]))

(defn- read-all [conn prefix]
  (loop [cursor "0", found {}]
    (let [[cursor page] (scan-page conn prefix cursor)
          found         (into found page)]
      (if (= "0" cursor) found (recur cursor found)))))

(defn reader
  "A :read-node that completes a :final-read with all elements that a node holds; :corrupt
  are those whose value is not the one that was written."
  [prefix]
  (fn [cluster {:keys [node] :as op}]
    (try
      (with-open [conn (resp/connect (assoc (cluster/direct cluster :server node)
                                            :timeout-ms timeout-ms))]
        (let [found (read-all conn prefix)]
          (assoc op :type :ok
                 :value (vec (sort (keys found)))
                 :corrupt (vec (sort (keep (fn [[k v]] (when (not= k v) k)) found)))
                 :role (:role (cluster/role cluster node)))))
      (catch IOException e (assoc op :type :info :error (str e))))))

(defn final-reads
  "One :final-read for each node of the cluster (:nodes)."
  [{:keys [nodes] :or {nodes shape/nodes}}]
  (map (fn [j] {:f :final-read :node j}) nodes))
