(ns chaos.report.staleness
  "How old answers were: every count of a workload whose name ends in `staleness` holds, by
  measure, quantiles {:n :q50 :q95 :q99 :max} (chaos.checker.replica-reads says what k and t
  are). They are drawn as distributions (CDF), one curve a cell, one colour a system, on an
  axis that is logarithmic but begins at 0, since most reads are not stale at all.

  What it cannot show: the distribution between the quantiles; the lines only lead the eye."
  (:require [chaos.report.html :as html]
            [chaos.report.label :as label]
            [chaos.report.plot :as plot]
            [chaos.report.prose :as prose]
            [clojure.string :as str]))

(defn- share
  "The quantile that a key names, :q95 or :max; nil of another."
  [k]
  (let [[_ digits] (re-matches #"q(\d+)" (name k))]
    (cond digits              (parse-double (str "0." digits))
          (= "max" (name k)) 1.0)))

(defn quantiles
  "[[q value] ...] in order."
  [of]
  (sort (for [[k v] of :when (and (share k) (some? v))] [(share k) (double v)])))

(defn- rows
  "[[metric cell n quantiles] ...], a metric being [kind measure]."
  [cells]
  (for [c cells, w (:workloads c)
        [kind measures] (sort-by key (:counts w))
        :when (and (str/ends-with? (name kind) "staleness") (map? measures))
        [measure of] (sort-by key measures)
        :when (seq of)]
    [[kind measure] c (:n of) (quantiles of)]))

(defn- title [[kind measure]]
  (str (label/capital (label/words kind)) ", " (prose/measures measure (label/words measure))))

(defn- scale
  "Values from 0 on, logarithmic from 1 on."
  [limit]
  (comp (plot/linear (Math/log10 (inc limit)) plot/left (- plot/width 30))
        #(Math/log10 (inc %))))

(defn- cdf [metric rows]
  (let [limit   (reduce max 1 (for [[_ _ _ qs] rows, [_ v] qs] v))
        systems (vec (distinct (map (comp label/cell-name second) rows)))
        colour  #(str "c" (mod (.indexOf ^java.util.List systems (label/cell-name %)) 6))
        base    190
        x       (scale limit)
        low     (reduce min 0.5 (for [[_ _ _ qs] rows, [q] qs] q))
        y       (comp (plot/linear (- 1 low) base 14) #(- % low))]
    (list
     (plot/legend (distinct (for [[_ c] rows] [(colour c) (label/cell-name c)])))
     (plot/svg (+ base 38) (str "Distribution of " (title metric))
               (plot/y-ticks (for [q (range low 1.01 (/ (- 1 low) 4))]
                               [(y q) (str (html/decimal (* 100 q) 1) " %")]) plot/left)
               (for [v (cons 0 (take-while #(<= % limit) (iterate #(* 10 %) 1)))]
                 [:g (plot/line "grid" (x v) 14 (x v) base)
                  (plot/text "tick mid" (x v) (+ base 16) (html/number v))])
               (plot/text "tick end" (- plot/width 30) (+ base 34)
                          (prose/measures (second metric) (label/words (second metric))))
               (for [[_ c _ qs] rows]
                 [:g {:class "curve"}
                  [:title (label/cell-title c)]
                  (plot/curve (str "cdf " (colour c)) (for [[q v] qs] [(x v) (y q)]))
                  (plot/curve (str "cdf points " (colour c))
                              (mapcat (fn [[q v]] [[(x v) (y q)] [(x v) (y q)] nil]) qs))])))))

(defn- quantile-table [metric rows]
  (let [qs (sort (distinct (for [[_ _ _ of] rows, [q] of] q)))]
    (html/table
     (title metric)
     (concat [["cell"] ["reads" "n"]]
             (for [q qs] [(if (== 1 q) "greatest" (str (html/decimal (* 100 q) 0) " %")) "n"]))
     (for [[_ c n of] rows :let [value (into {} (map vec) of)]]
       (concat [(label/cell-link c (label/cell-title c)) (html/number n)]
               (map #(html/decimal (value %) 1) qs))))))

(defn section [cells]
  (let [all (rows cells)]
    (when (seq all)
      [:section {:id "staleness"}
       [:h2 "Staleness of reads"]
       [:p prose/staleness]
       (for [[metric of-metric] (sort-by key (group-by first all))]
         (list [:h3 (title metric)]
               (cdf metric of-metric)
               (quantile-table metric of-metric)))])))
