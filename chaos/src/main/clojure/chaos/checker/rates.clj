(ns chaos.checker.rates
  "Operations per second and latency over time, for the plots: the history cut into equal
  slices. Nothing here is judged."
  (:require [chaos.history :as history]
            [chaos.stats :as stats]))

(defn- gone?
  "Whether an operation is a lost write. A read that asks for a lost element names it too."
  [lost {:keys [workload f value]}]
  (and (= [:set :add] [workload f]) (lost value)))

(def ^:private quantiles [0.5 0.95 0.99])

(defn- latency-ms [{:keys [time invoked]}] (/ (- time invoked) 1e6))

(defn- slice [lost slice-s [at ops]]
  (let [ok   (filter #(= :ok (:type %)) ops)
        gone (count (filter #(gone? lost %) ok))
        rate #(/ % slice-s)
        lats (vec (sort (map latency-ms ok)))]
    {:at-s     at
     :kept     (rate (- (count ok) gone))
     :lost     (rate gone)
     :fail     (rate (count (filter #(= :fail (:type %)) ops)))
     :info     (rate (count (filter #(= :info (:type %)) ops)))
     :ms       (mapv #(stats/of-sorted % lats) quantiles)}))

(defn slices
  "Slices of slice-s seconds from 0 to the last operation of the load, empty ones included.
  lost holds the elements that workload :set lost."
  [history lost slice-s]
  (let [adds   (history/load-completions history)
        index  #(long (quot (history/seconds %) slice-s))
        groups (group-by index adds)
        end    (reduce max -1 (keys groups))]
    (mapv (fn [i] (slice lost slice-s [(* i slice-s) (groups i)])) (range (inc end)))))

(defn dots
  "Latencies as few dots: one per cell of a grid of time (cell-s) and logarithm of latency,
  at most per-slice of them a slice. Each is [s ms type]."
  [history cell-s]
  (->> (history/load-completions history)
       (map (fn [op]
              [(* cell-s (Math/round (/ (history/seconds op) cell-s)))
               (Math/pow 10 (/ (Math/round (* 12 (Math/log10 (max 0.05 (latency-ms op))))) 12.0))
               (:type op)]))
       distinct
       vec))

(defn shades
  "Intervals in seconds from the operation that begins a fault to the one that ends it, both
  as invoked; the package's :perf says which these are."
  [history {:keys [starts ends]}]
  (loop [ops (history/faults history), open nil, done []]
    (if-let [[{:keys [f invoked]} & more] (seq ops)]
      (let [at (/ invoked 1e9)]
        (cond (and (starts f) (nil? open)) (recur more at done)
              (and (ends f) open)          (recur more nil (conj done [open at]))
              :else                        (recur more open done)))
      (if open (conj done [open (history/seconds (peek history))]) done))))
