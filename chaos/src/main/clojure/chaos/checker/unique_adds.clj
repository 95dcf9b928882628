(ns chaos.checker.unique-adds
  "Unique adds against a final read of every node, and against a few reads on the way.

    acknowledged  the add ended :ok
    lost          acknowledged, and not on the final master
    recovered     the add ended :info, and is there
    dirty         the add ended :fail, and is there: a refusal that was none
    unexpected    there, and nobody ever tried to add it
    corrupt       there, with a value that nobody wrote
    divergent     on some nodes and not on others, although all were said to be in step
    never-read    the add ended :info, and is nowhere: allowed
    stale-read    on the final master, yet some read that began after the acknowledgement,
                  did not see it

  Lost elements make :valid? false here; whether a system may lose them in the mode it runs
  in is for `chaos.verdict`. Without a final read of every node the answer is :unknown,
  except that nothing read can excuse a dirty, unexpected or corrupt element. Without exactly
  one master at the end it is not known what was lost, and :lost-percent is nil, not 0.

  The loss window is the time from the first to the last acknowledgement that was lost.

  The stable latency of an element is the time from its acknowledgement to the beginning of
  the last read that did not see it, 0 without such a read. It is taken over the elements on
  the final master that were read at least once after their acknowledgement; since an
  element is read once or twice, it is a lower bound, and says nothing of the others."
  (:require [chaos.checker :as checker]
            [chaos.checker.certificate :as certificate]
            [chaos.history :as history]
            [chaos.stats :as stats]
            [clojure.set :as set]))

(def ^:private nodes-usual [1 2 3])

(defn- by-type [adds]
  (reduce (fn [m {:keys [type value]}] (update m type conj value))
          {:ok #{} :fail #{} :info #{}} adds))

(defn- final-reads [history]
  (filterv #(= :ok (:type %)) (history/completions history :final-read)))

(defn- survivors
  "The elements of the final master, or nil when not exactly one node said it was one."
  [reads]
  (let [masters (filter #(= "master" (:role %)) reads)]
    (when (= 1 (count masters)) (set (:value (first masters))))))

(defn loss-window
  "First and last time, in seconds, at which a lost element was acknowledged; nil without loss."
  [adds lost]
  (let [times (keep #(when (lost (:value %)) (history/seconds %)) adds)]
    (when (seq times) [(apply min times) (apply max times)])))

(defn- per-node
  "Acknowledged and lost, by the node that acknowledged; nil lost when it is not known."
  [adds lost]
  (->> (filter #(= :ok (:type %)) adds)
       (group-by :node)
       (into (sorted-map)
             (map (fn [[node ops]]
                    [node {:acknowledged (count ops)
                           :lost (when lost (count (filter #(lost (:value %)) ops)))}])))))

(defn- latencies
  "Element on the final master that was read after its acknowledgement -> nanoseconds until
  the last read that did not see it began."
  [history adds master]
  (let [acked (into {} (for [{:keys [type value time]} adds
                             :when (and (= :ok type) (contains? master value))]
                         [value time]))]
    (reduce (fn [found {:keys [type value present? invoked]}]
              (let [at (acked value)]
                (if (and at (= :ok type) (< at invoked))
                  (update found value (fnil max 0) (if present? 0 (- invoked at)))
                  found)))
            {}
            (history/completions history :read))))

(defn- judged
  "The sets of elements, class by class."
  [history adds reads {:keys [ok fail info]}]
  (let [contents   (map (comp set :value) reads)
        anywhere   (apply set/union #{} contents)
        everywhere (if (seq contents) (apply set/intersection contents) #{})
        master     (survivors reads)
        stable     (latencies history adds (or master #{}))]
    {:master    master
     :anywhere  anywhere
     :stable    stable
     :anomalies {:lost       (if master (set/difference ok master) #{})
                 :dirty      (set/intersection fail anywhere)
                 :unexpected (set/difference anywhere (set/union ok fail info))
                 :corrupt    (into #{} (mapcat :corrupt) reads)
                 :divergent  (set/difference anywhere everywhere)
                 :stale-read (into #{} (keep (fn [[e ns]] (when (pos? ns) e))) stable)}}))

(defn check
  "See the namespace."
  [history {:keys [nodes]}]
  (let [adds      (history/completions history :add)
        {:keys [ok fail info] :as types} (by-type adds)
        reads     (final-reads history)
        {:keys [master anywhere stable anomalies]} (judged history adds reads types)
        wanted    (count (or nodes nodes-usual))
        unread    (cond (nil? master)
                        (str "not exactly one node called itself master at the end, so what "
                             "was lost is not known")
                        (not= wanted (count (distinct (map :node reads))))
                        "not every node could be read at the end")
        lost      (:lost anomalies)]
    {:valid?       (checker/merge-valid [(every? empty? (vals anomalies))
                                         (if unread :unknown true)])
     :because      unread
     :anomalies    (into {} (for [[class elements] anomalies :when (seq elements)]
                              [class (certificate/anomaly history class elements)]))
     :counts       {:ok           (count ok)
                    :fail         (count fail)
                    :info         (count info)
                    :attempts     (+ (count ok) (count fail) (count info))
                    :lost-percent (cond (nil? master) nil
                                        (seq ok)      (* 100.0 (/ (count lost) (count ok)))
                                        :else         0.0)
                    :recovered    (count (set/intersection info anywhere))
                    :never-read   (count (set/difference info anywhere))
                    :read-after-ack    (count stable)
                    :stable-latency-ms (stats/quantiles (map #(/ % 1e6) (vals stable)))}
     :complete?    (nil? unread)
     :loss-window  (loss-window (filter #(= :ok (:type %)) adds) lost)
     :by-node      (per-node adds (when master lost))
     :recovered    (count (set/intersection info anywhere))
     :never-read   (count (set/difference info anywhere))
     :lost-values  lost}))
