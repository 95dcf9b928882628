(ns chaos.checker.linearizable
  "Linearizability of each object by itself: between its call and its return every operation
  takes effect at one instant, and reads see it (Herlihy and Wing, 1990).

  Operations: {:f :read|:write|:cas :key k :value v-or-[old new]} for the register, and those of
  the other models in chaos.checker.linear.models. :info stays open to the end (it may take
  effect at any time after its call, or never), :fail is left out, and a :cas that failed with
  `:error :mismatch` certainly saw another value.

  It does not see what happens between two objects, nor an order that clients agreed on outside
  the store. A key for which no answer is found in time makes the result :unknown, unless
  another key is certainly wrong."
  (:require [chaos.checker :as checker]
            [chaos.checker.linear.certificate :as certificate]
            [chaos.checker.linear.models :as models]
            [chaos.checker.linear.operations :as operations]
            [chaos.checker.linear.wgl :as wgl]
            [chaos.history :as history]))

(def ^:private shown-max 10)

(defn- check-keys
  "Each key's answer. Time that one key leaves over is shared by those after it."
  [model groups {:keys [time-limit-s steps-max]}]
  (let [end (+ (System/nanoTime) (long (* 1e9 time-limit-s)))]
    (loop [groups (seq groups), answers []]
      (if-let [[[key operations] & more] groups]
        (let [now   (System/nanoTime)
              share (quot (- end now) (inc (count more)))
              found (wgl/check model operations {:deadline-ns (+ now share)
                                                 :steps-max   steps-max})]
          (recur more (conj answers (assoc found :key key :operations operations))))
        answers))))

(defn- counts [history {:keys [fs]} groups answers]
  (let [ends (into []
                   (comp (filter #(and (history/client-op? %) (contains? fs (:f %))))
                         (remove #(= :invoke (:type %))))
                   history)]
    (merge (checker/outcomes ends)
           {:operations (transduce (map (comp count val)) + groups)
            :keys       (count groups)
            :steps      (transduce (map :steps) + answers)})))

(defn check
  "The result of a history. opts: :model (default :cas-register), :initial (the value before
  the first write; default nil, or the model's own), :time-limit-s (default 60, of all keys),
  :steps-max (placements tried per key)."
  ([history] (check history {}))
  ([history {:keys [initial] :as opts}]
   (let [opts    (merge {:model :cas-register :time-limit-s 60 :steps-max Long/MAX_VALUE} opts)
         model   (models/model (:model opts) initial)
         groups  (group-by :key (operations/operations model history))
         answers (check-keys model groups opts)
         wrong   (filterv (comp false? :valid?) answers)
         open    (filterv (comp #{:unknown} :valid?) answers)]
     (cond-> {:valid?    (checker/merge-valid (map :valid? answers))
              :anomalies (if (seq wrong)
                           {:nonlinearizable
                            {:count (count wrong)
                             :shown (mapv #(certificate/certificate model initial (:operations %)
                                                                    (:stuck %))
                                          (take shown-max wrong))}}
                           {})
              :counts    (counts history model groups answers)}
       (seq open) (assoc :because (str (count open) " of " (count groups) " keys: "
                                       (:because (first open))))))))

(def recheck
  "(fn [history certificate] boolean), independent of the search."
  certificate/holds?)
