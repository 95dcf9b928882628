(ns chaos.workload
  "Workloads by name. A workload is a function from options {:seed :clients :rate :time-s
  :system :commands} to

    :needs            set of command names without which it cannot run
    :invoke           (fn [client op] completed-op), for client operations
    :generator        what the clients do while faults happen, :rate operations a second
    :final-generator  what is read at the end, when all is healed; may be nil
    :read-node        (fn [cluster op] completed-op) for :final-read operations, which go
                      past the mesh to the node they name; nil without such operations
    :lagging          classes that replicas show merely because they lag; may be absent
    :promised         classes that no loss of memory excuses; may be absent
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
