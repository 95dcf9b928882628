(ns chaos.checker.unique-adds
  "Unique adds against a final read of every node.

    acknowledged  the add ended :ok
    lost          acknowledged, and not on the final master
    recovered     the add ended :info, and is there
    dirty         the add ended :fail, and is there: a refusal that was none
    unexpected    there, and nobody ever tried to add it
    corrupt       there, with a value that nobody wrote
    divergent     on some nodes and not on others, although all were said to be in step
    never-read    the add ended :info, and is nowhere: allowed

  Lost elements make :valid? false here; whether a system may lose them in the mode it runs
  in is for `chaos.verdict`. Without a final read of every node the answer is :unknown,
  except that nothing read can excuse a dirty, unexpected or corrupt element.

  The loss window is the time from the first to the last acknowledgement that was lost."
  (:require [chaos.checker :as checker]
            [chaos.history :as history]
            [clojure.set :as set]))

(def ^:private shown-max 10)

(defn- by-type [adds]
  (reduce (fn [m {:keys [type value]}] (update m type conj value))
          {:ok #{} :fail #{} :info #{}} adds))

(defn- final-reads [history]
  (filterv #(= :ok (:type %)) (history/completions history :read)))

(defn- survivors
  "The elements of the final master, or nil when not exactly one node said it was one."
  [reads]
  (let [masters (filter #(= "master" (:role %)) reads)]
    (when (= 1 (count masters)) (set (:value (first masters))))))

(defn- summary [elements] {:count (count elements) :first (vec (take shown-max (sort elements)))})

(defn loss-window
  "First and last time, in seconds, at which a lost element was acknowledged; nil without loss."
  [adds lost]
  (let [times (keep #(when (lost (:value %)) (history/seconds %)) adds)]
    (when (seq times) [(apply min times) (apply max times)])))

(defn- per-node
  "Acknowledged and lost, by the node that acknowledged."
  [adds lost]
  (->> (filter #(= :ok (:type %)) adds)
       (group-by :node)
       (into (sorted-map)
             (map (fn [[node ops]]
                    [node {:acknowledged (count ops)
                           :lost (count (filter #(lost (:value %)) ops))}])))))

(defn check
  "See the namespace. :nodes-expected is how many nodes must have been read."
  ([history] (check history 3))
  ([history nodes-expected]
   (let [adds       (history/completions history :add)
         {:keys [ok fail info]} (by-type adds)
         tried      (set/union ok fail info)
         reads      (final-reads history)
         contents   (map (comp set :value) reads)
         anywhere   (apply set/union #{} contents)
         everywhere (if (seq contents) (apply set/intersection contents) #{})
         master     (survivors reads)
         complete?  (and master (= nodes-expected (count (distinct (map :node reads)))))
         lost       (if master (set/difference ok master) #{})
         dirty      (set/intersection fail anywhere)
         unexpected (set/difference anywhere tried)
         corrupt    (into #{} (mapcat :corrupt) reads)
         divergent  (set/difference anywhere everywhere)
         wrong?     (some seq [lost dirty unexpected corrupt divergent])]
     {:valid?       (checker/merge-valid [(not wrong?) (if complete? true :unknown)])
      :complete?    (boolean complete?)
      :attempts     (count tried)
      :acknowledged (count ok)
      :failed       (count fail)
      :unsure       (count info)
      :lost         (summary lost)
      :lost-percent (if (seq ok) (* 100.0 (/ (count lost) (count ok))) 0.0)
      :loss-window  (loss-window (filter #(= :ok (:type %)) adds) lost)
      :by-node      (per-node adds lost)
      :recovered    (count (set/intersection info anywhere))
      :never-read   (count (set/difference info anywhere))
      :dirty        (summary dirty)
      :unexpected   (summary unexpected)
      :corrupt      (summary corrupt)
      :divergent    (summary divergent)
      :lost-values  lost})))
