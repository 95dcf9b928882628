(ns chaos.report.label
  "What things are called on the pages: systems, cells, verdicts, counts."
  (:require [chaos.report.html :as html]
            [clojure.string :as str]))

(def ^:private system-names
  {"stock" "stock Redis" "watchword" "Watchword" "valkey" "Valkey"})

(defn system-name [system] (get system-names system system))

(defn words
  "A name such as never_read in words."
  [k]
  (str/replace (name k) #"[_-]" " "))

(defn capital [text] (str (str/upper-case (subs text 0 1)) (subs text 1)))

(defn sentence
  "With a capital and a full stop."
  [text]
  (when-not (str/blank? text)
    (str (capital text) (when-not (re-find #"[.?!]$" text) "."))))

(defn- full-name [{:keys [system mode]} others]
  (str/join ", " (remove nil? (concat [(system-name system) mode] others))))

(defn named
  "The cells with :label, what they are called in each other's company: system and mode, and
  client style or network where these differ among the cells."
  [cells]
  (let [differing (filter #(< 1 (count (distinct (map % cells)))) [:style :net])]
    (map #(assoc % :label (full-name % (map % differing))) cells)))

(defn cell-name [cell] (:label cell))

(defn cell-title [{:keys [nemesis] :as cell}] (str (cell-name cell) ", " nemesis))

(defn cell-link [{:keys [dir]} content] [:a {:href (str "#" dir)} content])

(defn badge [verdict] [:span {:class (str "badge " verdict)} verdict])

(defn anomaly-count [{:keys [anomalies]} class] (get-in anomalies [class :count] 0))

(defn anomalies
  "[[class count] ...] of a workload's anomalies that were found, by name."
  [workload]
  (sort-by first (for [[class {:keys [count]}] (:anomalies workload) :when (pos? count)]
                   [class count])))

(defn class-name
  "A class of anomaly as the checkers spell it; in results.json its - is an _."
  [class]
  (str/replace (name class) "_" "-"))

(defn anomaly-text [[class n]] (str (html/number n) " " (class-name class)))

(defn lost [cell] (reduce + (map #(anomaly-count % :lost) (:workloads cell))))

(defn by-cell-kind
  "Cells grouped by what was run, in order of appearance: [[name cells] ...]."
  [cells]
  (let [groups (group-by cell-name cells)]
    (for [k (distinct (map cell-name cells))] [k (groups k)])))
