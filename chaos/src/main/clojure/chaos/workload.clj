(ns chaos.workload
  "Workloads by name. A workload is a function from options {:seed :clients :rate :time-s
  :system :commands}, and the option of its `variants` if it has any, to

    :needs            set of command names without which it cannot run
    :invoke           (fn [client op] completed-op), for client operations
    :generator        what the clients do while faults happen, :rate operations a second
    :final-generator  what is read at the end, when all is healed; may be nil
    :read-node        (fn [cluster op] completed-op) for :final-read operations, which go
                      past the mesh to the node they name; nil without such operations
    :lagging          classes that replicas show merely because they lag; may be absent
    :promised         classes that no loss of memory excuses; may be absent
    :severe           classes that nothing excuses, not even a failover, besides those that
                      chaos.verdict never allows anybody; may be absent
    :checker          (fn [history opts] result), see chaos.checker
    :recheck          (fn [history certificate] boolean), a small and independent look

  Several run side by side in one cell, so each prefixes its keys with its name. A new
  workload is one namespace under chaos.workload.* and one line in `workloads`."
  (:require [chaos.registry :as registry]
            [chaos.workload.counter :as counter]
            [chaos.workload.durability :as durability]
            [chaos.workload.list-append :as list-append]
            [chaos.workload.lock :as lock]
            [chaos.workload.register :as register]
            [chaos.workload.replica-reads :as replica-reads]
            [chaos.workload.set :as set]
            [chaos.workload.switch-master :as switch-master]))

(def workloads
  "Workload name -> function of options."
  {:counter       counter/workload
   :durability    durability/workload
   :list-append   list-append/workload
   :lock          lock/workload
   :register      register/workload
   :replica-reads replica-reads/workload
   :set           set/workload
   :switch-master switch-master/workload})

(defn parse [text] (registry/parse "workload" workloads {} text))

;; ---- variants ----

(def variants
  "Option -> the workload that does its work in more than one way, the ways by name, and the one
  that is meant when nobody says."
  {:cas     {:of :register :ways register/cas-variants :default register/cas-default}
   :fsync   {:of :durability :ways durability/policies :default durability/policy-default}
   :lists   {:of :list-append :ways list-append/lists-variants :default list-append/lists-default}
   :release {:of :lock :ways lock/release-variants :default lock/release-default}})

(defn parse-variant [option text] (registry/parse-one (name option) (:ways (variants option)) text))

(defn must-apply!
  "Throws when opts name a variant of a workload that they do not name."
  [{:keys [workloads] :as opts}]
  (doseq [[option {:keys [of]}] (sort-by key variants)
          :when (and (opts option) (not-any? #{of} workloads))]
    (throw (registry/usage-error (str "--" (name option) " is of the workload " (name of)
                                      ", which this run does not have")))))

(defn chosen
  "{option way} of the workloads of opts, whether it was said or is meant."
  [{:keys [workloads] :as opts}]
  (into (sorted-map)
        (for [[option {:keys [of default]}] variants :when (some #{of} workloads)]
          [option (opts option default)])))

(defn not-chosen
  "[{:what :why}] of the variants that the workloads of opts also have."
  [opts]
  (for [[option way] (chosen opts)
        other        (sort (keys (dissoc (:ways (variants option)) way)))]
    {:what (str "workload " (name (:of (variants option))) " --" (name option) " " (name other))
     :why  "not part of this run"}))

(defn title
  "What a workload is called under opts: by its name, and its variant if one was asked for."
  [workload opts]
  (str (name workload)
       (apply str (for [[option {:keys [of]}] variants :when (and (= of workload) (opts option))]
                    (str " --" (name option) " " (name (opts option)))))))
