(ns chaos.checker.stages
  "Where the time of a failover goes, in milliseconds after the fault: first +sdown and
  +odown of the master and first +switch-master of any sentinel, then the first
  acknowledgement by another node than the old master. What a client waits is the last one;
  it includes the client's own way to the new master. Where a prober ran (it tries every
  5 ms), its acknowledgements count; else those of the load."
  (:require [chaos.history :as history]
            [clojure.string :as str]))

(defn- about-master? [{:keys [f value]}]
  (or (= :+switch-master f) (str/starts-with? (:text value) "master ")))

(defn- first-event [history f from until]
  (:time (history/first-at history from
                           #(and (= :sentinel (:process %)) (= f (:f %)) (about-master? %)
                                 (< (:time %) until)))))

(def ^:private ways
  "What a nemesis says of the master that it took away, and how the report calls that. A
  master that is stopped for long is called :isolated as well."
  [[:killed "kill"] [:isolated "partition"] [:planned "planned"]])

(defn- way
  "[how node] of a nemesis operation that took a master away, or nil; a planned failover that
  was refused took nobody away."
  [value]
  (when (and (map? value) (not (false? (:moved value))))
    (some (fn [[said how]]
            (when-let [node (get value said)] [(if (:paused value) "pause" how) node]))
          ways)))

(defn- old-master [value] (second (way value)))

(defn- ms [from time] (when time (/ (Math/round (/ (- time from) 1e5)) 10.0)))

(defn- acknowledgements
  "What a node answered; an :ok without a node was the harness's own doing."
  [history]
  (filter #(and (= :ok (:type %)) (:node %))
          (or (seq (history/events history :prober))
              (history/all-completions history #(not (#{:read :final-read} (:f %)))))))

(defn- stages-of [history oks {:keys [value invoked]} until]
  (let [time invoked
        old (old-master value)
        ok  (->> oks
                 (filter #(and (< time (:time %) until) (not= old (:node %))))
                 (map :time)
                 (reduce min Long/MAX_VALUE))]
    {:fault    (first (way value))
     :node     old
     :at-s     (/ time 1e9)
     :sdown    (ms time (first-event history :+sdown time until))
     :odown    (ms time (first-event history :+odown time until))
     :switch   (ms time (first-event history :+switch-master time until))
     :first-ok (ms time (when (< ok Long/MAX_VALUE) ok))}))

(defn check
  "The stages of each fault that took a master away, in order."
  [history]
  (let [oks   (vec (acknowledgements history))
        away  (filterv #(old-master (:value %)) (history/faults history))
        ends  (concat (map :invoked (rest away)) [Long/MAX_VALUE])]
    (mapv #(stages-of history oks %1 %2) away ends)))
