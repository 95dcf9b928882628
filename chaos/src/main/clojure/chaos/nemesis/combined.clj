(ns chaos.nemesis.combined
  "Two and three faults that overlap: where one alone is survived by design, the second often
  meets the recovery from the first. Each scenario is a list of steps on the window of one
  fault, by shares of its length; :combined is one of them, by seed."
  (:require [chaos.nemesis.heal :as heal]
            [chaos.nemesis.kill :as kill]
            [chaos.nemesis.partition :as partition]
            [chaos.nemesis.pause :as pause]
            [chaos.nemesis.times :as times]
            [chaos.cluster :as cluster]
            [chaos.generator :as gen]
            [chaos.net :as net]
            [chaos.net.rules :as rules]
            [chaos.random :as random]))

(defn- starve! [seed]
  (fn [{:keys [cluster state]} _]
    (let [master (heal/master! cluster)
          stale  (first (random/order (remove #{master} (:nodes cluster)) seed :stale))
          ends   [[[master :server]] [[stale :server]]]]
      (swap! state assoc :stale stale)
      (net/change! (:net cluster) rules/cut-between ends)
      {:stale stale :master master})))

(defn- kill-fresh!
  "Kills every server but the one that was cut from the master: only what is old is left."
  [{:keys [cluster state] :as context} _]
  (let [master (heal/master! cluster)
        stale  (:stale @state)]
    (swap! state assoc :killed master)
    ;; Else the stream that waits in buffers on the cut link would arrive after the heal.
    (net/reset-links! (:net cluster) (rules/both-ways [[master :server]] [[stale :server]]))
    (doseq [node (:nodes cluster) :when (not= node stale)] (kill/down! context :server node))
    {:killed master :left stale}))

(defn- on-window
  "A schedule of [share op] on a window of at most length-s."
  [opts scenario length-s steps]
  (let [{:keys [start end]} (times/window opts scenario length-s)]
    (gen/schedule (for [[share op] steps] [(+ start (* share (- end start))) op]))))

(defn- package [scenario {:keys [acts steps length-s undo phrase needs]}]
  (fn [opts]
    (let [fs (into #{} (map (comp :f second)) steps)
          undo-fs (set (map :f undo))]
      {:nemesis         (acts opts)
       :generator       (on-window opts scenario length-s steps)
       :final-generator undo
       :needs           (conj (or needs #{}) :links :processes)
       :time-s-min      times/time-s-min
       :phrase          phrase
       :perf            {:name (name scenario) :starts (reduce disj fs undo-fs) :ends undo-fs}})))

(defn- acts [opts]
  {:start-partition (partition/start! partition/master-and-clients opts)
   :start-starving  (starve! (:seed opts))
   :start-minority  (partition/start! partition/minority opts)
   :kill-fresh      kill-fresh!
   :kill-master     kill/kill!
   :pause-master    (partial pause/pause! true)
   :resume          pause/resume!
   :heal            heal/heal!
   :restart         kill/restart!})

(defn- only [fs] (fn [opts] (select-keys (acts opts) fs)))

(def scenarios
  "Scenario -> function of options giving its package."
  {:partition-then-kill
   (package :partition-then-kill
            {:acts     (only [:start-partition :kill-master :heal :restart])
             :steps    [[0 {:f :start-partition}] [0.4 {:f :kill-master}] [0.8 {:f :heal}]
                        [1 {:f :restart}]]
             :length-s 16 :undo [{:f :heal} {:f :restart}]
             :phrase   "when the new master was killed while the old one was cut off"})
   :stale-replica
   (package :stale-replica
            {:acts     (only [:start-starving :kill-fresh :heal :restart])
             :steps    [[0 {:f :start-starving}] [0.35 {:f :kill-fresh}] [0.4 {:f :heal}]
                        [1 {:f :restart}]]
             :length-s 14 :undo [{:f :heal} {:f :restart}]
             :needs    #{:resets}
             :phrase   "when only a replica was left that had been cut from its master"})
   :kill-pause-partition
   (package :kill-pause-partition
            {:acts     (only [:kill-master :pause-master :start-minority :resume :restart :heal])
             :steps    [[0 {:f :kill-master}] [0.3 {:f :pause-master}] [0.4 {:f :restart}]
                        [0.6 {:f :start-minority}] [0.75 {:f :resume}] [1 {:f :heal}]]
             :length-s 16 :undo [{:f :resume} {:f :heal} {:f :restart}]
             :phrase   "while a kill, a pause and a partition overlapped"})})

(defn- combined
  "One of the scenarios, by seed."
  [{:keys [seed] :as opts}]
  ((scenarios (first (random/order (sort (keys scenarios)) seed :combined))) opts))

(def faults (assoc scenarios :combined combined))
