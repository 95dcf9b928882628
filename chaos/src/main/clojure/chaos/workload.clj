(ns chaos.workload
  "Workloads by name. A workload is a function from options {:seed :clients :rate} to

    :invoke           (fn [client op] completed-op), for client operations
    :generator        what the clients do while faults happen
    :final-generator  what is read at the end, when all is healed
    :read-node        (fn [cluster op] completed-op), for :read operations, past the mesh
    :checker          (fn [history] {:valid? ...})

  A new workload is one namespace under chaos.workload.* and one line in `workloads`."
  (:require [chaos.registry :as registry]
            [chaos.workload.unique-adds :as unique-adds]))

(def workloads
  "Workload name -> function of options."
  {:unique-adds unique-adds/workload})

(defn parse [text] (registry/parse "workload" workloads {} text))
