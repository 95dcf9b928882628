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

(defn- of-set-up
  "What the nodes of some cells were, in words; nil where the run did not keep it."
  [{:keys [servers sentinels quorum down_after_ms places]}]
  (when servers
    (let [many (str (prose/counted-of servers "server") " and "
                    (prose/counted-of sentinels "sentinel"))]
      (if (seq places)
        (str many " of a cluster that this run found: "
             (str/join ", " (for [{:keys [kind node host port]} places]
                              (str kind " " node " at " host ":" port))))
        (str many " (quorum " quorum ", down-after " down_after_ms " ms), " prose/nodes)))))

(defn- nodes [cells]
  (let [said (distinct (map of-set-up cells))]
    (str/join " " (map label/sentence (or (seq (remove nil? said)) ["not recorded"])))))

(defn set-up [{:keys [machine versions cells profile]}]
  [:section {:id "set-up"}
   [:h2 "Set-up"]
   [:dl
    [:dt "Versions"] [:dd (str/join "; " (for [[system text] (sort-by key versions)]
                                           (str (label/system-name (name system)) ": " text)))]
    [:dt "Nodes"] [:dd (nodes cells)]
    [:dt "Network"] [:dd (networks cells)]
    [:dt "Clients"]
    [:dd (str (distinct-of :clients cells) " in style " (distinct-of :style cells)
              ", together at most " (distinct-of :rate cells) " operations a second for "
              (distinct-of :time_s cells) " s a cell.")]
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

(defn- tally [rows what]
  (str (count (filter :flagged rows)) " of " (count rows) " " what " flagged"))

(defn- self-test-summary [rows]
  (let [lies (filter :lie rows)]
    (str/join ", " [(tally (remove :harmless lies) "lies")
                    (tally (filter :harmless lies) "harmless ones")
                    (tally (remove :lie rows) "clean runs")])))

(defn- self-test-table [{:keys [seed system] rows :self_test}]
  (html/table (str "Seed " seed ", " (label/system-name system) " behind the proxy: "
                   (self-test-summary rows))
              [["lie"] ["workload"] ["operations" "n"] ["strikes" "n"] ["answer"] ["found"]
               ["as it must be"]]
              (for [{:keys [lie workload harmless flagged right classes strikes operations]}
                    (sort-by (juxt (comp nil? :lie) :harmless :lie :workload) rows)]
                [(cond (nil? lie) "none, a clean run" harmless (str lie ", harmless") :else lie)
                 workload (html/number operations) (html/number strikes)
                 (if flagged "flagged" "not flagged") (str/join ", " classes)
                 (if right "yes" [:b {:class "hot"} "no"])])))

(defn self-test
  "The self-tests that were published with these pages: the text of selftest.json of each."
  [self-tests]
  [:section {:id "self-test"}
   [:h2 "Self-test of the checkers"]
   [:p prose/self-test]
   (if (seq self-tests)
     (map self-test-table (sort-by (juxt :system :seed) self-tests))
     [:p "None was published with this page. To make one: " [:code "./watchword chaos self-test"]
      "."])])

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

(defn not-tested [{:keys [not_tested]}]
  [:section {:id "not-tested"}
   [:h2 "What was not tested"]
   (if (seq not_tested)
     [:ul (for [[why of-why] (sort-by (comp count val) (group-by :why not_tested))]
            [:li [:b (str/join ", " (map :what of-why))] (when why (str ": " why))])]
     [:p "The run recorded nothing here. What is not in the matrix was not tested."])])

(defn words []
  [:section {:id "words"}
   [:h2 "Words"]
   [:dl (for [[word meaning] prose/words] (list [:dt word] [:dd meaning]))]])
