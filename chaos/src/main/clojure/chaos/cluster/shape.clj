(ns chaos.cluster.shape
  "What a run asks of a cluster, as data, before there is one."
  (:require [chaos.client :as client]))

(def nodes "The nodes of a cluster that nobody asked to be larger." [1 2 3])

(defn nodes-of
  "The nodes of a cluster by the options of a run: :nodes-count of them."
  [{:keys [nodes-count] :or {nodes-count (count nodes)}}]
  (vec (range 1 (inc nodes-count))))

(def ^:private prober-threads "Clients beside the load, see chaos.prober." [99])

(defn- client-ids [{:keys [clients] :or {clients 10}}]
  (mapv client/client-id (concat (range clients) prober-threads)))

(defn shape
  "What a fault and the options of a run ask of the cluster that cluster! starts."
  [fault opts]
  {:nodes (nodes-of opts) :server-lines (:server-lines fault) :disk-kind (:disk fault)
   :net (if (:own opts) :elsewhere (:net opts :mesh)) :client-ids (client-ids opts)
   :own (:own opts)})
