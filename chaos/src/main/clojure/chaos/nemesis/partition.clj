(ns chaos.nemesis.partition
  "The master, its sentinel and half of the clients on one side; everybody else on the
  other. Stock Redis keeps acknowledging on both sides. The heal comes at least
  `stale-window-s` before the end of the load: a stock master that was cut off keeps
  acknowledging for 10.0 to 10.6 s after the heal, and a shorter wait would not see it."
  (:require [chaos.client :as client]
            [chaos.cluster :as cluster]
            [chaos.generator :as gen]
            [chaos.mesh :as mesh]
            [chaos.observer :as observer]
            [chaos.random :as random]))

(def stale-window-s 12)
(def time-s-min 20)

(defn times
  "When the partition begins and when it heals, in seconds after the load begins."
  [{:keys [seed time-s]}]
  (let [heal-by (- time-s stale-window-s)
        start   (random/between 2.5 4.5 seed :partition :start)]
    {:start start :heal (min heal-by (+ start (* 0.45 time-s)))}))

(defn groups
  "Who is together, as ids of the mesh: nodes 1 to 99, clients above."
  [master clients]
  (let [half (quot clients 2)]
    [(into [master] (map client/client-id (range half)))
     (into (vec (remove #{master} cluster/nodes)) (map client/client-id (range half clients)))]))

(defn- start! [clients {:keys [cluster state]} _]
  (let [master (or (cluster/primary cluster) (throw (ex-info "no master to isolate" {})))
        groups (groups master clients)]
    (swap! state assoc :isolated master)
    (mesh/change! (:mesh cluster) mesh/cut-between groups)
    {:isolated master :groups groups}))

(defn- heal! [{:keys [cluster report state]} _]
  (when-let [old (:isolated @state)]
    (observer/tap! cluster old (remove #{old} cluster/nodes) report))
  (mesh/heal! (:mesh cluster))
  {:healed (:isolated (first (swap-vals! state dissoc :isolated)))})

(defn package [{:keys [clients] :as opts}]
  (let [{:keys [start heal]} (times opts)]
    {:nemesis         {:start-partition (partial start! clients)
                       :heal            heal!}
     :generator       (gen/schedule [[start {:f :start-partition}] [heal {:f :heal}]])
     :final-generator {:f :heal}
     :time-s-min      time-s-min
     :perf            {:name "partition" :starts #{:start-partition} :ends #{:heal}}}))
