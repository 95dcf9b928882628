(ns chaos.stats
  "Few numbers that stand for many. Every quantile of a run, of its report and of what is
  printed is taken here: by nearest rank, so that each is a value that was measured, and the
  median of an even number of values is the lower of the two in the middle.

  HdrHistogram is not used: it is not among the libraries of this module, and it would not fit.
  It counts into buckets, which keeps memory small while one records, at the price of values
  rounded to the bucket. Here the history holds every latency anyway, a slice of it has some
  hundreds, and findings must be equal whenever they are computed again.")

(defn of-sorted
  "The smallest value with at least the share q of all at or below it, of a sorted vector; nil
  of none."
  [q sorted]
  (when (seq sorted)
    ;; A share such as 0.07 times 100 is a little more than 7, and means the seventh.
    (nth sorted (max 0 (dec (long (Math/ceil (- (* q (count sorted)) 1e-9))))))))

(defn quantile
  "As of-sorted, of values in any order."
  [q values]
  (of-sorted q (vec (sort values))))

(defn median [values] (quantile 0.5 values))

(def ^:private named {:q50 0.5 :q95 0.95 :q99 0.99})

(defn quantiles
  "{:n :q50 :q95 :q99 :max} of values; nil of none."
  [values]
  (when (seq values)
    (let [sorted (vec (sort values))]
      (into {:n (count sorted) :max (peek sorted)}
            (update-vals named #(of-sorted % sorted))))))
