(ns chaos.report.page
  "The page of a run: one file, no network; only its time-travel view needs a script. It
  renders results.json, version 2, and computes no finding of its own. It says what we found,
  and what was not looked at; never that something passes.

  What it cannot see: anything that results.json does not hold. A field that is absent leaves
  its section out or is said to be absent. One key is not the run's own: chaos.publish adds
  :self_tests."
  (:require [chaos.report.about :as about]
            [chaos.report.evidence :as evidence]
            [chaos.report.failover :as failover]
            [chaos.report.findings :as findings]
            [chaos.report.html :as html]
            [chaos.report.label :as label]
            [chaos.report.series :as series]
            [chaos.report.staleness :as staleness]
            [chaos.report.travel :as travel]
            [clojure.data.json :as json]
            [clojure.java.io :as io]
            [clojure.string :as str]))

(defn- sections
  "[[id name] ...] of what the page holds, for the line of links."
  [{:keys [cells]} body]
  (let [ids (set (keep #(when (vector? %) (:id (second %))) body))]
    (filter (comp ids first)
            [["verdicts" "Verdicts"] ["claims" "Claims"] ["loss" "Losses"]
             ["availability" "Availability"] ["failover" "Failover"] ["return" "Return"]
             ["staleness" "Staleness"] ["travel" "Time travel"]
             ["cells" (str (count cells) (if (= 1 (count cells)) " cell" " cells"))]
             ["set-up" "Set-up"] ["self-test" "Self-test"] ["repeat" "Run it again"]
             ["not-tested" "Not tested"] ["words" "Words"]])))

(def ^:private count-order {:ok 0 :fail 1 :info 2})

(defn- counts-text
  "The counts of a workload that are one number each; distributions have plots of their own."
  [counts]
  (str/join ", " (for [[k v] (sort-by (fn [[k]] [(count-order k 3) (name k)]) counts)
                       :when (not (or (coll? v) (nil? v)))]
                   (str (label/words k) " "
                        (cond (integer? v) (html/number v) (number? v) (html/decimal v 2)
                              :else v)))))

(defn- workload-table [{:keys [workloads] :as cell}]
  (when (seq workloads)
    (html/table (str "Workloads of " (label/cell-title cell))
                [["workload"] ["verdict"] ["anomalies"] ["why" "wide"] ["counts" "wide"]]
                (for [{:keys [workload verdict because counts] :as w} workloads]
                  [workload (label/badge verdict)
                   (if-let [found (seq (label/anomalies w))]
                     (for [a found] [:div {:class "hot together"} (label/anomaly-text a)])
                     "none found")
                   because (counts-text counts)]))))

(defn- cell-line [{:keys [net style seed clients time_s rate phrase variants]}]
  (str/join ", " (remove nil? [phrase
                               (when (seq variants)
                                 (str/join ", " (for [[option way] (sort-by key variants)]
                                                  (str (name option) " " way))))
                               (when net (str "network " net))
                               (when style (str "clients " style))
                               (when clients (str clients " clients"))
                               (when rate (str (html/number rate) " operations a second"))
                               (when time_s (str time_s " s"))
                               (when seed (str "seed " seed))])))

(defn- first-instant
  "Where the time-travel view opens for a cell: at its first fault."
  [{:keys [shades_s]}]
  (html/decimal (or (ffirst shades_s) 0) 1))

(defn- cell-section [scales {:keys [because dir operations machine_load history expects] :as cell}]
  (let [title (label/cell-title cell)]
    [:article {:id dir :class "cell"}
     [:h3 (label/capital title) " " (label/badge (:verdict cell))]
     [:p {:class "small"} (label/sentence (cell-line cell))]
     [:p (label/sentence because)]
     (when (seq expects)
       [:p {:class "small"} "As the control it must be caught with "
        (str/join ", " expects) "."])
     (workload-table cell)
     (when (seq (:slices cell)) (series/panels cell title scales))
     (map evidence/of-workload (:workloads cell))
     (travel/event-table cell)
     [:p {:class "small"}
      (when (:travel cell)
        [:span {:class "needs-script"}
         [:a {:href (str "#cell=" dir "&t=" (first-instant cell))} "Travel through this cell"]
         ". "])
      (html/number operations) " lines of history"
      (if history
        (list ": " [:a {:href history :download (str dir "-" (last (str/split history #"/")))}
                    history])
        ", not kept beside this page")
      (when (seq machine_load)
        (str ". Machine load before and after: "
             (str/join ", " (map #(html/decimal % 1) machine_load))))
      "."]]))

(defn- body [{:keys [cells] :as data}]
  (let [scales (series/scales cells)]
    (list
     [:section {:id "verdicts"}
      [:h2 "Verdicts"]
      (findings/attention cells)
      (findings/matrix cells)]
     (findings/claims-section cells)
     (findings/loss-section cells)
     (findings/availability-section cells)
     (failover/stages-section cells)
     (failover/return-section cells)
     (staleness/section cells)
     (travel/section cells)
     [:section {:id "cells"}
      [:h2 "Cell by cell"]
      (map #(cell-section scales %) cells)]
     (conj (about/set-up data) (about/capabilities data))
     (about/self-test (:self_tests data))
     (about/repeat-it data)
     (about/not-tested data)
     (about/words))))

(defn- header [{:keys [run started seed cells] :as data} body]
  [:header
   [:p {:class "small"} "Chaos report " [:b run] ", " started ", seed " (str seed)]
   [:h1 "What we found"]
   (findings/summary cells)
   [:nav {:aria-label "Sections"}
    (for [[id text] (sections data body)] [:a {:href (str "#" id)} text])]])

(defn page
  "The whole page as text, from results.json as read back with keyword keys."
  [{:keys [run] :as data}]
  (let [cells (label/named (:cells data))
        data  (assoc data :cells cells)
        body  (body data)]
    (html/page (str "Chaos report " run)
               (slurp (io/resource "chaos/report.css"))
               (list (header data body) [:main body])
               (when (some :travel cells)
                 (list (travel/embedded cells)
                       [:script (html/raw (slurp (io/resource "chaos/report.js")))])))))

(defn render
  "The page of a run from the text of its results.json."
  [text]
  (page (json/read-str text :key-fn keyword)))
