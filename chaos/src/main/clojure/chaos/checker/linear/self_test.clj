(ns chaos.checker.linear.self-test
  "The search against the definition, on small histories made by chance: both must say the same,
  and every certificate must hold. A history is named by its model and its seed, so that one
  that fails can be had again: `(simulation/small model seed)`.

  It cannot find what both share: how calls and returns are paired, and the models. Those have
  tests on literal histories."
  (:require [chaos.checker.linear.brute :as brute]
            [chaos.checker.linear.models :as models]
            [chaos.checker.linear.operations :as operations]
            [chaos.checker.linear.simulation :as simulation]
            [chaos.checker.linearizable :as linearizable]))

(defn- judged
  "{:valid? what both say} of one history, or :wrong, what is wrong with the checker."
  [model history]
  (let [defined (brute/linearizable? model (operations/operations model history))
        found   (linearizable/check history {:model (:name model)})
        shown   (get-in found [:anomalies :nonlinearizable :shown])]
    (cond
      (not= defined (:valid? found))
      {:valid? defined :wrong (str "the definition says " defined ", the search "
                                   (:valid? found))}
      (not-every? #(linearizable/recheck history %) shown)
      {:valid? defined :wrong "the certificate does not hold"}
      (not= defined (empty? shown))
      {:valid? defined :wrong "no certificate, or one too many"}
      :else
      {:valid? defined})))

(defn run
  "Counts over n histories of each seed from `seed` on, the models in turn: {:valid :invalid
  :wrong [{:model :seed :wrong}]}; at most ten wrong ones are kept."
  [n seed]
  (let [names (vec (sort (keys models/models)))]
    (loop [i 0, valid 0, invalid 0, wrong []]
      (if (or (= i n) (= 10 (count wrong)))
        {:valid valid :invalid invalid :wrong wrong}
        (let [name  (nth names (mod i (count names)))
              at    (+ seed i)
              found (judged (models/model name) (simulation/small name at))]
          (recur (inc i)
                 (cond-> valid (:valid? found) inc)
                 (cond-> invalid (not (:valid? found)) inc)
                 (cond-> wrong (:wrong found) (conj {:model name :seed at
                                                     :wrong (:wrong found)}))))))))
