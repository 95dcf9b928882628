(ns chaos.travel
  "The data of the report's time-travel view: what an observer could have known at each
  instant, small enough to embed. Nothing is judged here; times are seconds since the run
  began."
  (:require [chaos.history :as history]))

(def ^:private slot-s 0.1)
(def ^:private shown-lost-max 200)

(defn- observed
  "Events of an observer on f, each made by (row t value)."
  [history process f row]
  (mapv #(row (history/seconds %) (:value %))
        (filter #(= f (:f %)) (history/events history process))))

(defn- role [t {:keys [node role]}] {:t t :node node :role role})

(defn- offset [t {:keys [node offset]}] {:t t :node node :offset offset})

(defn- sentinel-events [history]
  (mapv (fn [{:keys [f value] :as op}]
          (cond-> {:t (history/seconds op) :node (:node value) :event (name f) :text (:text value)}
            (contains? value :new) (assoc :new (:new value))))
        (history/events history :sentinel)))

(defn- nemesis-events [history]
  (mapv (fn [{:keys [f value done?] :as op}]
          {:t (history/seconds op) :f (name f) :value value :done (boolean done?)})
        (history/events history :nemesis)))

;; ---- lanes: one character for what a client did in a tenth of a second ----

(def ^:private rank {\. 0, \o 1, \f 2, \i 3, \L 4})

(defn- gone?
  "Whether an operation is a lost write. A read that asks for a lost element names it too."
  [lost {:keys [workload f type value]}]
  (and (= [:set :add :ok] [workload f type]) (contains? lost value)))

(defn- mark [lost op] (if (gone? lost op) \L ({:ok \o :fail \f :info \i} (:type op))))

(defn- lane [lost slots ops]
  (let [line (char-array slots \.)]
    (doseq [op ops]
      (let [at  (min (dec slots) (int (/ (history/seconds op) slot-s)))
            now (mark lost op)]
        (when (< (rank (aget line at)) (rank now)) (aset line at (char now)))))
    (String. line)))

(defn- lanes [clients lost ops]
  (let [slots  (inc (int (/ (reduce max 0 (map history/seconds ops)) slot-s)))
        client #(mod (:process %) clients)]
    (mapv (fn [[k own]] {:client k :slots (lane lost slots own)})
          (sort-by key (group-by client ops)))))

(defn- lost-write [clients {:keys [value process invoked node] :as op}]
  {:element value :client (mod process clients) :sent-s (/ invoked 1e9)
   :acked-s (history/seconds op) :node node})

(defn- every-nth
  "At most n of coll, evenly spread."
  [n coll]
  (let [step (max 1 (long (Math/ceil (/ (count coll) (double n)))))]
    (vec (take-nth step coll))))

(defn travel
  "lost is the set of elements that workload :set lost."
  [{:keys [clients]} history lost]
  (let [ops (history/load-completions history)]
    {:nodes    (vec (sort (distinct (map (comp :node :value) (history/events history :role)))))
     :clients  clients
     :slot-s   slot-s
     :roles    (observed history :role :role role)
     :offsets  (observed history :role :offset offset)
     :sentinel (sentinel-events history)
     :nemesis  (nemesis-events history)
     :lanes    (lanes clients lost ops)
     :lost     (mapv #(lost-write clients %)
                     (every-nth shown-lost-max (filter #(gone? lost %) ops)))}))
