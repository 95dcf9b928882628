(ns chaos.report.page
  "The page of a run: one file, no network, no script needed. It renders results.json and
  computes no finding of its own. It says what we found, and what was not looked at; never
  that something passes."
  (:require [chaos.report.html :as html]
            [chaos.report.plot :as plot]
            [chaos.report.prose :as prose]
            [clojure.java.io :as io]
            [clojure.string :as str]))

(def ^:private system-names {:stock "stock Redis" :watchword "Watchword"})

(defn- system-name [{:keys [system]}] (system-names (keyword system) (name system)))

(defn- loss [{:keys [lost ok lost_percent]}]
  (str (html/number lost) " of " (html/number ok) " acknowledged writes lost ("
       (html/decimal lost_percent 1) " %)"))

(defn- lead [cells]
  [:ul {:class "lead"}
   (for [{:keys [nemesis] :as cell} cells]
     [:li [:b (system-name cell)] ": we found " (loss cell) " "
      (prose/phrases (keyword nemesis) (str "under " (name nemesis))) "."])])

(defn- verdict-badge [{:keys [verdict]}]
  [:span {:class (str "badge " (name verdict))} (name verdict)])

(defn- verdicts [cells]
  (let [nemeses (distinct (map :nemesis cells))
        systems (distinct (map :system cells))
        found   (into {} (map (juxt (juxt :system :nemesis) identity)) cells)]
    (html/table
     "Verdict by system and nemesis"
     (cons ["system"] (map (comp vector name) nemeses))
     (for [s systems]
       (cons (system-name {:system s})
             (for [n nemeses]
               (if-let [cell (found [s n])]
                 [:div (verdict-badge cell) " " (:because cell)]
                 "not run")))))))

(defn- first-write [{:keys [stages_ms]}] (:first_ok (first stages_ms)))

(defn- loss-table [cells]
  (html/table
   "Writes"
   [["system"] ["nemesis"] ["acknowledged" "n"] ["lost" "n"] ["lost %" "n"] ["loss window, s" "n"]
    ["recovered" "n"] ["never read" "n"] ["dirty" "n"] ["unexpected" "n"] ["corrupt" "n"]
    ["divergent" "n"] ["stale acks after return" "n"] ["first write elsewhere, ms" "n"]]
   (for [{:keys [loss_window_s stale] :as c} cells]
     [(system-name c) (name (:nemesis c)) (html/number (:ok c))
      [:span {:class (when (pos? (:lost c)) "hot")} (html/number (:lost c))]
      (html/decimal (:lost_percent c) 1)
      (if-let [[a b] loss_window_s] (str (html/decimal a 1) " to " (html/decimal b 1)) "-")
      (html/number (:recovered c)) (html/number (:never_read c)) (html/number (:dirty c))
      (html/number (:unexpected c)) (html/number (:corrupt c)) (html/number (:divergent c))
      (if (:applies? stale) (html/number (:stale-after-return stale)) "-")
      (html/decimal (first-write c) 0)])))

(defn- return-table [cells]
  (html/table
   "The old master's return: a heal, or a restart"
   [["system"] ["nemesis"] ["node"] ["first contact, ms" "n"] ["first order, ms" "n"]
    ["demoted, ms" "n"] ["contact to demotion, ms" "n"] ["stale acks after return" "n"]
    ["after contact" "n"] ["after order" "n"] ["after demotion" "n"] ["last stale ack, ms" "n"]]
   (for [{{:keys [contact-ms order-ms demoted-ms] :as s} :stale :as c} cells :when (:applies? s)]
     [(system-name c) (name (:nemesis c)) (str "n" (:node s))
      (html/decimal contact-ms 0) (html/decimal order-ms 0) (html/decimal demoted-ms 0)
      (html/decimal (:contact-to-demoted-ms s) 0)
      (html/number (:stale-after-return s)) (html/number (:stale-after-contact s))
      (html/number (:stale-after-order s)) (html/number (:stale-after-demotion s))
      (html/decimal (:last-stale-ms s) 0)])))

(defn- probed? [{:keys [stages_ms returns]}] (and (< 1 (count stages_ms)) (seq returns)))

(defn- probe-table [cells]
  (html/table
   "Restarted old masters, tried with a write every 5 ms"
   [["system"] ["return"] ["node"] ["first contact, ms" "n"] ["first order, ms" "n"]
    ["demoted, ms" "n"] ["contact to demotion, ms" "n"] ["acks" "n"] ["acks after contact" "n"]]
   (for [c cells :when (probed? c), [n r] (map-indexed vector (:returns c))]
     [(system-name c) (inc n) (str "n" (:node r))
      (html/decimal (:contact-ms r) 0) (html/decimal (:order-ms r) 0)
      (html/decimal (:demoted-ms r) 0) (html/decimal (:contact-to-demoted-ms r) 0)
      (html/number (:acks r)) (html/number (:acks-after-contact r))])))

(defn- stage-bars [cells]
  (for [c cells
        :let [stages (:stages_ms c) several? (< 1 (count stages))]
        [n stage] (map-indexed vector stages)]
    [(str (system-name c) ", " (:fault stage) (when several? (str " " (inc n)))) stage]))

(defn- stages-section [cells]
  (let [bars (stage-bars cells)]
    (when (seq bars)
      (list
       [:h2 "Failover by stage"]
       [:p prose/stages]
       [:p {:class "legend"} [:i {:class "s1"}] "+sdown " [:i {:class "s2"}] "+odown "
        [:i {:class "s3"}] "+switch-master " [:i {:class "s4"}] "first write"]
       (plot/stages bars)
       (html/table "Milliseconds after the fault"
                   [["failover"] ["+sdown" "n"] ["+odown" "n"] ["+switch-master" "n"]
                    ["first write" "n"]]
                   (for [[label {:keys [sdown odown switch first_ok]}] bars]
                     (cons label (map #(html/decimal % 0) [sdown odown switch first_ok]))))))))

(defn- marks
  "Moments named in the plot; none where there are several failovers, which would collide."
  [{:keys [stages_ms stale shades_s]}]
  (let [{:keys [at_s switch]} (first stages_ms)
        back                  (second (last shades_s))]
    (filter (fn [_] (= 1 (count stages_ms)))
            (concat (when switch [[(+ at_s (/ switch 1000)) "+switch-master"]])
                    (when (and back (:demoted-ms stale))
                      [[(+ back (/ (:demoted-ms stale) 1000)) "old master demoted"]])))))

(defn- operation [{:keys [index time type process node value error]}]
  (str "#" index "  " (html/decimal (/ time 1e9) 3) " s  process " process "  " (name type) " add "
       value (when node (str "  by n" node)) (when error (str "  " error))))

(defn- final-read [{:keys [index time node role holds?]}]
  (str "#" index "  " (html/decimal (/ time 1e9) 3) " s  final read of n" node " (" role "): "
       (if holds? "there" "not there")))

(defn- certificates [{:keys [certificates]}]
  (when (seq certificates)
    [:details
     [:summary "The operations that show it, for the first " (count certificates) " lost writes"]
     (for [{:keys [element adds reads]} certificates]
       [:pre (str "element " element "\n"
                  (str/join "\n" (concat (map operation adds) (map final-read reads))))])]))

(defn- cell-section [scales {:keys [nemesis shade because dir operations machine_load] :as cell}]
  (let [scale (assoc scales :marks (marks cell))]
    [:section
     [:h3 (system-name cell) " / " (name nemesis) " " (verdict-badge cell)]
     [:p (str/capitalize (subs because 0 1)) (subs because 1) "."]
     [:p {:class "legend"} [:i {:class "kept"}] "acknowledged and kept "
      [:i {:class "lost"}] "acknowledged and lost " [:i {:class "refused"}] "refused or unsure "
      [:i {:class "shade"}] shade]
     (plot/rates cell scale)
     [:p {:class "legend"} [:i {:class "q50"}] "median " [:i {:class "q95"}] "95 % "
      [:i {:class "q99"}] "99 % " [:i {:class "ok"}] "one or more writes "
      [:i {:class "fail"}] "refused " [:i {:class "info"}] "unsure"]
     (plot/latencies cell scale)
     (certificates cell)
     [:p {:class "small"} (html/number operations) " lines of history and the nodes' logs: "
      [:code (str dir "/")] ". Machine load before and after: "
      (str/join ", " (map #(html/decimal % 1) machine_load)) "."]]))

(defn- scales [cells]
  {:seconds-max (reduce max 1 (for [c cells, s (:slices c)] (+ (:at-s s) (:slice_s c))))
   :rate-max    (* 1.1 (reduce max 1 (for [c cells, s (:slices c)]
                                       (max (+ (:kept s) (:lost s)) (+ (:fail s) (:info s))))))})

(defn- set-up [{:keys [machine versions cells]}]
  (let [{:keys [clients rate time_s client_style]} (first cells)]
    [:dl
     [:dt "Nodes"] [:dd prose/nodes]
     [:dt "Versions"] [:dd (str/join "; " (vals versions))]
     [:dt "Network"] [:dd prose/network]
     [:dt "Clients"] [:dd (str clients " in style " (some-> client_style name)
                               ", together at most " rate " writes a second, time-out 500 ms; in "
                               "a partition half of them are on the master's side.")]
     [:dt "Workload"] [:dd (str "Unique adds as keys"
                                (when time_s (str " for " time_s " s"))
                                ", then a final read of every node.")]
     [:dt "Machine"] [:dd (str (:cores machine) " cores, " (html/number (:memory-mb machine))
                               " MB, " (:cpu machine) ", " (:os machine)
                               ", Java " (:java machine) ", Clojure " (:clojure machine) ".")]]))

(defn- words []
  [:dl (for [[word meaning] prose/words] (list [:dt word] [:dd meaning]))])

(defn- body [{:keys [run seed started command cells] :as data}]
  (let [common (scales cells)]
    (list
     [:header
      [:p {:class "small"} "Chaos report " run ", " started]
      [:h1 "What we found"]
      (lead cells)]
     [:main
      [:h2 "Verdicts"] (verdicts cells)
      [:h2 "Writes lost and kept"] (loss-table cells)
      (stages-section cells)
      (when (some (comp :applies? :stale) cells)
        (list [:h2 "When the old master comes back"]
              [:p prose/returns]
              (return-table cells)
              (when (some probed? cells) (probe-table cells))))
      [:h2 "Cell by cell"] (map #(cell-section common %) cells)
      [:h2 "Set-up"] (set-up data)
      [:h2 "Run it again"]
      [:pre command]
      [:p "Seed " [:code seed] ". " prose/seed [:code "./watchword chaos analyze DIR"]
       " computes this page again from the stored histories."]
      [:h2 "What was not tested"] [:ul (for [line prose/not-tested] [:li line])]
      [:h2 "Words"] (words)])))

(defn page
  "The whole page as text. embedded is results.json, which the page carries along."
  [data embedded]
  (str "<!doctype html>\n"
       (html/render
        [:html {:lang "en"}
         [:head
          [:meta {:charset "utf-8"}]
          [:meta {:name "viewport" :content "width=device-width, initial-scale=1"}]
          [:title (str "Chaos report " (:run data))]
          [:link {:rel "icon" :href "data:,"}]
          [:style (html/raw (slurp (io/resource "chaos/report.css")))]]
         [:body (body data)
          [:script {:type "application/json" :id "results"}
           (html/raw (str/replace embedded "</" "<\\/"))]]])
       "\n"))
