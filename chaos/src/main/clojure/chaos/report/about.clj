(ns chaos.report.about
  "How a run was made, and what it is good for: set-up, versions, what this machine could do,
  the self-test of the checkers, how to repeat it, what was not tested, what words mean."
  (:require [chaos.report.html :as html]
            [chaos.report.label :as label]
            [chaos.report.prose :as prose]
            [clojure.string :as str]))

(defn- distinct-of [k cells] (str/join ", " (distinct (keep k cells))))

(defn- networks [cells]
  (label/sentence (str/join "; " (for [net (distinct (keep :net cells))]
                                   (get prose/network net net)))))

(defn set-up [{:keys [machine versions cells profile]}]
  [:section {:id "set-up"}
   [:h2 "Set-up"]
   [:dl
    [:dt "Versions"] [:dd (str/join "; " (for [[system text] (sort-by key versions)]
                                           (str (label/system-name (name system)) ": " text)))]
    [:dt "Nodes"] [:dd prose/nodes]
    [:dt "Network"] [:dd (networks cells)]
    [:dt "Clients"]
    [:dd (str (distinct-of :clients cells) " in style " (distinct-of :style cells)
              ", together at most " (distinct-of :rate cells) " operations a second for "
              (distinct-of :time_s cells) " s a cell. In a partition half of them are on the "
              "master's side.")]
    [:dt "Modes"] [:dd (distinct-of :mode cells)]
    (when profile (list [:dt "Profile"] [:dd profile]))
    [:dt "Machine"]
    [:dd (str (:cores machine) " cores, " (html/number (:memory_mb machine)) " MB, "
              (:cpu machine) ", " (:os machine) ", Java " (:java machine) ", Clojure "
              (:clojure machine) ".")]]])

(defn capabilities [{:keys [capabilities]}]
  (when (seq capabilities)
    (html/table "What this machine could do, probed at the start"
                [["capability"] ["there"] ["why"]]
                (for [{:keys [name have why]} capabilities] [name (if have "yes" "no") why]))))

(defn self-test-table [rows]
  (html/table "What the checkers were given, and what they said"
              [["checker"] ["given"] ["tried" "n"] ["flagged" "n"] ["missed" "n"]
               ["false alarms" "n"] ["seed" "n"]]
              (for [{:keys [checker what tried flagged missed false_alarms seed]} rows]
                [checker what (html/number tried) (html/number flagged) (html/number missed)
                 (html/number false_alarms) (some-> seed str)])))

(defn self-test [{rows :self_test}]
  [:section {:id "self-test"}
   [:h2 "Self-test of the checkers"]
   [:p prose/self-test]
   (if (seq rows)
     (self-test-table rows)
     [:p "This run recorded none; the tests of the checkers are part of the build."])])

(defn repeat-it [{:keys [command seed cells]}]
  [:section {:id "repeat"}
   [:h2 "Run it again"]
   [:pre command]
   [:p "Seed " [:code (str seed)] ". " prose/seed " " [:code "./watchword chaos analyze DIR"]
    " computes the findings again from the stored histories."]
   [:p "The data of this page: " [:a {:href "results.json" :download "results.json"}
                                  "results.json"]
    (when (some :history cells) ". The history of each cell, operation by operation: ")
    (interpose ", " (for [{:keys [history dir]} cells :when history]
                      [:a {:href history :download (str dir "-" (last (str/split history #"/")))}
                       dir]))
    "."]])

(defn not-tested [{:keys [not_tested skipped]}]
  [:section {:id "not-tested"}
   [:h2 "What was not tested"]
   (if (seq not_tested)
     [:ul (for [{:keys [what why]} not_tested] [:li [:b what] (when why (str ": " why))])]
     [:p "The run recorded nothing here. What is not in the matrix was not tested."])
   (when (seq skipped)
     [:p "Left out: " (str/join ", " (map #(if (map? %) (:what %) (str %)) skipped)) "."])])

(defn words []
  [:section {:id "words"}
   [:h2 "Words"]
   [:dl (for [[word meaning] prose/words] (list [:dt word] [:dd meaning]))]])
