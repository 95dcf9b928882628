(ns chaos.stats-test
  (:require [chaos.checker.rates :as rates]
            [chaos.stats :as stats]
            [clojure.test :refer [are deftest is]]))

(deftest should-take-the-nearest-rank
  (are [value q values] (= value (stats/quantile q values))
    nil 0.5  []
    3   0.5  [3]
    2   0.5  [4 1 2 3]
    3   0.5  [9 3 1]
    95  0.95 (shuffle (range 1 101))
    99  0.99 (range 1 101)
    7   0.07 (range 1 101)
    1   0.0  (range 1 101)
    100 1.0  (range 1 101)))

(deftest should-name-the-usual-ones
  (is (= {:n 4 :q50 2 :q95 4 :q99 4 :max 4} (stats/quantiles [4 3 2 1])))
  (is (nil? (stats/quantiles []))))

(deftest should-give-the-plots-the-same-quantiles
  (let [op      (fn [type ms i] {:process i :f :add :type type :time (* 1000000 ms) :value i})
        history (vec (concat (for [i (range 4)] (op :invoke 0 i))
                             (for [i (range 4)] (op :ok (inc i) i))))
        {:keys [q50 q95 q99]} (stats/quantiles [1.0 2.0 3.0 4.0])]
    (is (= [q50 q95 q99] (:ms (first (rates/slices history #{} 0.5)))))))
