(ns chaos.report.plot
  "Plots as inline SVG, from the slices and dots of results.json. Colours are classes, so
  that the page's style sheet decides about light and dark. Hovering over a slice shows its
  figures through <title>, without any script."
  (:require [chaos.report.html :as html]
            [clojure.string :as str]))

(def ^:private width 900)
(def ^:private left 58)
(def ^:private right 14)
(def ^:private top 26)
(def ^:private bottom 30)

(defn- x-of [seconds-max s] (+ left (* (- width left right) (/ s (max 1e-9 seconds-max)))))

(defn- round [n] (/ (Math/round (* 10.0 n)) 10.0))

(defn- points [xys]
  (str/join " " (map (fn [[x y]] (str (round x) "," (round y))) xys)))

(defn nice-step
  "A step of 1, 2 or 5 times a power of ten that cuts limit into at most `most` parts."
  [limit most]
  (let [power (Math/pow 10 (Math/floor (Math/log10 (/ (max limit 1e-9) most))))]
    (first (filter #(<= (/ limit %) most) (map #(* power %) [1 2 5 10])))))

(defn- frame [height seconds-max y-ticks y-label]
  (let [base (- height bottom)
        step (nice-step seconds-max 12)]
    [:g
     (for [[y label] y-ticks]
       [:g [:line {:class "grid" :x1 left :x2 (- width right) :y1 (round y) :y2 (round y)}]
        [:text {:class "tick end" :x (- left 7) :y (round (+ y 4))} label]])
     (for [s (range 0 (+ seconds-max 1e-9) step)]
       [:g [:line {:class "grid" :x1 (round (x-of seconds-max s)) :x2 (round (x-of seconds-max s))
                   :y1 top :y2 base}]
        [:text {:class "tick mid" :x (round (x-of seconds-max s)) :y (+ base 16)}
         (html/decimal s (if (< step 1) 1 0))]])
     [:text {:class "tick" :x left :y 14} y-label]
     [:text {:class "tick end" :x (- width right) :y (- height 2)} "seconds"]]))

(defn- shading [height seconds-max shades label]
  (for [[from to] shades
        :let [x (x-of seconds-max from) w (- (x-of seconds-max (min to seconds-max)) x)]]
    [:g
     [:rect {:class "shade" :x (round x) :y top :width (round (max 1 w))
             :height (- height top bottom)}]
     [:text {:class "shade-label mid" :x (round (+ x (/ w 2))) :y (+ top 14)} label]]))

(defn- markers [height seconds-max marks]
  (for [[[s label] row] (map vector (sort-by first marks) (cycle [0 1]))
        :let [x (round (x-of seconds-max s)) y (+ top 30 (* 15 row)) crowded? (< (* 0.7 width) x)]]
    [:g
     [:line {:class "mark" :x1 x :x2 x :y1 top :y2 (- height bottom)}]
     (if crowded?
       [:text {:class "mark-label end" :x (- x 4) :y y} label]
       [:text {:class "mark-label" :x (+ x 4) :y y} label])]))

(defn- svg [height title & children]
  [:div {:class "scroll"}
   [:svg {:viewBox (str "0 0 " width " " height) :role "img" :aria-label title}
    [:title title] children]])

(defn- steps
  "Corners of a curve that is flat in each slice."
  [seconds-max slice-s slices y]
  (mapcat (fn [{:keys [at-s] :as slice}]
            [[(x-of seconds-max at-s) (y slice)]
             [(x-of seconds-max (min seconds-max (+ at-s slice-s))) (y slice)]])
          slices))

(defn- area [xys-top xys-bottom class]
  [:polygon {:class class :points (points (concat xys-top (reverse xys-bottom)))}])

(defn- hovers [height seconds-max slice-s slices text]
  (for [{:keys [at-s] :as slice} slices
        :let [x (x-of seconds-max at-s)]]
    [:rect {:class "hover" :x (round x) :y top :height (- height top bottom)
            :width (round (- (x-of seconds-max (+ at-s slice-s)) x))}
     [:title (text slice)]]))

(defn rates
  "Acknowledged writes a second, cut into those that survived and those that were lost, with
  the refused and the unsure as a line."
  [{:keys [slices slice_s shades_s shade]} {:keys [seconds-max rate-max marks]}]
  (let [height 230
        base   (- height bottom)
        y      #(- base (* (- base top) (/ % (max 1 rate-max))))
        curve  (fn [f] (steps seconds-max slice_s slices (comp y f)))
        kept   (curve :kept)
        both   (curve #(+ (:kept %) (:lost %)))
        floor  (curve (constantly 0))
        step   (nice-step rate-max 5)]
    (svg height "Writes per second over time"
         (shading height seconds-max shades_s shade)
         (frame height seconds-max
                (for [v (range 0 (+ rate-max 1e-9) step)] [(y v) (html/number v)])
                "writes per second")
         (area kept floor "kept")
         (area both kept "lost")
         [:polyline {:class "refused" :points (points (curve #(+ (:fail %) (:info %))))}]
         (markers height seconds-max marks)
         (hovers height seconds-max slice_s slices
                 (fn [{:keys [at-s kept lost fail info]}]
                   (str (html/decimal at-s 1) " s: " (html/number kept) " kept, " (html/number lost)
                        " lost, " (html/number fail) " refused, " (html/number info)
                        " unsure, per second"))))))

(def ^:private ms-low 0.1)
(def ^:private ms-high 1000)

(defn latencies
  "Latency on a logarithmic scale: single operations as dots (thinned to a grid), quantiles
  of the acknowledged as lines."
  [{:keys [slices slice_s shades_s shade dots]} {:keys [seconds-max]}]
  (let [height 230
        base   (- height bottom)
        decade (Math/log10 (/ ms-high ms-low))
        y      #(- base (* (- base top)
                           (/ (Math/log10 (/ (min ms-high (max ms-low %)) ms-low)) decade)))
        mid    (/ slice_s 2)
        line   (fn [i class]
                 [:polyline {:class class
                             :points (points (for [{:keys [at-s ms]} slices
                                                   :let [v (nth ms i nil)] :when v]
                                               [(x-of seconds-max (+ at-s mid)) (y v)]))}])]
    (svg height "Latency over time"
         (shading height seconds-max shades_s shade)
         (frame height seconds-max
                (for [v [0.1 1 10 100 1000]] [(y v) (html/decimal v (if (< v 1) 1 0))])
                "milliseconds")
         (for [[s ms type] dots :when (<= s seconds-max)]
           [:circle {:class (str "dot " (name type)) :r 2
                     :cx (round (x-of seconds-max s)) :cy (round (y ms))}])
         (line 0 "q50") (line 1 "q95") (line 2 "q99")
         (hovers height seconds-max slice_s slices
                 (fn [{:keys [at-s ms]}]
                   (let [[a b c] (map #(html/decimal % 1) ms)]
                     (str (html/decimal at-s 1) " s: median " a " ms, 95 % " b " ms, 99 % " c
                          " ms")))))))

(def ^:private stage-classes [[:sdown "s1"] [:odown "s2"] [:switch "s3"] [:first_ok "s4"]])

(defn- stage-ends
  "[to class from] of each stage in turn, in ms; a stage that was not seen repeats the last."
  [stage]
  (reductions (fn [[reached :as at] [k class]]
                (if-let [v (stage k)] [(max v reached) class reached] at))
              [0 nil 0]
              stage-classes))

(defn stages
  "One bar per failover: what each stage added, in milliseconds after the fault."
  [bars]
  (let [row    30
        height (+ top bottom (* row (count bars)))
        limit  (reduce max 1 (for [[_ stage] bars, [k _] stage-classes
                                   :let [v (stage k)] :when v] v))
        label  200
        x      #(+ label (* (- width label right 60) (/ % limit)))
        step   (nice-step limit 6)]
    (svg height "Failover by stage"
         (for [v (range 0 (+ limit 1e-9) step)]
           [:g
            [:line {:class "grid" :x1 (round (x v)) :x2 (round (x v))
                    :y1 top :y2 (- height bottom)}]
            [:text {:class "tick mid" :x (round (x v)) :y (- height bottom -16)}
             (html/number v)]])
         [:text {:class "tick" :x label :y 14} "milliseconds after the fault"]
         (for [[[text stage] i] (map vector bars (range))
               :let [y (+ top 5 (* i row)) ends (stage-ends stage)]]
           [:g
            [:text {:class "tick end" :x (- label 8) :y (+ y 14)} text]
            (for [[to class from] (distinct (rest ends)) :when class]
              [:rect {:class class :x (round (x from)) :y y :height 20
                      :width (round (max 1 (- (x to) (x from))))}
               [:title (str (html/decimal from 0) " to " (html/decimal to 0) " ms")]])
            [:text {:class "tick" :x (round (+ 6 (x (first (last ends))))) :y (+ y 14)}
             (str (html/decimal (:first_ok stage) 0) " ms")]]))))
