(ns chaos.report.overview
  "The index of a folder of published runs: which runs there are, and what we found over all
  runs and seeds together. All numbers are sums over the runs' results.json; links are
  relative, so the folder can be moved, zipped or served as it is."
  (:require [chaos.report.about :as about]
            [chaos.report.failover :as failover]
            [chaos.report.findings :as findings]
            [chaos.report.html :as html]
            [chaos.report.label :as label]
            [clojure.java.io :as io]
            [clojure.string :as str]))

(defn- run-page [run] (str run "/index.html"))

(defn- cells-of
  "All cells, each with the run and seed it came from."
  [runs]
  (label/named (for [{:keys [run seed cells]} runs, c cells]
                 (assoc c :run run :seed (or (:seed c) seed)))))

(defn- tally-badges [cells]
  (for [[verdict n] (sort-by key (frequencies (map :verdict cells)))]
    [:span {:class "tally"} (label/badge verdict) " " (html/number n)]))

(defn- found-text [cells]
  (if-let [sums (findings/anomaly-sums cells)]
    (str/join ", " (map label/anomaly-text sums))
    "no anomaly"))

(defn- run-table [runs]
  (html/table
   "Runs, newest first"
   [["run"] ["started" "together"] ["seed" "n"] ["profile"] ["systems" "wide"]
    ["cells" "n"] ["verdicts"] ["we found" "wide"]]
   (for [{:keys [run started seed profile versions cells]} runs]
     [[:a {:href (run-page run)} run] started (str seed) (str profile)
      (for [[system text] (sort-by key versions)]
        [:div (str (label/system-name (name system)) ": " text)])
      (html/number (count cells)) (tally-badges cells)
      (for [[title group] (label/by-cell-kind (label/named cells))]
        [:div (str title ": " (found-text group))])])))

(defn- seed-link [{:keys [run dir seed]}]
  [:a {:href (str (run-page run) "#" dir) :title (str run ", seed " seed)} (str seed)])

(defn- matrix-entry
  "Verdicts of one workload over the cells of all seeds, and its anomalies summed."
  [cells workload]
  (let [tried (for [c cells, w (:workloads c) :when (= workload (:workload w))] [c w])]
    (if (empty? tried)
      [:span {:class "soft"} "not run"]
      (list
       (for [[verdict rows] (sort-by key (group-by (comp :verdict second) tried))]
         [:div (label/badge verdict) " "
          [:span {:class "small"} (if (= 1 (count rows)) "seed " "seeds ")
           (interpose ", " (map seed-link (sort-by (juxt :seed :run) (map first rows))))]])
       (for [a (findings/anomaly-sums [{:workloads (map second tried)}])]
         [:span {:class "count"} (label/anomaly-text a)])))))

(defn- matrix [cells]
  (let [workloads (distinct (map :workload (mapcat :workloads cells)))
        rows      (sort-by key (group-by (juxt :nemesis label/cell-name) cells))]
    (html/table
     "Verdict of each seed, and anomalies summed over the seeds"
     (concat [["nemesis"] ["system"] ["whole cell"]] (map #(vector % "together") workloads))
     (for [[[nemesis title] of-row] rows]
       (concat [nemesis title (tally-badges of-row)]
               (map #(matrix-entry of-row %) workloads))))))

(defn- untested
  "What the runs name as not tested, and in which no run ran it: [[why [what ...]] ...]."
  [runs]
  (let [tried (set (for [r runs, c (:cells r)
                         what (cons (str "fault " (:nemesis c))
                                    (map #(str "workload " (:workload %)) (:workloads c)))]
                     what))]
    (->> (mapcat :not_tested runs)
         (remove (comp tried :what))
         distinct
         (group-by :why)
         (sort-by (comp count val)))))

(defn- not-tested [runs]
  (let [rows (untested runs)]
    [:section {:id "not-tested"}
     [:h2 "What was not tested"]
     [:p "What is not in the matrix was not tested; of that the runs name:"]
     (if (seq rows)
       [:ul (for [[why of-why] rows]
              [:li [:b (str/join ", " (map :what of-why))] (when why (str ": " why))])]
       [:p "nothing."])]))

(defn- body [runs self-tests]
  (let [cells (cells-of runs)]
    (list
     [:header
      [:p {:class "small"} "Chaos reports, " (count runs) (if (= 1 (count runs)) " run" " runs")]
      [:h1 "What we found"]
      (findings/summary cells)]
     [:main
      [:section {:id "runs"} [:h2 "Runs"] (run-table runs)]
      [:section {:id "verdicts"} [:h2 "Over all runs and seeds"] (matrix cells)]
      (failover/pooled-section cells)
      (about/self-test self-tests)
      (not-tested runs)
      (about/words)])))

(defn page
  "The index as text. runs, self-tests: results.json and selftest.json of each, as read back
  with keyword keys."
  [runs self-tests]
  (let [runs (sort-by (juxt :started :run) #(compare %2 %1) runs)]
    (html/page "Chaos reports"
               (slurp (io/resource "chaos/report.css"))
               (if (seq runs)
                 (body runs self-tests)
                 [:main [:h1 "Chaos reports"] [:p "No run has been published here yet."]])
               nil)))
