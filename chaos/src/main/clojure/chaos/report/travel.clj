(ns chaos.report.travel
  "The time-travel view: what the page carries for it, the controls that chaos/report.js
  fills, and per cell the same events as a table, for readers without scripts.

  The page does not carry the whole of results.json, which lies beside it: what is drawn
  already (slices, dots, certificates) would double its size. It carries per cell

    {title, dir, end, slot, nodes, shade, shades [[from to]], lanes [text of . o f i L],
     roles {node [[s role]]}, offsets {node [[s offset]]}, masters {node [[s node]]},
     sentinel [[s node event text]], nemesis [[s f text done]],
     lost [[element client sent acked node key]]}

  with seconds to the millisecond. masters are the nodes that the sentinel of each node named
  in +switch-master; before its first one it says what it was configured with.

  What the view cannot show: an offset is sampled every 250 ms, a role every 10 ms, and a
  sentinel's view is what it announced, not what it knew."
  (:require [chaos.numbering :as numbering]
            [chaos.report.html :as html]
            [chaos.report.label :as label]
            [chaos.report.series :as series]
            [clojure.data.json :as json]
            [clojure.string :as str]))

(def ^:private events-max "Rows of a cell's event table." 160)

(defn- millis [s] (when s (/ (Math/round (* 1000.0 s)) 1000.0)))

(defn- by-node [records value]
  (into (sorted-map)
        (for [[node of-node] (group-by :node records)]
          [node (mapv (juxt (comp millis :t) value) (sort-by :t of-node))])))

(defn new-master
  "The node that a +switch-master names; of one that was stored without it, the last octet of
  the new address."
  [{:keys [text] :as event}]
  (if (contains? event :new)
    (:new event)
    (numbering/by-host :server {:host (nth (str/split (or text "") #" ") 3 nil)})))

(defn- masters [sentinel]
  (by-node (filter #(= "+switch-master" (:event %)) sentinel) new-master))

(defn- changes
  "Without the samples between two equal neighbours, which a step function does not need."
  [samples]
  (let [n (count samples)]
    (vec (keep-indexed
          (fn [i [_ v :as sample]]
            (when (or (zero? i) (= i (dec n))
                      (not= v (second (samples (dec i))))
                      (not= v (second (samples (inc i)))))
              sample))
          samples))))

(defn- value-text [value]
  (cond (nil? value)    ""
        (string? value) value
        (map? value)    (str/join ", " (for [[k v] (sort-by key value)]
                                         (str (label/words k) " "
                                              (if (string? v) v (json/write-str v)))))
        :else           (json/write-str value)))

(defn- end-of [{:keys [slices slice_s travel]}]
  (let [{:keys [roles offsets sentinel nemesis lanes]} travel]
    (reduce max 1
            (concat (map #(+ slice_s (:at_s %)) slices)
                    (map :t (concat roles offsets sentinel nemesis))
                    (map #(* series/slot-s (count (:slots %))) lanes)))))

(defn data
  "What the view needs of one cell."
  [{:keys [travel shade shades_s dir] :as cell}]
  (let [{:keys [nodes roles offsets sentinel nemesis lanes lost]} travel]
    {:title    (label/cell-title cell)
     :dir      dir
     :end      (millis (end-of cell))
     :slot     series/slot-s
     :nodes    nodes
     :shade    (or shade "fault")
     :shades   (mapv #(mapv millis %) shades_s)
     :lanes    (mapv :slots (sort-by :client lanes))
     :roles    (by-node roles :role)
     :offsets  (update-vals (by-node offsets :offset) changes)
     :masters  (masters sentinel)
     :sentinel (mapv (juxt (comp millis :t) :node :event :text) (sort-by :t sentinel))
     :nemesis  (mapv #(vector (millis (:t %)) (:f %) (value-text (:value %)) (boolean (:done %)))
                     (sort-by :t nemesis))
     :lost     (mapv #(vector (:element %) (:client %) (millis (:sent_s %)) (millis (:acked_s %))
                              (:node %) (:key %))
                     (sort-by :acked_s lost))}))

(defn- with-travel [cells] (filter :travel cells))

(defn embedded
  "The data of all cells as an element of the page."
  [cells]
  (html/data-script "travel-data" (json/write-str (mapv data (with-travel cells))
                                                  :escape-slash false)))

;; ---- without scripts ----

(defn events
  "[[s who what text] ...] of nemesis and sentinels, in order."
  [{:keys [sentinel nemesis roles]}]
  (sort-by first
           (concat
            (for [{:keys [t node event text]} sentinel] [t (str "sentinel " node) event text])
            (for [{:keys [t node role]} roles] [t (str "n" node) "role" role])
            (for [{:keys [t f value done]} nemesis]
              [t "nemesis" (str f (if done " done" " begins")) (value-text value)]))))

(defn event-table
  "The events of a cell in a fold."
  [{:keys [travel] :as cell}]
  (when-let [all (seq (when travel (events travel)))]
    [:details {:class "events"}
     [:summary (str "What happened: " (html/number (count all))
                    " events of nemesis, sentinels and roles")]
     (html/table (str "Events of " (label/cell-title cell))
                 [["s" "n"] ["who"] ["what"] ["text"]]
                 (for [[t who what text] (take events-max all)]
                   [(html/decimal t 3) who what text]))
     (when (< events-max (count all))
       [:p {:class "small"} (html/number (- (count all) events-max))
        " later events are in the history."])]))

;; ---- the controls ----

(defn- button [id label text]
  [:button {:type "button" :id id :aria-label label :title label} text])

(defn section [cells]
  (when-let [cells (seq (with-travel cells))]
    [:section {:id "travel"}
     [:h2 "Time travel"]
     [:noscript
      [:p "This view needs the script of this page, which your browser did not run. The same "
       "events stand as a table in each cell below, under \"What happened\"."]]
     [:div {:id "travel-view" :hidden "hidden"}
      [:p "Scrub to any instant: the bar takes arrow keys, Page Up, Page Down, Home and End. "
       "The address of the page then names this very instant."]
      [:div {:class "controls"}
       [:label {:for "travel-cell"} "Cell "]
       [:select {:id "travel-cell"}
        (for [c cells] [:option {:value (:dir c)} (label/cell-title c)])]
       (button "travel-back" "Previous event" "◀")
       (button "travel-play" "Play" "Play")
       (button "travel-on" "Next event" "▶")
       (button "travel-lost" "Go to the first lost write" "First lost write")
       [:output {:id "travel-clock" :for "travel-time"}]]
      [:input {:type "range" :id "travel-time" :min 0 :step 0.1 :value 0 :aria-label "Instant"}]
      [:div {:id "travel-lanes"}]
      [:p {:class "legend"}
       (for [[class words] [["lane-o" "acknowledged"] ["lane-l" "acknowledged, later lost"]
                            ["lane-f" "refused"] ["lane-i" "unsure"] ["role-master" "master"]
                            ["role-slave" "replica"] ["role-silent" "silent"]
                            ["shade" "under the fault"]]]
         [:span [:i {:class class}] words])]
      [:div {:class "instant"}
       [:div {:id "travel-topology"}]
       [:div {:id "travel-events"}]
       [:div {:id "travel-writes"}]]]]))
