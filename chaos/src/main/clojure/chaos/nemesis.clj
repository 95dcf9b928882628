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
    :disk             kind of disk (chaos.disk) that each node's data is put on for it
    :expects          {system #{class}}: what the control must be caught with, or the cell
                      proves nothing
    :forgets?         whether servers come back without what was only in their memory, and
                      may be believed, so that a loss needs no failover
    :planned?         whether operators asked for all that it does; which switch was planned is
                      for the history to say (chaos.checker.reigns)
    :spares-master?   whether it cannot touch the master, so that a failover under it is no
                      fault's doing, and excuses nothing
    :phrase           how it reads after \"we found n writes lost\"
    :perf             {:name :starts #{f} :ends #{f}}: what the plots shade

  context = {:cluster :report :state}: report takes observer events, state is an atom of
  the run's own. The same f means the same thing in every package, but for :failovers, which
  waits for more. A new fault is one namespace under chaos.nemesis.* and one line here."
  (:require [chaos.capability :as capability]
            [chaos.nemesis.combined :as combined]
            [chaos.nemesis.failovers :as failovers]
            [chaos.nemesis.kill :as kill]
            [chaos.nemesis.links :as links]
            [chaos.nemesis.partition :as partition]
            [chaos.nemesis.pause :as pause]
            [chaos.nemesis.planned :as planned]
            [chaos.nemesis.resources :as resources]
            [chaos.net :as net]
            [chaos.registry :as registry]
            [chaos.schedule :as schedule]))

(defn- none
  "No fault: what a run without one looks like, which is what all others are compared with."
  [_]
  {:nemesis {} :generator nil :final-generator nil :time-s-min 5 :phrase "without any fault"
   :spares-master? true
   :perf {:name "none" :starts #{} :ends #{}}})

(def faults
  "Fault name -> function of options giving a package."
  (merge {:none none :failovers failovers/package}
         partition/faults links/faults kill/faults pause/faults planned/faults
         resources/faults combined/faults))

(def groups
  "Names for faults that people ask for together. Each fault is a cell of its own."
  {:partitions [:partition :isolate-master :minority :halves :bridge :ring :one-way-in
                :one-way-out :replicas-cut :sentinels-cut :master-unseen]
   :links      [:flapping :delay :slow-link :reset]
   :kills      [:kill :kill-sentinel :kill-all :quick-restart]
   :pauses     [:pause-short :pause-long]
   :planned    [:planned-failover :rolling-restart]
   :resources  [:cpu-throttle :disk-full :slow-disk :power-cut]
   :combinations [:partition-then-kill :stale-replica :kill-pause-partition]
   :all        [:partition :kill]})

(defn parse [text] (registry/parse "nemesis" faults groups text))

(defn- network-of [{:keys [own] :as opts}]
  (net/network (if own :elsewhere (:net opts :mesh))))

(defn- offered
  "What the chosen network and the cluster offer to faults, whatever the machine can do."
  [{:keys [own] :as opts}]
  (cond-> (:offers (network-of opts)) (not own) (conj :processes)))

(defn- packages
  "Those of all faults, in a fixed order; the patient :failovers first, so that an operation
  that it shares with others means what it means to them."
  [opts]
  (for [fault (cons :failovers (sort (keys (dissoc faults :failovers :combined))))]
    ((faults fault) opts)))

(defn load-schedule!
  "The entries of a file, for the option :schedule; see chaos.schedule."
  [file]
  (let [any {:seed 0 :time-s 60 :clients 0}]
    (schedule/load! file (set (mapcat (comp keys :nemesis) (packages any))))))

(defn- make-package [fault opts]
  (if (= :schedule fault)
    (schedule/package (packages opts) opts)
    ((or (faults fault)
         (throw (registry/usage-error (str "unknown nemesis \"" (name fault) "\""))))
     opts)))

(defn package-of
  "The package of a fault under the options of a run; :schedule is that of the entries in the
  option :schedule. Throws before anything starts: on an unknown name with exit status 2, on
  what this machine, network or cluster cannot do with 3. A load too short is refused with 2 as
  well, which no run meets: its plan raised :time-s before (chaos.profile)."
  [fault {:keys [time-s] :as opts}]
  (let [package (make-package fault opts)
        least   (:time-s-min package 0)]
    (when (and time-s (< time-s least))
      (throw (registry/usage-error (str "nemesis " (name fault) " needs at least " least
                                        " s of load, not " time-s))))
    (when-let [refusal (capability/refusal fault
                                           (into (:needs package #{})
                                                 (:needs (network-of opts)))
                                           (offered opts))]
      (throw (ex-info refusal {:exit 3})))
    package))
