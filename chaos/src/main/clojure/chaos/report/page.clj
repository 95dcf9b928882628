(ns chaos.report.page
  "The page of a run: one file, no network, no script needed. It renders results.json and
  computes no finding of its own. It says what we found, and what was not looked at; never
  that something passes."
  (:require [chaos.report.html :as html]
            [chaos.report.plot :as plot]
            [clojure.java.io :as io]
            [clojure.string :as str]))

(def ^:private system-names {:stock "stock Redis" :watchword "Watchword"})

(defn- system-name [{:keys [system]}] (system-names (keyword system) (name system)))

(defn- loss [{:keys [lost ok lost_percent]}]
  (str (html/number lost) " of " (html/number ok) " acknowledged writes lost ("
       (html/decimal lost_percent 1) " %)"))

(def ^:private nemesis-phrases
  {:partition "while the master and half of the clients were cut off"
   :kill      "when the master was killed"})

(defn- lead [cells]
  [:ul {:class "lead"}
   (for [{:keys [nemesis] :as cell} cells]
     [:li [:b (system-name cell)] ": we found " (loss cell) " "
      (nemesis-phrases (keyword nemesis) (str "under " (name nemesis))) "."])])

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

(defn- stage-bars [cells]
  (for [c cells, stage (:stages_ms c)]
    [(str (system-name c) ", " (:fault stage)) stage]))

(defn- stages-section [cells]
  (let [bars (stage-bars cells)]
    (when (seq bars)
      (list
       [:h2 "Failover by stage"]
       [:p "From the fault to the first sentinel that calls the master subjectively down, to the "
        "first that calls it objectively down, to the first " [:code "+switch-master"]
        ", to the first write that another node acknowledged."]
       [:p {:class "legend"} [:i {:class "s1"}] "+sdown " [:i {:class "s2"}] "+odown "
        [:i {:class "s3"}] "+switch-master " [:i {:class "s4"}] "first write"]
       (plot/stages bars)
       (html/table "Milliseconds after the fault"
                   [["failover"] ["+sdown" "n"] ["+odown" "n"] ["+switch-master" "n"]
                    ["first write" "n"]]
                   (for [[label {:keys [sdown odown switch first_ok]}] bars]
                     (cons label (map #(html/decimal % 0) [sdown odown switch first_ok]))))))))

(defn- marks [{:keys [stages_ms stale shades_s]}]
  (let [{:keys [at_s switch]} (first stages_ms)
        back                  (second (last shades_s))]
    (remove nil?
            [(when switch [(+ at_s (/ switch 1000)) "+switch-master"])
             (when (and back (:demoted-ms stale))
               [(+ back (/ (:demoted-ms stale) 1000)) "old master demoted"])])))

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

(defn- cell-section [scales {:keys [nemesis because dir operations machine_load] :as cell}]
  (let [scale (assoc scales :marks (marks cell))]
    [:section
     [:h3 (system-name cell) " / " (name nemesis) " " (verdict-badge cell)]
     [:p (str/capitalize (subs because 0 1)) (subs because 1) "."]
     [:p {:class "legend"} [:i {:class "kept"}] "acknowledged and kept "
      [:i {:class "lost"}] "acknowledged and lost " [:i {:class "refused"}] "refused or unsure "
      [:i {:class "shade"}] (name nemesis)]
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
     [:dt "Nodes"] [:dd "three servers and three sentinels (quorum 2, down-after 1000 ms, no "
                    "persistence), real processes on one machine, one cluster at a time"]
     [:dt "Versions"] [:dd (str/join "; " (vals versions))]
     [:dt "Network"] [:dd "an unprivileged TCP proxy on every link: replication, sentinels, Raft, clients"]
     [:dt "Clients"] [:dd (str clients " in style " (some-> client_style name)
                               ", together at most " rate " writes a second, time-out 500 ms; in "
                               "the partition half of them are on the master's side")]
     [:dt "Workload"] [:dd (str "unique adds as keys for " time_s
                                " s, then a final read of every node")]
     [:dt "Machine"] [:dd (str (:cores machine) " cores, " (html/number (:memory-mb machine)) " MB, "
                               (:cpu machine) ", " (:os machine) ", Java " (:java machine)
                               ", Clojure " (:clojure machine))]]))

(def ^:private not-tested
  ["Reads during faults (staleness, order): only final reads are made."
   "Transactions, lists, counters, locks, expiry, pub/sub delivery to clients."
   "Modes other than available."
   "Pauses, slow or full disks, power cuts, clocks, one-way cuts, packet loss, rolling restarts, planned failovers."
   "Clients that listen to +switch-master instead of asking after an error."
   "Persistence: all nodes run without it."])

(defn- words []
  [:dl
   [:dt "acknowledged"] [:dd "the server answered OK"]
   [:dt "lost"] [:dd "acknowledged, and not on the final master when all was healed"]
   [:dt "refused, unsure"] [:dd "an error that says the write did not happen; anything else, time-outs included"]
   [:dt "recovered, never read"] [:dd "unsure, and there; unsure, and nowhere (allowed)"]
   [:dt "dirty, unexpected, corrupt, divergent"]
   [:dd "refused and there; there and never written; there with another value; on some nodes only. No mode allows any of them"]
   [:dt "stale ack"] [:dd "a write that the old master acknowledged after its return, and that was lost"]
   [:dt "expected"] [:dd "what the mode allows or, for stock Redis as the control, the flaw that it must be caught with"]])

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
              [:p "Times are counted from the heal or the start of the process. Contact: first bytes "
               "from a sentinel of the other side. Order: first SLAVEOF, FENCE or FOLLOW."]
              (return-table cells)))
      [:h2 "Cell by cell"] (map #(cell-section common %) cells)
      [:h2 "Set-up"] (set-up data)
      [:h2 "Run it again"]
      [:pre command]
      [:p "Seed " [:code seed] ". The seed fixes the schedule of faults and the pace of the clients; "
       "the interleaving of processes is the machine's, so counts differ from run to run. "
       [:code (str "./watchword chaos analyze DIR")] " computes this page again from the stored histories."]
      [:h2 "What was not tested"] [:ul (for [line not-tested] [:li line])]
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
