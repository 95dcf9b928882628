(ns chaos.checker.stages
  "Where the time of a failover goes, in milliseconds after the fault: first +sdown, +odown
  and +switch-master of any sentinel, then the first acknowledgement by another node than
  the old master. What a client waits is the last one; it includes the client's own way to
  the new master."
  (:require [chaos.history :as history]))

(defn- first-event [history f from until]
  (:time (history/first-at history from
                           #(and (= :sentinel (:process %)) (= f (:f %)) (< (:time %) until)))))

(defn- ms [from time] (when time (/ (Math/round (/ (- time from) 1e5)) 10.0)))

(defn- stages-of [history adds {:keys [value invoked]} until]
  (let [time invoked
        old (or (:killed value) (:isolated value))
        ok  (->> adds
                 (filter #(and (= :ok (:type %)) (< time (:time %) until) (not= old (:node %))))
                 (map :time)
                 (reduce min Long/MAX_VALUE))]
    {:fault    (if (:killed value) "kill" "partition")
     :node     old
     :at-s     (/ time 1e9)
     :sdown    (ms time (first-event history :+sdown time until))
     :odown    (ms time (first-event history :+odown time until))
     :switch   (ms time (first-event history :+switch-master time until))
     :first-ok (ms time (when (< ok Long/MAX_VALUE) ok))}))

(defn check
  "The stages of each fault that took a master away, in order."
  [history]
  (let [adds  (history/completions history :add)
        away  (filterv #(or (:killed (:value %)) (:isolated (:value %))) (history/faults history))
        ends  (concat (map :invoked (rest away)) [Long/MAX_VALUE])]
    (mapv #(stages-of history adds %1 %2) away ends)))
