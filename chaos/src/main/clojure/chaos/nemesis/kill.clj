(ns chaos.nemesis.kill
  "kill -9, and the way back: a process is started again with the configuration file that it
  left behind. A server comes back empty unless the fault configures persistence, and a stock
  one that was master comes back believing itself one."
  (:require [chaos.cluster :as cluster]
            [chaos.generator :as gen]
            [chaos.nemesis.heal :as heal]
            [chaos.nemesis.times :as times]
            [chaos.observer :as observer]
            [chaos.random :as random]))

(def time-s-min times/time-s-min)

(def ^:private answer-s-max 20)

;; ---- what is done ----

(defn down!
  "Kills a process of a node and remembers that it is down."
  [{:keys [cluster state]} kind node]
  (cluster/kill! cluster kind node)
  (swap! state update :down (fnil conj #{}) [kind node]))

(defn kill!
  "Kills the master's server."
  [{:keys [cluster state] :as context} _]
  (let [master (heal/master! cluster)]
    (swap! state assoc :killed master)
    (down! context :server master)
    {:killed master}))

(defn- kill-sentinel!
  "Kills the sentinel of the master's node."
  [{:keys [cluster] :as context} _]
  (let [node (heal/master! cluster)]
    (down! context :sentinel node)
    {:killed-sentinel node}))

(defn- kill-all!
  "Kills every server and every sentinel, as a power cut of the whole site would, but for what
  the kernel still writes to disk afterwards."
  [{:keys [cluster] :as context} _]
  (let [nodes (:nodes cluster)]
    (doseq [kind [:server :sentinel], node nodes] (down! context kind node))
    {:killed-all nodes}))

(defn up!
  "Starts processes again, all at once, and waits until each answers; returns whether all did."
  [{:keys [cluster state]} processes]
  (doseq [[kind node :as process] processes]
    (swap! state update :down disj process)
    (cluster/start! cluster kind node))
  (every? true? (mapv (fn [[kind node]]
                        (cluster/await-answering! cluster kind node answer-s-max))
                      processes)))

(defn restart!
  "Starts everything again that is down; :restarted names the killed master, if it is one."
  [{:keys [cluster report state] :as context} _]
  (let [{:keys [killed down]} @state
        processes (vec (sort down))]
    (swap! state dissoc :killed)
    (when killed (observer/tap! cluster killed (:nodes cluster) report))
    {:restarted killed :started processes :answers (up! context processes)}))

(defn- quick-restart!
  "Kills the master's server and starts it again at once. It is not called killed: nobody is
  to take over."
  [{:keys [cluster] :as context} _]
  (let [master (heal/master! cluster)]
    (down! context :server master)
    {:bounced master :answers (up! context [[:server master]])}))

;; ---- packages ----

(defn- window
  "Late enough for a failover between kill and restart, early enough for a demotion before the
  end."
  [{:keys [seed time-s]} fault]
  (let [kill (random/between 2.5 4.5 seed fault :start)]
    {:start kill :end (min (+ kill 5.0) (- time-s (inc times/stale-window-s)))}))

(defn- killing [fault f act! phrase more]
  (fn [opts]
    (merge {:nemesis         {f act! :restart restart!}
            :generator       (times/once (window opts fault) {:f f} {:f :restart})
            :final-generator {:f :restart}
            :needs           #{:processes}
            :time-s-min      time-s-min
            :phrase          phrase
            :perf            {:name phrase :starts #{f} :ends #{:restart}}}
           more)))

(defn- quick-package [{:keys [seed] :as opts}]
  {:nemesis         {:quick-restart quick-restart! :restart restart!}
   :generator       (times/until-window
                     opts
                     (mapcat (fn [k] [(gen/pause (random/between 2.5 4.5 seed :quick-restart k))
                                      {:f :quick-restart}])
                             (range 3)))
   :final-generator {:f :restart}
   :needs           #{:processes}
   :time-s-min      time-s-min
   :phrase          "when the master was restarted faster than a failure is detected"
   :forgets?        true
   :expects         {:stock #{:lost}}
   :perf            {:name "restart" :starts #{:quick-restart} :ends #{:restart}}})

(def faults
  {:kill          (killing :kill :kill-master kill! "when the master was killed"
                           {:perf {:name "master down" :starts #{:kill-master} :ends #{:restart}}})
   :kill-sentinel (killing :kill-sentinel :kill-sentinel kill-sentinel!
                           "while the sentinel beside the master was down"
                           {:spares-master? true
                            :perf {:name "sentinel down" :starts #{:kill-sentinel}
                                   :ends #{:restart}}})
   :kill-all      (killing :kill-all :kill-all kill-all!
                           "when every server and every sentinel was killed"
                           {:server-lines ["save 1 1"]
                            :forgets? true
                            :perf {:name "all down" :starts #{:kill-all} :ends #{:restart}}})
   :quick-restart quick-package})
