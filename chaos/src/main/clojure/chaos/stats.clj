(ns chaos.stats
  "Few numbers that stand for many.")

(def ^:private named {:q50 0.5 :q95 0.95 :q99 0.99})

(defn quantiles
  "{:n :q50 :q95 :q99 :max} of values (nearest rank, no interpolation); nil of none."
  [values]
  (when (seq values)
    (let [sorted (vec (sort values))
          n      (count sorted)]
      (into {:n n :max (peek sorted)}
            (map (fn [[k q]] [k (nth sorted (min (dec n) (int (* q n))))]))
            named))))
