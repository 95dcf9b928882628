(ns chaos.report.plot
  "The common parts of the plots: axes, shading, curves, as inline SVG.

  We draw them here instead of with a plot library (XChart was looked at): its SVG carries
  fixed colours and fonts and every curve point as text of its own, so a page of twenty cells
  would be several times as large, could not turn dark with its reader, and would have neither
  the shading by nemesis on one common axis nor figures under the pointer without a script.

  Colours are classes, so that the style sheet decides about light and dark."
  (:require [chaos.report.html :as html]
            [clojure.string :as str])
  (:import (java.util Locale)))

(def width 1100)
(def left 58)
(def right 14)

(defn px
  "A coordinate as text: at most one digit after the point, since a page holds thousands."
  [n]
  (let [tenths (Math/round (* 10.0 n))]
    (if (zero? (rem tenths 10))
      (str (quot tenths 10))
      (String/format Locale/ROOT "%.1f" (object-array [(/ tenths 10.0)])))))

(defn nice-step
  "A step of 1, 2 or 5 times a power of ten that cuts limit into at most `most` parts."
  [limit most]
  (let [power (Math/pow 10 (Math/floor (Math/log10 (/ (max limit 1e-9) most))))]
    (first (filter #(<= (/ limit %) most) (map #(* power %) [1 2 5 10])))))

(defn linear
  "A function from 0..limit to from..to."
  [limit from to]
  (let [limit (max 1e-9 limit)]
    #(+ from (* (- to from) (/ % limit)))))

(defn svg
  "A drawing of this height. It shrinks with the page, but not below what can be read; then
  it scrolls."
  [height title & children]
  [:div {:class "scroll"}
   [:svg {:viewBox (str "0 0 " width " " height) :role "img" :aria-label title} children]])

(defn text [class x y content] [:text {:class class :x (px x) :y (px y)} content])

(defn rect [class x y w h & children]
  [:rect {:class class :x (px x) :y (px y) :width (px (max 0.5 w)) :height (px h)} children])

(defn line [class x1 y1 x2 y2]
  [:path {:class class :d (str "M" (px x1) " " (px y1) "L" (px x2) " " (px y2))}])

(defn- to-next
  "The command of a path from one point to the next, short where only one coordinate moves."
  [[x0 y0] [x y]]
  (let [[x0 y0 x y] (map px [x0 y0 x y])]
    (cond (= y0 y) (str "H" x)
          (= x0 x) (str "V" y)
          :else    (str "L" x " " y))))

(defn- through [[[x y] :as points]]
  (str "M" (px x) " " (px y) (str/join (map to-next points (rest points)))))

(defn curve
  "A polyline; a nil point cuts it."
  [class points]
  [:path {:class class
          :d     (str/join (map through (remove (comp nil? first) (partition-by nil? points))))}])

(defn area
  "The space between two curves of points."
  [class upper lower]
  [:path {:class class :d (str (through (concat upper (reverse lower))) "Z")}])

(defn x-ticks
  "Vertical lines with numbers below, at round values of 0..limit."
  [limit most x top base digits]
  (for [v (range 0 (+ limit 1e-9) (nice-step limit most))]
    [:g (line "grid" (x v) top (x v) base)
     (text "tick mid" (x v) (+ base 16) (if (pos? digits) (html/decimal v digits)
                                            (html/number v)))]))

(defn y-ticks
  "Horizontal lines with labels on the left, given as [[y label] ...]."
  [ticks from]
  (for [[y label] ticks]
    [:g (line "grid" from y (- width right) y)
     (text "tick end" (- from 7) (+ y 4) label)]))

(defn seconds-axis [limit x top base]
  (let [digits (if (< (nice-step limit 12) 1) 1 0)]
    (list (x-ticks limit 12 x top base digits)
          (text "tick end" (- width right) (+ base 30) "seconds"))))

(defn shading
  "The time under a fault."
  [shades limit x top base]
  (for [[from to] shades :when (< from limit)]
    (rect "shade" (x from) top (- (x (min to limit)) (x from)) (- base top))))

(defn legend
  "[[class words] ...] with a patch of the class's colour before the words."
  [entries]
  [:p {:class "legend"}
   (for [[class words] entries] [:span [:i {:class class}] words])])
