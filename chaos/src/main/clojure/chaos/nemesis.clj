(ns chaos.nemesis
  "Every fault this harness can inject, by name. A fault is a function from options
  {:seed :time-s :clients :nodes-count} to a package:

    :nemesis          {f (fn [context op] value)}: does the fault, returns what it did
    :generator        when, as a `chaos.generator`
    :final-generator  operations that undo whatever may still be broken
    :leads?           whether the load lasts as long as :generator (else :time-s seconds)
    :needs            names of what the machine or the cluster must offer (chaos.capability)
    :time-s-min       the shortest load that it fits into
    :server-lines     directives that every server gets for it, beside its own
    :expects          {system #{class}}: what the control must be caught with, or the cell
                      proves nothing
    :phrase           how it reads after \"we found n writes lost\"
    :perf             {:name :starts #{f} :ends #{f}}: what the plots shade

  context = {:cluster :report :state}: report takes observer events, state is an atom of
  the run's own. The same f means the same thing in every package, but for :failovers, which
  waits for more. A new fault is one namespace under chaos.nemesis.* and one line here."
  (:require [chaos.nemesis.failovers :as failovers]
            [chaos.nemesis.kill :as kill]
            [chaos.nemesis.links :as links]
            [chaos.nemesis.partition :as partition]
            [chaos.nemesis.pause :as pause]
            [chaos.nemesis.planned :as planned]
            [chaos.registry :as registry]))

(defn- none
  "No fault: what a run without one looks like, which is what all others are compared with."
  [_]
  {:nemesis {} :generator nil :final-generator nil :time-s-min 5 :phrase "without any fault"
   :perf {:name "none" :starts #{} :ends #{}}})

(def faults
  "Fault name -> function of options giving a package."
  (merge {:none none :failovers failovers/package}
         partition/faults links/faults kill/faults pause/faults planned/faults))

(def groups
  "Names for faults that people ask for together. Each fault is a cell of its own."
  {:partitions [:partition :isolate-master :minority :halves :bridge :ring :one-way-in
                :one-way-out :replicas-cut :sentinels-cut :master-unseen]
   :links      [:flapping :delay :slow-link :reset]
   :kills      [:kill :kill-sentinel :kill-all :quick-restart]
   :pauses     [:pause-short :pause-long]
   :planned    [:planned-failover :rolling-restart]
   :all        [:partition :kill]})

(defn parse [text] (registry/parse "nemesis" faults groups text))

(defn package-of
  "The package of a fault under the options of a run. Throws on an unknown name and on a load
  too short for it, before anything starts."
  [fault {:keys [time-s] :as opts}]
  (let [make    (or (faults fault)
                    (throw (registry/usage-error (str "unknown nemesis \"" fault "\""))))
        package (make opts)
        least   (:time-s-min package 0)]
    (when (and time-s (< time-s least))
      (throw (registry/usage-error (str "nemesis " (name fault) " needs at least " least
                                        " s of load, not " time-s))))
    package))
