(ns chaos.report.evidence
  "The operations that show an anomaly: for each certificate why, a timeline and the lines of
  the history. The timeline's axis is the order of events, not their distance: what matters
  is which operation had ended before another began, and a final read may be half a minute
  after the write that it misses."
  (:require [chaos.report.html :as html]
            [chaos.report.label :as label]
            [chaos.report.plot :as plot]
            [clojure.data.json :as json]))

(def ^:private bars-max 40)
(def ^:private value-length-max 60)

(defn- seconds [ns] (html/decimal (/ ns 1e9) 3))

(defn- short-value [value]
  (let [text (if (string? value) value (json/write-str value :escape-slash false))]
    (if (< value-length-max (count text)) (str (subs text 0 value-length-max) " …") text)))

(defn- value-text [{:keys [value]}] (when (some? value) (str " " (short-value value))))

(defn- node-text [{:keys [node]}] (when (some? node) (str " by n" node)))

(defn- error-text [{:keys [error]}] (when error (str " (" (short-value error) ")")))

(defn- op-line [{:keys [index time type process f] :as op}]
  (format "#%-8s %9s s  process %-4s %-7s %s%s%s%s"
          index (if time (seconds time) "?") process type f
          (or (value-text op) "") (or (node-text op) "") (or (error-text op) "")))

(defn bars
  "Operations as {:process :from :to :invoked :done} in order of invocation; :to is nil of
  an operation whose end is not among them."
  [ops]
  (loop [ops (sort-by :time ops), open {}, done []]
    (if-let [[{:keys [type process time] :as op} & more] (seq ops)]
      (if (= "invoke" type)
        (recur more (assoc open process op) done)
        (let [invoked (open process)]
          (recur more (dissoc open process)
                 (conj done {:process process :from (:time invoked (:invoked op time)) :to time
                             :invoked invoked :done op}))))
      (sort-by (juxt :from :to)
               (into done (for [[process op] open]
                            {:process process :from (:time op) :to nil :invoked op}))))))

(defn- bar-text [{:keys [invoked done to from]}]
  (let [op (merge invoked (when (some? (:value done)) done))]
    (str (:f (or done invoked)) (value-text op) " → " (:type done "no answer") (node-text done)
         (error-text done) ", " (seconds from) (when to (str " to " (seconds to))) " s")))

(defn- timeline [ops]
  (let [rows  (take bars-max (bars ops))
        times (vec (sort (distinct (mapcat (juxt :from :to) rows))))
        rank  (zipmap (remove nil? times) (range))
        from  96
        x     (plot/linear (max 1 (dec (count rank))) from (- plot/width 60))
        base  (+ 6 (* 36 (count rows)))]
    (plot/svg (+ base 8) "Operations in order of time, one row each"
              (for [i (range (count rank))] (plot/line "grid" (x i) 0 (x i) base))
              (for [[i {:keys [process from to done] :as bar}] (map-indexed vector rows)
                    :let [y     (+ 4 (* 36 i))
                          a     (x (rank from))
                          b     (if to (x (rank to)) (- plot/width 20))
                          right? (< (* 0.5 plot/width) a)]]
                [:g
                 (plot/text "tick" 8 (+ y 27) (str "process " process))
                 (plot/rect (str "op " (:type done "info")) a (+ y 17) (max 4 (- b a)) 12)
                 (plot/text (if right? "tick end strong" "tick strong")
                            (if right? (max b (- plot/width 60)) a) (+ y 12) (bar-text bar))]))))

(defn- certificate [{:keys [ops explanation key cycle]}]
  [:div {:class "certificate"}
   [:p (or explanation "The operations that show it:")
    (when (some? key) (list " Key " [:code (str key)] "."))
    (when (seq cycle) (str " Cycle: " (json/write-str cycle) "."))]
   (when (seq ops)
     (list (timeline ops)
           [:details [:summary "As lines of the history"]
            [:pre (map #(str (op-line %) "\n") (sort-by :index ops))]]))])

(defn of-workload
  "All certificates that a workload's checker shows, one fold per class of anomaly."
  [{:keys [workload anomalies]}]
  (for [[class {:keys [count shown]}] (sort-by first anomalies)
        :when (and (pos? count) (seq shown))]
    [:details {:class "evidence"}
     [:summary [:b (str workload ": " (label/anomaly-text [class count]))]
      (str ", the operations that show " (clojure.core/count shown) " of them")]
     (map certificate shown)]))
