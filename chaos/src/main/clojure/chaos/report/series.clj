(ns chaos.report.series
  "What the clients of one cell met over time, in three plots on one axis: writes a second,
  latency, availability. The fault is shaded through all of them, and the figures of a slice
  show under the pointer through <title>, without any script."
  (:require [chaos.report.html :as html]
            [chaos.report.plot :as plot]
            [clojure.string :as str]))

(def ^:private rate-top 24)
(def ^:private rate-base 184)
(def ^:private ms-top 218)
(def ^:private ms-base 348)
(def ^:private served-top 378)
(def ^:private served-base 394)
(def ^:private height 430)

(def ^:private ms-low 0.1)
(def ^:private ms-high 1000)

(def slot-s "Availability is looked at in slots of this many seconds." 0.1)

(def ^:private hovers-max "More strips than this would only be narrower than a pointer." 120)

(defn- steps
  "Corners of a curve that is flat in each slice; nil where there is no value."
  [slice-s x y slices]
  (mapcat (fn [{:keys [at_s] :as slice}]
            (if-let [v (y slice)] [[(x at_s) v] [(x (+ at_s slice-s)) v]] [nil]))
          slices))

(defn- y-of-ms [ms]
  (let [share (/ (Math/log10 (/ (max ms-low (min ms-high ms)) ms-low))
                 (Math/log10 (/ ms-high ms-low)))]
    (- ms-base (* share (- ms-base ms-top)))))

(defn- rates [{:keys [slices slice_s]} x rate-max]
  (let [y     (plot/linear rate-max rate-base rate-top)
        curve (fn [f] (steps slice_s x (comp y f) slices))
        kept  (curve :kept)]
    (list
     (plot/y-ticks (for [v (range 0 (+ rate-max 1e-9) (plot/nice-step rate-max 4))]
                     [(y v) (html/number v)])
                   plot/left)
     (plot/text "tick head" plot/left (- rate-top 9) "operations per second")
     (plot/area "kept" kept (curve (constantly 0)))
     (plot/area "lost" (curve #(+ (:kept %) (:lost %))) kept)
     (plot/curve "refused" (curve #(+ (:fail %) (:info %)))))))

(defn- dot-path
  "Points as one path in whole pixels, each from the one before it, so that a dot costs a few
  bytes: a page may hold tens of thousands."
  [points]
  (str/join
   (map (fn [[x0 y0] [x y]] (str "m" (- x x0) (when-not (neg? (- y y0)) " ") (- y y0) "h0"))
        (cons [0 0] points)
        points)))

(defn- dots
  "All dots of one type."
  [x type dots]
  (let [points (distinct (for [[s ms] dots] [(Math/round (double (x s)))
                                             (Math/round (double (y-of-ms ms)))]))]
    [:path {:class (str "dot " type) :d (dot-path (sort points))}]))

(defn- latencies [{:keys [slices slice_s] :as cell} x]
  (list
   (plot/y-ticks (for [ms [0.1 1 10 100 1000]] [(y-of-ms ms) ms]) plot/left)
   (plot/text "tick head" plot/left (- ms-top 9) "latency, ms")
   (for [[type of-type] (sort-by first (group-by #(nth % 2) (:dots cell)))]
     (dots x type of-type))
   (for [[i class] (map-indexed vector ["q50" "q95" "q99"])]
     (plot/curve class (steps slice_s x #(some-> (get-in % [:ms i]) y-of-ms) slices)))))

(defn served-slots
  "For each slot of 0.1 s whether any client was acknowledged, from the lanes of the
  time-travel view; nil when the run kept none."
  [{{:keys [lanes]} :travel}]
  (when (seq lanes)
    (let [rows (map :slots lanes)
          end  (reduce max 0 (map count rows))]
      (vec (for [i (range end)]
             (boolean (some #(#{\o \L} (get % i)) rows)))))))

(defn- runs
  "[from to value] of each run of equal values."
  [slots]
  (->> (partition-by identity slots)
       (reductions (fn [[_ end] part] [end (+ end (count part)) (first part)]) [0 0 nil])
       rest))

(defn availability
  "{:percent :during-percent :longest-gap-s} of a cell, :during- for the slots under a
  fault; nil without lanes."
  [{:keys [shades_s] :as cell}]
  (when-let [slots (served-slots cell)]
    (let [shaded? (fn [i] (some (fn [[a b]] (<= a (* slot-s i) b)) shades_s))
          percent #(when (seq %) (/ (* 100.0 (count (filter true? %))) (count %)))
          during  (keep-indexed (fn [i v] (when (shaded? i) v)) slots)
          gaps    (for [[from to served?] (runs slots) :when (not served?)] (- to from))]
      {:percent        (percent slots)
       :during-percent (percent during)
       :longest-gap-s  (* slot-s (reduce max 0 gaps))})))

(defn- availability-strip [cell x]
  (when-let [slots (served-slots cell)]
    (list
     (plot/text "tick head" plot/left (- served-top 8) "acknowledged at all, in slots of 0.1 s")
     (for [[from to served?] (runs slots)]
       (plot/rect (if served? "served" "unserved") (x (* slot-s from)) served-top
                  (- (x (* slot-s to)) (x (* slot-s from))) (- served-base served-top))))))

(defn- mean [k slices] (/ (reduce + (map k slices)) (double (count slices))))

(defn- greatest-ms [i slices]
  (when-let [values (seq (keep #(get-in % [:ms i]) slices))] (reduce max values)))

(defn- hover-text [slices]
  (let [ms    #(html/decimal (greatest-ms % slices) 1)
        rates (for [[k words] [[:kept "kept"] [:lost "lost"] [:fail "refused"] [:info "unsure"]]
                    :let [rate (Math/round (mean k slices))]
                    :when (or (= :kept k) (pos? rate))]
                (str (html/number rate) " " words))]
    (str (html/decimal (:at_s (first slices)) 1) " s: " (str/join ", " rates) " a second; "
         (ms 0) " / " (ms 1) " / " (ms 2) " ms")))

(defn- hovers [{:keys [slices slice_s]} x]
  [:g {:class "hover"}
   (for [group (partition-all (inc (quot (count slices) hovers-max)) slices)
         :let [from (x (:at_s (first group))) to (x (+ slice_s (:at_s (last group))))]]
     [:path {:d (str "M" (plot/px from) " " rate-top "H" (plot/px to) "V" served-base
                     "H" (plot/px from) "Z")}
      [:title (hover-text group)]])])

(defn- marks
  "Moments named in the plot; none where there are several failovers, which would collide."
  [{:keys [stages_ms stale shades_s]}]
  (let [{:keys [at_s switch]} (first stages_ms)
        back                  (second (last shades_s))]
    (when (= 1 (count stages_ms))
      (concat (when switch [[(+ at_s (/ switch 1000)) "+switch-master"]])
              (when (and back (:demoted_ms stale))
                [[(+ back (/ (:demoted_ms stale) 1000)) "old master demoted"]])))))

(defn- markers [cell x limit]
  (for [[[s label] row] (map vector (sort-by first (marks cell)) (cycle [0 1]))
        :when (<= s limit)
        :let [at (x s) y (+ rate-top 28 (* 15 row)) crowded? (< (* 0.75 plot/width) at)]]
    [:g (plot/line "mark" at rate-top at served-base)
     (plot/text (if crowded? "mark-label end" "mark-label") (+ at (if crowded? -4 4)) y label)]))

(defn scales
  "Common to all cells of a page, so that they can be compared by eye."
  [cells]
  {:rate-max (* 1.08 (reduce max 1 (for [c cells, s (:slices c)]
                                     (max (+ (:kept s) (:lost s)) (+ (:fail s) (:info s))))))})

(defn panels
  "The three plots of a cell."
  [{:keys [slices slice_s shades_s shade] :as cell} title {:keys [rate-max]}]
  (let [limit (reduce max 1 (map #(+ slice_s (:at_s %)) slices))
        x     (plot/linear limit plot/left (- plot/width plot/right))]
    (list
     (plot/legend [["kept" "acknowledged and kept"] ["lost" "acknowledged and lost"]
                   ["refused" "refused or unsure"] ["q50" "median"] ["q95" "95 %"] ["q99" "99 %"]
                   ["served" "served"] ["unserved" "not served"] ["shade" (or shade "fault")]])
     (plot/svg height (str "Rate, latency and availability over time: " title)
               (plot/shading shades_s limit x rate-top served-base)
               (plot/seconds-axis limit x rate-top served-base)
               (rates cell x rate-max)
               (latencies cell x)
               (availability-strip cell x)
               (markers cell x limit)
               (hovers cell x)))))
