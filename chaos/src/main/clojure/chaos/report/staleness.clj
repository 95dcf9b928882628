(ns chaos.report.staleness
  "How old the answers of replicas were: every count of a workload whose name begins with
  `staleness` holds quantiles, drawn as a distribution (CDF), one curve a cell.
  The unit is the one in the name (staleness_ms, staleness_versions)."
  (:require [chaos.report.html :as html]
            [chaos.report.label :as label]
            [chaos.report.plot :as plot]
            [chaos.report.prose :as prose]
            [clojure.string :as str]))

(defn- share
  "The quantile that a key names: 0.95, \"0.95\", :q95, :max; nil of another."
  [q]
  (if (number? q)
    (double q)
    (let [[_ digits] (re-matches #"q(\d+)" (name q))]
      (cond digits              (parse-double (str "0." digits))
            (= "max" (name q)) 1.0
            :else               (parse-double (name q))))))

(defn quantiles
  "[[q value] ...] in order, of such a list or of a map such as {:n 7 :q50 1 :max 4}."
  [of]
  (sort (for [[q v] of :when (and (share q) (some? v))] [(share q) (double v)])))

(defn- rows
  "[[metric cell workload quantiles] ...]"
  [cells]
  (for [c cells, w (:workloads c), [k of] (sort-by key (:counts w))
        :when (and (str/starts-with? (name k) "staleness") (coll? of) (seq of))]
    [k c w (quantiles of)]))

(defn- colour [i] (str "c" (mod i 6)))

(defn- cdf [metric rows]
  (let [limit (reduce max 1e-3 (for [[_ _ _ qs] rows, [_ v] qs] v))
        base  220
        x     (plot/linear limit plot/left (- plot/width 30))
        y     (plot/linear 1 base 14)]
    (list
     (plot/legend (for [[i [_ c w]] (map-indexed vector rows)]
                    [(colour i) (str (label/cell-title c)
                                     (when-not (= "replica-reads" (:workload w))
                                       (str ", " (:workload w))))]))
     (plot/svg (+ base 38) (str "Distribution of " (label/words metric))
               (plot/y-ticks (for [q [0 0.25 0.5 0.75 1]]
                               [(y q) (str (html/decimal (* 100 q) 0) " %")]) plot/left)
               (plot/x-ticks limit 8 x 14 base (if (< limit 8) 1 0))
               (plot/text "tick end" (- plot/width 30) (+ base 34) (label/words metric))
               (for [[i [_ _ _ qs]] (map-indexed vector rows)]
                 (plot/curve (str "cdf " (colour i))
                             (cons [(x 0) (y 0)] (for [[q v] qs] [(x v) (y q)]))))))))

(defn- quantile-table [metric rows]
  (let [qs (sort (distinct (for [[_ _ _ of] rows, [q] of] q)))]
    (html/table
     (str (label/capital (label/words metric)) ", by quantile")
     (concat [["cell"] ["workload"]]
             (for [q qs] [(if (== 1 q) "greatest" (str (html/decimal (* 100 q) 1) " %")) "n"]))
     (for [[_ c w of] rows :let [value (into {} (map vec) of)]]
       (concat [(label/cell-link c (label/cell-title c)) (:workload w)]
               (map #(html/decimal (value %) 1) qs))))))

(defn section [cells]
  (let [all (rows cells)]
    (when (seq all)
      [:section {:id "staleness"}
       [:h2 "Staleness of replica reads"]
       [:p prose/staleness]
       (for [[metric of-metric] (sort-by key (group-by first all))]
         (list (cdf metric of-metric) (quantile-table metric of-metric)))])))
