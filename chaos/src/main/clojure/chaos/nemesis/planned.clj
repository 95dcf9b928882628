(ns chaos.nemesis.planned
  "What operators do on purpose: SENTINEL FAILOVER, and the restart of every node in turn. No
  fault strikes, so whatever is lost was lost by the procedure itself."
  (:require [chaos.cluster :as cluster]
            [chaos.cluster.shape :as shape]
            [chaos.generator :as gen]
            [chaos.nemesis.heal :as heal]
            [chaos.nemesis.kill :as kill]
            [chaos.nemesis.times :as times]
            [chaos.random :as random]
            [chaos.resp :as resp])
  (:import (java.io IOException)))

(def ^:private reply-ms-max 20000)
(def ^:private moved-s-max 10)
(def ^:private stable-s-max 15)

(defn- ask-failover!
  "The reply to SENTINEL FAILOVER as text, errors included."
  [cluster node]
  (try
    (with-open [conn (resp/connect (assoc (cluster/direct cluster :sentinel node)
                                          :timeout-ms reply-ms-max))]
      (let [reply (resp/call! conn "SENTINEL" "FAILOVER" (cluster/master-name cluster))]
        (if (resp/error? reply) (:message reply) (str reply))))
    (catch IOException e (str "no reply: " (.getMessage e)))))

(defn- hand-over!
  "Asks the sentinel of a node that is not the master's to replace it, and waits until the
  sentinels name another. Returns what came of it."
  [cluster master asked]
  (let [reply (ask-failover! cluster asked)]
    {:planned master :asked asked :reply reply
     :moved (cluster/await! moved-s-max #(let [now (cluster/primary cluster)]
                                           (and now (not= now master))))
     :master (cluster/primary cluster)}))

(defn planned! [seed]
  (fn [{:keys [cluster]} {:keys [value]}]
    (let [master (heal/master! cluster)
          asked  (first (random/order (or (seq (remove #{master} (cluster/sentinels cluster)))
                                          (cluster/sentinels cluster))
                                      seed :planned value))]
      (hand-over! cluster master asked))))

(defn await-stable! [{:keys [cluster]} _]
  {:stable (cluster/await-stable! cluster stable-s-max)})

(defn planned-package [{:keys [seed] :as opts}]
  {:nemesis         {:planned-failover (planned! seed) :await-stable await-stable!}
   :generator       (times/until-window
                     opts
                     (mapcat (fn [k] [(gen/pause (random/between 1.0 3.0 seed :planned :pause k))
                                      {:f :planned-failover :value k} {:f :await-stable}])
                             (range 3)))
   :final-generator {:f :await-stable}
   :needs           #{}
   :time-s-min      times/time-s-min
   :planned?        true
   :phrase          "when operators asked for a failover"
   :expects         {:stock #{:lost}}
   :perf            {:name "planned failover" :starts #{:planned-failover}
                     :ends #{:await-stable}}})

(defn- next-to-roll
  "A node that was not restarted yet, replicas first; nil when all were."
  [nodes rolled master]
  (first (sort-by #(= master %) (remove rolled nodes))))

(defn roll!
  "Restarts the next node: its server ends by SIGTERM, its sentinel too. When only the master
  is left, it is replaced first, as an operator would."
  [{:keys [cluster state] :as context} _]
  (let [rolled (:rolled @state #{})
        master (heal/master! cluster)
        node   (next-to-roll (:nodes cluster) rolled master)]
    (if (nil? node)
      {:rolled nil}
      (let [handed (when (= node master)
                     (hand-over! cluster master (first (remove #{master} (:nodes cluster)))))]
        (doseq [kind [:server :sentinel]]
          (cluster/terminate! cluster kind node)
          (swap! state update :down (fnil conj #{}) [kind node]))
        (swap! state update :rolled (fnil conj #{}) node)
        (let [answers (kill/up! context [[:server node] [:sentinel node]])]
          (cond-> {:rolled node :answers answers
                   :stable (cluster/await-stable! cluster stable-s-max)}
            handed (assoc :handed-over handed)))))))

(defn rolling-package [{:keys [seed] :as opts}]
  {:nemesis         {:roll roll! :restart kill/restart!}
   :generator       (times/until-window
                     opts
                     (mapcat (fn [k] [(gen/pause (random/between 0.5 1.5 seed :rolling k))
                                      {:f :roll}])
                             (range (:nodes-count opts (count shape/nodes)))))
   :final-generator {:f :restart}
   :needs           #{:processes}
   :time-s-min      times/time-s-min
   :planned?        true
   :phrase          "while every node was restarted in turn"
   :perf            {:name "rolling restart" :starts #{:roll} :ends #{:restart}}})

(def faults
  {:planned-failover planned-package
   :rolling-restart  rolling-package})
