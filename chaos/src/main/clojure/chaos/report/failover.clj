(ns chaos.report.failover
  "How long a failover took, stage by stage: per fault and system one plot in which each
  failover is a row, stacked by stage and sorted, so that its right-hand edge is the
  distribution (CDF) of the time to the first write; and the quantiles of each stage. Also
  what the old master did when it came back."
  (:require [chaos.report.html :as html]
            [chaos.report.label :as label]
            [chaos.report.plot :as plot]
            [chaos.report.prose :as prose]
            [chaos.stats :as stats]))

(def ^:private stage-classes
  [[:sdown "s1" "+sdown"] [:odown "s2" "+odown"] [:switch "s3" "+switch-master"]
   [:first_ok "s4" "first write"]])

(defn- stage-ends
  "[to class from] of each stage in turn, in ms. A stage that was not seen, or came before
  the one ahead of it, adds nothing."
  [stage]
  (->> stage-classes
       (reductions (fn [[reached :as at] [k class]]
                     (if-let [v (get stage k)] [(max v reached) class reached] at))
                   [0 nil 0])
       rest
       (filter second)
       distinct))

(defn- groups
  "[[fault system-name stages] ...]: only like failovers share a distribution."
  [cells]
  (let [rows (for [c cells, s (:stages_ms c)] [(:fault s) (label/cell-name c) s])]
    (for [[[fault system] of-group] (sort-by key (group-by #(subvec % 0 2) rows))]
      [fault system (map peek of-group)])))

(defn- endless [{:keys [first_ok] :as stage} limit]
  (when-not first_ok [[limit "never" (reduce max 0 (map first (stage-ends stage)))]]))

(def ^:private plot-left 64)
(def ^:private title-height 34)
(def ^:private axis-height 40)

(defn- rows-height [stages] (max 24 (min 150 (* 24 (count stages)))))

(defn- bars
  "The failovers of one group from y downwards, the fastest at the bottom. One without a
  first write goes on, hollow, to the end of the axis."
  [stages limit x y]
  (let [ordered (sort-by #(- (or (:first_ok %) Double/MAX_VALUE)) stages)
        step    (/ (rows-height stages) (double (count stages)))
        gap     (if (< 8 step) 2 0)]
    (for [[i stage] (map-indexed vector ordered)
          [to class from] (concat (stage-ends stage) (endless stage limit))]
      (plot/rect class (x from) (+ y (* i step)) (- (x to) (x from)) (- step gap)
                 (when (< (count stages) 40)
                   [:title (if (= "never" class)
                             "no first write was seen"
                             (str (html/decimal from 0) " to " (html/decimal to 0) " ms"))])))))

(defn- group-plot [[fault system stages] limit x y]
  (let [base (+ y (rows-height stages))]
    [:g
     (plot/text "tick strong" plot-left (- y 8)
                (str fault ", " system ": " (count stages)
                     (if (= 1 (count stages)) " failover" " failovers")))
     (for [share (if (< 40 (- base y)) [0 50 100] [])]
       (plot/text "tick end" (- plot-left 7) (+ 4 (- base (* 0.01 share (- base y))))
                  (str share " %")))
     (bars stages limit x y)]))

(defn- cdf [groups]
  (let [limit  (reduce max 1 (for [[_ _ stages] groups, s stages, [to] (stage-ends s)] to))
        x      (plot/linear limit plot-left (- plot/width 30))
        tops   (reductions + title-height
                           (for [[_ _ stages] groups] (+ title-height (rows-height stages))))
        base   (- (last tops) title-height)
        height (+ base axis-height)]
    (plot/svg height "Failovers by stage, sorted: distribution of the time to the first write"
              (plot/x-ticks limit 8 x 8 (+ base 6) 0)
              (plot/text "tick end" (- plot/width 30) (+ base 36) "milliseconds after the fault")
              (map #(group-plot %1 limit x %2) groups tops))))

(defn- quantile-rows [groups]
  (for [[fault system stages] groups
        :let [values  (fn [k] (keep k stages))
              at      (fn [q k] (html/decimal (stats/quantile q (values k)) 0))]]
    (concat [(str fault ", " system) (html/number (count stages))
             (html/number (- (count stages) (count (values :first_ok))))]
            (map #(at 0.5 %) [:sdown :odown :switch])
            (map #(at % :first_ok) [0.5 0.9 0.99 1]))))

(defn- every-failover [cells]
  [:details
   [:summary "Every failover"]
   (html/table "Milliseconds after the fault"
               [["cell"] ["fault"] ["node"] ["at, s" "n"] ["+sdown" "n"] ["+odown" "n"]
                ["+switch-master" "n"] ["first write" "n"]]
               (for [c cells, s (:stages_ms c)]
                 (concat [(label/cell-link c (label/cell-title c)) (:fault s) (str "n" (:node s))
                          (html/decimal (:at_s s) 1)]
                         (map #(html/decimal (get s (first %)) 0) stage-classes))))])

(defn pooled-section
  "The failovers of all these cells together; nil without any."
  [cells]
  (when-let [groups (seq (groups cells))]
    [:section {:id "failover"}
     [:h2 "Failover, stage by stage"]
     [:p prose/stages]
     (plot/legend (concat (map (fn [[_ class words]] [class words]) stage-classes)
                          [["never" "no first write seen"]]))
     (cdf groups)
     (html/table "Milliseconds after the fault, by quantile"
                 [["fault and system"] ["failovers" "n"] ["without a first write" "n"]
                  ["+sdown, median" "n"] ["+odown, median" "n"] ["+switch-master, median" "n"]
                  ["first write, median" "n"] ["90 %" "n"] ["99 %" "n"] ["longest" "n"]]
                 (quantile-rows groups))]))

(defn stages-section
  "The same, with every failover and the cell it happened in."
  [cells]
  (some-> (pooled-section cells) (conj (every-failover cells))))

(defn- ms-cells [record ks] (map #(html/decimal (get record %) 0) ks))

(defn- return-table [cells]
  (html/table
   "The old master's return: a heal, or a restart"
   [["cell"] ["node"] ["first contact, ms" "n"] ["first order, ms" "n"] ["demoted, ms" "n"]
    ["contact to demotion, ms" "n"] ["stale acks" "n"] ["after contact" "n"] ["after order" "n"]
    ["after demotion" "n"] ["last stale ack, ms" "n"]]
   (for [{s :stale :as c} cells :when (:applies s)]
     (concat [(label/cell-link c (label/cell-title c)) (str "n" (:node s))]
             (ms-cells s [:contact_ms :order_ms :demoted_ms :contact_to_demoted_ms])
             (map #(html/number (get s %)) [:stale_after_return :stale_after_contact
                                            :stale_after_order :stale_after_demotion])
             (ms-cells s [:last_stale_ms])))))

(defn- probed? [{:keys [stages_ms returns]}] (and (< 1 (count stages_ms)) (seq returns)))

(defn- probe-table [cells]
  (html/table
   "Restarted old masters, tried with a write every 5 ms"
   [["cell"] ["return" "n"] ["node"] ["first contact, ms" "n"] ["first order, ms" "n"]
    ["demoted, ms" "n"] ["contact to demotion, ms" "n"] ["acks" "n"] ["acks after contact" "n"]]
   (for [c cells :when (probed? c), [n r] (map-indexed vector (:returns c))]
     (concat [(label/cell-link c (label/cell-title c)) (inc n) (str "n" (:node r))]
             (ms-cells r [:contact_ms :order_ms :demoted_ms :contact_to_demoted_ms])
             (map #(html/number (get r %)) [:acks :acks_after_contact])))))

(defn return-section [cells]
  (when (some (comp :applies :stale) cells)
    [:section {:id "return"}
     [:h2 "When the old master comes back"]
     [:p prose/returns]
     (return-table cells)
     (when (some probed? cells) (probe-table cells))]))
