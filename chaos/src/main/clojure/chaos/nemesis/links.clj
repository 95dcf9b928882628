(ns chaos.nemesis.links
  "Links that are bad but not cut: late, slow, broken off, and coming and going. Links between
  nodes only, unless said otherwise; all kinds on them alike (replication, sentinels, Raft)."
  (:require [chaos.db.system :as system]
            [chaos.generator :as gen]
            [chaos.nemesis.heal :as heal]
            [chaos.nemesis.partition :as partition]
            [chaos.nemesis.times :as times]
            [chaos.net :as net]
            [chaos.net.rules :as rules]
            [chaos.random :as random]))

(def ^:private delay-rule
  "Late enough that a ping takes a fifth of the detection time, with as much jitter again."
  {:ms (/ system/down-after-ms 10) :jitter-ms (/ system/down-after-ms 10)})

(def ^:private slow-bytes-per-s
  "Less than the replication stream of a loaded master needs, more than the sentinels' words."
  16384)

(defn- delay! [seed]
  (fn [{:keys [cluster]} _]
    (let [nodes (:nodes cluster)]
      (net/change! (:net cluster) rules/delayed (rules/links nodes nodes)
                    (assoc delay-rule :seed seed))
      {:delayed delay-rule})))

(defn- slow! [{:keys [cluster]} _]
  (let [nodes (:nodes cluster)]
    (net/change! (:net cluster) rules/slowed (rules/links nodes nodes) slow-bytes-per-s)
    {:slow-bytes-per-s slow-bytes-per-s}))

(defn- break-off! [{:keys [cluster]} {:keys [value]}]
  (let [nodes (:nodes cluster)
        node  (nth nodes (mod value (count nodes)))
        ends  (remove #{node} nodes)]
    {:reset node
     :connections (net/reset-links! (:net cluster)
                                     (rules/both-ways [node] ends))}))

(defn- while-bad [fault begin opts more]
  (merge {:generator       (times/once (times/window opts fault (* 0.45 (:time-s opts)))
                                       {:f begin} {:f :heal})
          :final-generator {:f :heal}
          :needs           #{:links}
          :time-s-min      times/time-s-min
          :perf            {:name (name fault) :starts #{begin} :ends #{:heal}}}
         more))

(defn delay-package [{:keys [seed] :as opts}]
  (while-bad :delay :start-delay opts
             {:nemesis {:start-delay (delay! seed) :heal heal/heal!}
              :needs   #{:links :delays}
              :phrase  "while every link between nodes was late"}))

(defn slow-package [opts]
  (while-bad :slow-link :start-slow-link opts
             {:nemesis {:start-slow-link slow! :heal heal/heal!}
              :needs   #{:links :delays}
              :phrase  "while every link between nodes was slow"}))

(defn reset-package
  "Every connection of one node, drawn by seed, is broken off; about every second, all the way
  to the window of the end."
  [{:keys [seed] :as opts}]
  (let [at #(random/between 0.5 1.5 seed :reset :pause %)
        op #(hash-map :f :reset-links :value (long (random/between 0 1000 seed :reset :node %)))]
    {:nemesis         {:reset-links break-off! :heal heal/heal!}
     :generator       [(times/until-window opts (mapcat (fn [k] [(gen/pause (at k)) (op k)])
                                                        (range)))
                       {:f :heal}]
     :final-generator {:f :heal}
     :needs           #{:links :resets}
     :time-s-min      times/time-s-min
     :phrase          "while connections between nodes were reset again and again"
     :perf            {:name "resets" :starts #{:reset-links} :ends #{:heal}}}))

(defn- flap!
  "Cuts the master off. It is not called isolated: most of these cuts end before a failover
  does, and none of them has stages of its own."
  [opts]
  (partition/start! (fn [all] (dissoc (partition/master-alone all) :isolated)) opts))

(defn flapping-package
  "The master is cut off and heard again, each for 0.5 to 2 s by seed: now shorter, now longer
  than the detection time."
  [{:keys [seed] :as opts}]
  (let [length #(random/between 0.5 2.0 seed :flapping %1 %2)]
    {:nemesis         {:cut-master (flap! opts) :heal heal/heal!}
     :generator       [(times/until-window
                        opts
                        (mapcat (fn [k] [(gen/pause (length :heard k)) {:f :cut-master}
                                         (gen/pause (length :cut k)) {:f :heal}])
                                (range)))
                       {:f :heal}]
     :final-generator {:f :heal}
     :needs           #{:links}
     :time-s-min      times/time-s-min
     :phrase          "while the master was cut off and heard again, over and over"
     :perf            {:name "flapping" :starts #{:cut-master} :ends #{:heal}}}))

(def faults
  {:delay     delay-package
   :slow-link slow-package
   :reset     reset-package
   :flapping  flapping-package})
