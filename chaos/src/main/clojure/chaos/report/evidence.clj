(ns chaos.report.evidence
  "The operations that show an anomaly: for each certificate why, a timeline and the lines of
  the history. The timeline's axis is the order of events, not their distance: what matters
  is which operation had ended before another began, and a final read may be half a minute
  after the write that it misses."
  (:require [chaos.report.html :as html]
            [chaos.report.label :as label]
            [chaos.report.plot :as plot]
            [clojure.data.json :as json]
            [clojure.string :as str]))

(def ^:private lines-max 24)
(def ^:private certificates-max "Of a class in a cell: ten alike would be half of the page." 2)
(def ^:private bars-max "Operations of one certificate; a cycle may have fifty." 12)
(def ^:private value-length-max 60)
(def ^:private explanation-length-max 500)
(def ^:private letter-width "Of plot text, in pixels, rather too wide." 7)

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

(defn- place
  "Where an operation stands among the others: its index in the history, which never repeats,
  or else its time."
  [{:keys [index time]}]
  (or index time))

(defn- bar
  "An operation from its invocation to its completion, either of which may be missing."
  [invoked done]
  {:process (:process (or done invoked))
   :from    (or (some-> invoked place) (:call done) (place done))
   :to      (when done (if (contains? done :return) (:return done) (place done)))
   :started (or (:time invoked) (:invoked done))
   :ended   (:time done)
   :op      (merge invoked done (when (nil? (:value done)) (select-keys invoked [:value])))})

(defn bars
  "Operations as {:process :from :to :op ...} in order of invocation; :to is nil of one whose
  end is not among them, or that may take effect at any later time. A certificate holds
  invocations and completions, or completions alone, with :call and :return or without."
  [ops]
  (loop [ops (sort-by place ops), open {}, done []]
    (if-let [[{:keys [type process] :as op} & more] (seq ops)]
      (if (= "invoke" type)
        (recur more (assoc open process op) done)
        (recur more (dissoc open process) (conj done (bar (open process) op))))
      (sort-by (juxt :from :to) (into done (map #(bar % nil)) (vals open))))))

(defn- bar-text [{:keys [op started ended]}]
  (str (when (:name op) (str (:name op) ": ")) (:f op) (value-text op) " → "
       (if (= "invoke" (:type op)) "no answer" (:type op)) (node-text op) (error-text op)
       (when started (str ", " (seconds started))) (when (and started ended) " to")
       (when ended (str (when-not started ",") " " (seconds ended))) " s"))

(defn- timeline [ops]
  (let [rows  (take bars-max (bars ops))
        rank  (zipmap (sort (distinct (remove nil? (mapcat (juxt :from :to) rows)))) (range))
        left  110
        x     (plot/linear (max 1 (dec (count rank))) left (- plot/width 60))
        base  (+ 6 (* 36 (count rows)))]
    (plot/svg (+ base 8) "Operations in order of time, one row each"
              (for [i (range (count rank))] (plot/line "grid" (x i) 0 (x i) base))
              (for [[i {:keys [process from to op] :as bar}] (map-indexed vector rows)
                    :let [y      (+ 4 (* 36 i))
                          a      (x (rank from))
                          b      (if to (x (rank to)) (- plot/width 20))
                          text   (bar-text bar)
                          right? (< plot/width (+ a 20 (* letter-width (count text))))]]
                [:g
                 (plot/text "tick" 8 (+ y 27)
                            (if (integer? process) (str "process " process) process))
                 (plot/rect (str "op " (if to (:type op) "info")) a (+ y 17) (max 5 (- b a)) 12)
                 (plot/text (if right? "tick end strong" "tick strong")
                            (if right? (- plot/width 20) a) (+ y 12) text)]))))

(defn- as-op
  "A final read of a certificate, of which only the answer is kept, as an operation."
  [{:keys [holds] :as read}]
  (assoc read :process "final read" :type "ok" :f (if holds "there" "not there")))

(defn- read-line-of [{:keys [index time node role holds]}]
  (str (format "#%-8s %9s s  final read of n%s" index (if time (seconds time) "?") node)
       (when role (str " (" role ")")) ": " (if holds "there" "not there")))

(defn- cycle-text
  "A cycle of transactions as T1 -rw- T2 -wr- T1; of anything else its data."
  [cycle]
  (if (every? :edge cycle)
    (str (str/join (map-indexed (fn [i {:keys [edge]}] (str "T" (inc i) " –" edge "→ ")) cycle))
         "T1")
    (json/write-str cycle :escape-slash false)))

(defn- named
  "The operations of a cycle of transactions, named as the explanation names them."
  [ops cycle]
  (if (and (seq cycle) (every? :edge cycle))
    (map-indexed #(assoc %2 :name (str "T" (inc %1))) ops)
    ops))

(defn- short-explanation
  "That of a long cycle of long lists would fill the page; results.json has the whole."
  [text]
  (if (< explanation-length-max (count text))
    (str (subs text 0 explanation-length-max) " … (the rest is in results.json)")
    text))

(defn- certificate [{:keys [ops explanation element key cycle] :as all}]
  (let [reads (filter #(and (map? %) (contains? % :holds)) (:reads all))]
    [:div {:class "certificate"}
     [:p (or (some-> explanation short-explanation label/sentence) "The operations that show it.")
      (when (some? element) (list " Element " [:code (str element)] "."))
      (when (some? key) (list " Key " [:code (str key)] "."))
      (when (seq cycle) (list " Cycle: " [:code (cycle-text cycle)] "."))]
     (when (seq ops) (timeline (concat (named ops cycle) (map as-op reads))))
     (when (< bars-max (count ops))
       [:p {:class "small"} "Drawn are the first " bars-max " of " (count ops) " operations."])
     (when (or (seq ops) (seq reads))
       [:details [:summary "As lines of the history"]
        [:pre (map #(str (op-line %) "\n") (take lines-max (sort-by place ops)))
         (when (< lines-max (count ops))
           (str (- (count ops) lines-max) " more are in results.json\n"))
         (map #(str (read-line-of %) "\n") reads)]])]))

(defn of-workload
  "The first certificates that a workload's checker shows, one fold per class of anomaly."
  [{:keys [workload anomalies]}]
  (for [[class {:keys [count shown]}] (sort-by first anomalies)
        :when (and (pos? count) (seq shown))]
    [:details {:class "evidence"}
     [:summary [:b (str workload ": " (label/anomaly-text [class count]))]
      (str ", the operations that show " (min certificates-max (clojure.core/count shown))
           " of them")]
     (map certificate (take certificates-max shown))
     (when (< certificates-max (clojure.core/count shown))
       [:p {:class "small"} (- (clojure.core/count shown) certificates-max)
        " more are in results.json."])]))
