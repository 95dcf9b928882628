(ns chaos.workload.counter
  "One counter that clients add to (INCRBY) and read, half and half; at the end it is read
  again. An add tells the value it made, which is a reading as well.

  It sees acknowledged adds that a value lacks and adds that were never tried. It does not
  see an add that was lost while an unsure one of the same size took effect, nor in which
  order adds happened."
  (:require [chaos.checker.counter :as checker]
            [chaos.client :as client]
            [chaos.random :as random]
            [chaos.workload.support :as support]))

(def ^:private key-name "counter:total")
(def ^:private step-max 5)
(def ^:private final-reads 3)

(defn operation
  "Operation i of thread t."
  [{:keys [seed]} t i]
  (if (< (random/unit seed :counter t i) 0.5)
    {:f :add :value (inc (int (* step-max (random/unit seed :counter-step t i))))}
    {:f :read :value nil}))

(defn- add! [client {:keys [value] :as op}]
  (client/with-master! client op
    (fn [conn commit!]
      (commit!)
      {:after (client/must! conn "INCRBY" key-name value)})))

(defn- read! [client op]
  (client/with-master! client op
    (fn [conn _]
      {:value (parse-long (or (client/must! conn "GET" key-name) "0"))})))

(defn workload [opts]
  {:needs           #{"INCRBY" "GET"}
   :invoke          (fn [client {:keys [f final?] :as op}]
                      (cond final?     (support/patiently op #(read! client %))
                            (= :add f) (add! client op)
                            :else      (read! client op)))
   :generator       (support/paced opts :counter (fn [t _ i] (operation opts t i)))
   :final-generator (repeat final-reads {:f :read :value nil :final? true})
   :read-node       nil
   :severe          #{:above-bounds}
   :checker         checker/check
   :recheck         checker/recheck})
