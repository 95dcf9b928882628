(ns chaos.nemesis.pause
  "SIGSTOP of the master's server, and SIGCONT: a long collection of garbage, a virtual machine
  that is moved, a debugger. The process keeps its connections and its memory, and on waking
  first does what it was about to do, believing that no time has passed. Clients of ours give up
  on a silent master after half a second, so what a patient client would be told is not seen."
  (:require [chaos.cluster :as cluster]
            [chaos.db.system :as system]
            [chaos.generator :as gen]
            [chaos.nemesis.heal :as heal]
            [chaos.nemesis.times :as times]
            [chaos.observer :as observer]
            [chaos.random :as random]))

(def ^:private short-s "Too short to be called down." (* 0.3 (/ system/down-after-ms 1000)))
(def ^:private long-s "Long enough to be replaced meanwhile." 6.0)

(defn pause!
  "Stops the master's server. It is called isolated if it is to be replaced."
  [isolated? {:keys [cluster state]} _]
  (let [master (heal/master! cluster)]
    (swap! state assoc :paused master :isolated? isolated?)
    (cluster/pause! cluster :server master)
    (cond-> {:paused master} isolated? (assoc :isolated master))))

(defn resume! [{:keys [cluster report state]} _]
  (let [{:keys [paused isolated?]} @state]
    (swap! state dissoc :paused :isolated?)
    (when (and paused isolated?)
      (observer/tap! cluster paused (remove #{paused} (:nodes cluster)) report))
    (when paused (cluster/resume! cluster :server paused))
    (cond-> {:resumed paused} (and paused isolated?) (assoc :healed paused))))

(defn short-package [{:keys [seed] :as opts}]
  {:nemesis         {:pause-briefly (partial pause! false) :resume resume!}
   :generator       [(times/until-window
                      opts
                      (mapcat (fn [k] [(gen/pause (random/between 0.5 2.5 seed :pause-short k))
                                       {:f :pause-briefly} (gen/pause short-s) {:f :resume}])
                              (range)))
                     {:f :resume}]
   :final-generator {:f :resume}
   :needs           #{:processes}
   :time-s-min      times/time-s-min
   :phrase          "while the master was stopped again and again, too briefly to be replaced"
   :perf            {:name "pauses" :starts #{:pause-briefly} :ends #{:resume}}})

(defn long-package [opts]
  {:nemesis         {:pause-master (partial pause! true) :resume resume!}
   :generator       (times/once (times/window opts :pause-long long-s)
                                {:f :pause-master} {:f :resume})
   :final-generator {:f :resume}
   :needs           #{:processes}
   :time-s-min      times/time-s-min
   :phrase          "when the master was stopped for six seconds and woke up"
   :perf            {:name "master stopped" :starts #{:pause-master} :ends #{:resume}}})

(def faults {:pause-short short-package :pause-long long-package})
