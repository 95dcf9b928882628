(ns chaos.nemesis.failovers
  "kill -9 of the master, again and again: each time wait for the failover, restart the old
  master, and wait until it is demoted and the cluster is stable. Two probes run beside the load:
  one follows what sentinels say, one tries the restarted old master. Pauses between kills
  are drawn by seed, so that kills do not fall in step with the sentinels' own periods."
  (:require [chaos.cluster :as cluster]
            [chaos.generator :as gen]
            [chaos.nemesis.kill :as kill]
            [chaos.prober :as prober]
            [chaos.random :as random]))

(def ^:private failover-s-max 30)
(def ^:private demotion-s-max 30)
(def ^:private stable-s-max 60)

(defn- start-probe! [{:keys [cluster report state]} _]
  (let [stop (prober/follow! cluster report)]
    (cluster/on-stop! cluster :probe stop)
    (swap! state assoc :probe stop)
    {:probing true}))

(defn- stop-probe! [{:keys [state]} _]
  (when-let [stop (:probe @state)] (stop))
  (swap! state dissoc :probe)
  {:probing false})

(defn- await-failover! [{:keys [cluster state]} _]
  {:failed-over (cluster/await! failover-s-max
                                #(when-let [now (cluster/primary cluster)]
                                   (not= now (:killed @state))))})

(defn- restart! [{:keys [cluster report state] :as context} op]
  (if-let [node (:killed @state)]
    (let [stop (prober/fixed! cluster node report)]
      (try
        (assoc (kill/restart! context op)
               :demoted (cluster/await! demotion-s-max
                                        #(= "slave" (:role (cluster/role cluster node)))))
        (finally (stop))))
    (kill/restart! context op)))

(defn- await-stable! [{:keys [cluster]} _]
  {:stable (cluster/await-stable! cluster stable-s-max)})

(defn- round [seed k]
  [(gen/pause (random/between 1.0 2.0 seed :failovers k))
   {:f :kill-master} {:f :await-failover} {:f :restart} {:f :await-stable}])

(defn package [{:keys [seed kills]}]
  {:nemesis         {:start-probe    start-probe!
                     :kill-master    kill/kill!
                     :await-failover await-failover!
                     :restart        restart!
                     :await-stable   await-stable!
                     :stop-probe     stop-probe!}
   :generator       [{:f :start-probe} (mapcat #(round seed %) (range (or kills 3)))]
   :final-generator [{:f :restart} {:f :stop-probe}]
   :leads?          true
   :needs           #{:processes}
   :phrase          "while the master was killed again and again"
   :perf            {:name "master down" :starts #{:kill-master} :ends #{:restart}}})
