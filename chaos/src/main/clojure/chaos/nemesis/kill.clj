(ns chaos.nemesis.kill
  "kill -9 of the master's server, and its restart some seconds later with the
  configuration file it left behind. It comes back empty (no persistence is configured),
  and a stock one comes back believing itself a master."
  (:require [chaos.cluster :as cluster]
            [chaos.generator :as gen]
            [chaos.observer :as observer]
            [chaos.random :as random]))

(def time-s-min 20)

(defn times
  "When the master is killed and when it is restarted, in seconds after the load begins:
  late enough for a failover in between, early enough for a demotion before the end."
  [{:keys [seed time-s]}]
  (let [kill (random/between 2.5 4.5 seed :kill :start)]
    {:kill kill :restart (min (+ kill 5.0) (- time-s 13))}))

(defn kill! [{:keys [cluster state]} _]
  (let [master (or (cluster/primary cluster) (throw (ex-info "no master to kill" {})))]
    (swap! state assoc :killed master)
    (cluster/kill! cluster :server master)
    {:killed master}))

(defn restart! [{:keys [cluster report state]} _]
  (if-let [node (:killed @state)]
    (do (swap! state dissoc :killed)
        (observer/tap! cluster node cluster/nodes report)
        (cluster/start! cluster :server node)
        {:restarted node :answers (cluster/await-answering! cluster :server node 20)})
    {:restarted nil}))

(defn package [opts]
  (let [{:keys [kill restart]} (times opts)]
    {:nemesis         {:kill-master kill!
                       :restart     restart!}
     :generator       (gen/schedule [[kill {:f :kill-master}] [restart {:f :restart}]])
     :final-generator {:f :restart}
     :time-s-min      time-s-min
     :perf            {:name "master down" :starts #{:kill-master} :ends #{:restart}}}))
