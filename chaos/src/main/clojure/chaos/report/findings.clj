(ns chaos.report.findings
  "The tables that sum a run up: what we found per system, the verdict matrix, the claims,
  what was lost, how much was served. Sums and shares of results.json, nothing judged anew."
  (:require [chaos.report.html :as html]
            [chaos.report.label :as label]
            [chaos.report.plot :as plot]
            [chaos.report.prose :as prose]
            [chaos.report.series :as series]
            [clojure.string :as str]))

(defn- tally [values] (sort-by first (frequencies values)))

(defn- acknowledged [cell] (reduce + (map #(get-in % [:counts :ok] 0) (:workloads cell))))

(defn anomaly-sums
  "[[class count] ...] over all workloads of the cells, the most frequent first; nil of none."
  [cells]
  (->> (mapcat :workloads cells)
       (mapcat label/anomalies)
       (reduce (fn [sums [class n]] (update sums class (fnil + 0) n)) {})
       (sort-by (fn [[class n]] [(- n) class]))
       seq))

(defn- anomaly-phrase [[class n]]
  (prose/counted n (html/number n) class (label/class-name class)))

(defn- found-sentence [cells]
  (let [sums (anomaly-sums cells)
        hit  (count (filter #(some (comp seq label/anomalies) (:workloads %)) cells))]
    (str "we found "
         (if sums (str/join ", " (map anomaly-phrase sums)) "no anomaly")
         (when sums (str " in " hit " of " (count cells) (if (= 1 (count cells)) " cell" " cells")))
         "; " (html/number (reduce + (map acknowledged cells))) " operations were acknowledged.")))

(defn summary
  "One card per system and mode."
  [cells]
  [:div {:class "cards"}
   (for [[title group] (label/by-cell-kind cells)]
     [:div {:class "card"}
      [:h3 (label/capital title)]
      [:p (label/sentence (found-sentence group))]
      [:p (for [[verdict n] (tally (map :verdict group))]
            [:span {:class "tally"} (label/badge verdict) " " (html/number n)])]
      [:p {:class "small"} (str/join "; " (distinct (keep :version group)))]])])

(defn attention
  "The cells that were violated or of which nothing can be said, each with its reason."
  [cells]
  (let [of-note (filter #(not= "expected" (:verdict %)) cells)]
    (when (seq of-note)
      [:ul {:class "attention"}
       (for [c (sort-by (juxt (comp not #{"violated"} :verdict) :dir) of-note)]
         [:li (label/badge (:verdict c)) " " (label/cell-link c (label/cell-title c)) ": "
          (:because c)])])))

;; ---- the matrix ----

(defn- matrix-cell [cell workload]
  (if-let [w (first (filter #(= workload (:workload %)) (:workloads cell)))]
    [:div (label/cell-link cell (label/badge (:verdict w)))
     (for [a (label/anomalies w)] [:span {:class "count"} (label/anomaly-text a)])]
    [:span {:class "soft"} "not run"]))

(defn matrix [cells]
  (let [workloads (distinct (map :workload (mapcat :workloads cells)))]
    (html/table
     "Verdict by nemesis, system and workload"
     (concat [["nemesis"] ["system"] ["whole cell"]] (map vector workloads))
     (for [c (sort-by (juxt :nemesis label/cell-name :dir) cells)]
       (concat [(:nemesis c) (label/cell-link c (label/cell-name c)) (label/badge (:verdict c))]
               (map #(matrix-cell c %) workloads))))))

;; ---- claims ----

(def ^:private tried?
  "Claim -> whether a cell tried it, of results without :claims_judged; one that is not here is
  tried by every cell."
  {"planned-failover-loses-nothing"
   (fn [{:keys [planned workloads]}]
     (and planned (some (comp #{"set" "durability"} :workload) workloads)))
   "demoted-at-first-contact"       (comp :applies :stale)})

(defn- claims-of
  "[[claim cell judged] ...] of what a cell tried."
  [{:keys [claims claims_judged] :as cell}]
  (if claims_judged
    (for [{:keys [claim] :as judged} claims_judged] [claim cell judged])
    (for [claim claims :when ((tried? claim any?) cell)]
      [claim cell (select-keys cell [:verdict])])))

(defn claims-section [cells]
  (let [groups (group-by first (mapcat claims-of cells))]
    [:section {:id "claims"}
     [:h2 "Claims"]
     [:p prose/claims-mean]
     (if (empty? groups)
       [:p "No cell of this run tried a claim beyond the mode of its system."]
       (html/table
        "Each claim, and what was found of it by the cells that tried it"
        [["claim" "wide"] ["spec property"] ["cells" "wide"] ["seeds"]]
        (for [[claim rows] (sort-by (comp str key) groups)
              :let [known (prose/claim-of claim)]]
          [(:text known (label/words claim))
           [:code (:property known "none")]
           (for [[_ c {:keys [verdict because]}] rows]
             [:div (label/badge verdict) " " (label/cell-link c (label/cell-title c))
              (when because (str ": " because))])
           (str/join ", " (distinct (map (comp :seed second) rows)))])))]))

;; ---- losses ----

(def ^:private own-columns
  "Counts and classes that every workload has, or that have columns of their own."
  [:dirty :unexpected :corrupt :divergent])

(defn- writes-lost [cells]
  (for [c cells, w (:workloads c)
        :when (or (:loss_window_s w) (:by_node w) (contains? (:anomalies w) :lost))]
    [c w]))

(defn- percent [part whole] (when (and whole (pos? whole)) (/ (* 100.0 part) whole)))

(defn- window-text [[from to]]
  (if to (str (html/decimal from 1) " to " (html/decimal to 1)) "–"))

(defn- loss-known?
  "Whether it is known what was lost: one master was read at the end."
  [{:keys [counts]}]
  (not (and (contains? counts :lost_percent) (nil? (:lost_percent counts)))))

(defn- hot [n] [:span {:class (when (pos? n) "hot")} (html/number n)])

(defn- loss-table [rows]
  (html/table
   "Acknowledged writes, lost and kept"
   (concat [["cell"] ["workload"] ["acknowledged" "n"] ["lost" "n"] ["lost %" "n"]
            ["loss window, s" "n"] ["recovered" "n"] ["never read" "n"]]
           (map #(vector (label/class-name %) "n") own-columns)
           [["lost by node"]])
   (for [[c {:keys [counts loss_window_s by_node] :as w}] rows
         :let [lost (label/anomaly-count w :lost)]]
     (concat [(label/cell-link c (label/cell-title c)) (:workload w) (html/number (:ok counts))
              (if (loss-known? w) (hot lost) "unknown")
              (if (loss-known? w) (html/decimal (percent lost (:ok counts)) 1) "unknown")
              (window-text loss_window_s)
              (html/number (:recovered counts)) (html/number (:never_read counts))]
             (map #(hot (label/anomaly-count w %)) own-columns)
             [(str/join ", " (for [[node {:keys [lost]}] (sort-by key by_node)
                                   :when (and lost (pos? lost))]
                               (str "n" (name node) ": " (html/number lost))))]))))

(defn- window-plot [rows]
  (let [rows  (filter (comp :loss_window_s second) rows)
        limit (reduce max 1 (for [[c w] rows, [_ to] (cons (:loss_window_s w) (:shades_s c))] to))
        from  380
        x     (plot/linear limit from (- plot/width plot/right))
        base  (+ 14 (* 26 (count rows)))]
    (when (seq rows)
      (list
       (plot/legend [["lost" "from the first lost write to the last"] ["shade" "under the fault"]])
       (plot/svg (+ base 38) "Loss windows on a common axis"
                 (plot/seconds-axis limit x 8 base)
                 (for [[i [c {:keys [loss_window_s workload]}]] (map-indexed vector rows)
                       :let [y (+ 12 (* 26 i)) [a b] loss_window_s]]
                   [:g
                    (plot/text "tick end" (- from 8) (+ y 14)
                               (str (label/cell-title c) ", " workload))
                    (for [[s e] (:shades_s c)] (plot/rect "shade" (x s) y (- (x e) (x s)) 20))
                    (plot/rect "lost" (x a) (+ y 5) (- (x b) (x a)) 10
                               [:title (str (window-text loss_window_s) " s")])]))))))

(defn loss-section [cells]
  (let [rows (sort-by (fn [[c]] [(label/cell-name c) (:nemesis c)]) (writes-lost cells))]
    (when (seq rows)
      [:section {:id "loss"}
       [:h2 "Writes lost and kept"]
       (loss-table rows)
       (window-plot rows)])))

;; ---- availability ----

(defn availability-section [cells]
  (let [rows (for [c cells :let [a (series/availability c)] :when a] [c a])]
    (when (seq rows)
      [:section {:id "availability"}
       [:h2 "Availability"]
       [:p prose/availability]
       (html/table
        "Share of 0.1 s slots in which some client was acknowledged"
        [["cell"] ["all the time, %" "n"] ["under the fault, %" "n"]
         ["longest time without, s" "n"]]
        (for [[c {:keys [percent during-percent longest-gap-s]}] rows]
          [(label/cell-link c (label/cell-title c)) (html/decimal percent 1)
           (html/decimal during-percent 1) (html/decimal longest-gap-s 1)]))])))
