(ns chaos.checker.linear.self-test
  "The search against the definition, on small histories made by chance: both must say the same,
  and the certificate of every eighth must hold. A history is named by its model and its seed,
  so that one that fails can be had again: `(simulation/small model seed)`.

  It cannot find what both share: how calls and returns are paired, and the models. Those have
  tests on literal histories."
  (:require [chaos.checker.linear.brute :as brute]
            [chaos.checker.linear.models :as models]
            [chaos.checker.linear.operations :as operations]
            [chaos.checker.linear.simulation :as simulation]
            [chaos.checker.linear.wgl :as wgl]
            [chaos.checker.linearizable :as linearizable]))

(def ^:private certified-every "Of so many histories one has its certificate checked as well." 8)

(defn- certificate-problem [{:keys [name]} history defined]
  (let [{:keys [valid? anomalies]} (linearizable/check history {:model name})
        shown (get-in anomalies [:nonlinearizable :shown])]
    (cond
      (not= defined valid?)         (str "the definition says " defined ", the checker " valid?)
      (not= defined (empty? shown)) "no certificate, or one too many"
      (not-every? #(linearizable/recheck history %) shown) "the certificate does not hold")))

(defn- judged
  "{:valid? by the definition, :wrong nil or what is wrong with the checker} of one history."
  [model history certify?]
  (let [operations (operations/operations model history)
        defined    (brute/linearizable? model operations)
        found      (:valid? (wgl/check model operations))]
    {:valid? defined
     :wrong  (cond
               (not= defined found) (str "the definition says " defined ", the search " found)
               certify?             (certificate-problem model history defined))}))

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
              found (judged (models/model name) (simulation/small name at)
                            (zero? (mod i certified-every)))]
          (recur (inc i)
                 (cond-> valid (:valid? found) inc)
                 (cond-> invalid (not (:valid? found)) inc)
                 (cond-> wrong (:wrong found) (conj {:model name :seed at
                                                     :wrong (:wrong found)}))))))))
