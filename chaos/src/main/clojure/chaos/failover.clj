(ns chaos.failover
  "`chaos failover`: how long the cluster is without a master that acknowledges, kill by kill
  and stage by stage, one system beside the other in the same run; and how long a restarted
  old master goes on as one. It is a run whose only fault is chaos.nemesis.failovers."
  (:refer-clojure :exclude [run!])
  (:require [chaos.db.system :as system]
            [chaos.run :as run]
            [chaos.stats :as stats]
            [clojure.string :as str]))

(def targets-ms
  "What Watchword in mode available promises of the first write after a kill."
  {:median (+ system/down-after-ms 300) :max (+ system/down-after-ms 800)})

(defn summary
  "Median and maximum of each stage and of each way back; kills without a first write are
  counted, not left out."
  [{:keys [stages returns]}]
  (let [of (fn [k rows]
             (let [values (keep k rows)]
               {:median (stats/median values)
                :max    (when (seq values) (apply max values))}))]
    {:kills        (count stages)
     :unanswered   (count (remove :first-ok stages))
     :sdown        (of :sdown stages)
     :odown        (of :odown stages)
     :switch       (of :switch stages)
     :first-ok     (of :first-ok stages)
     :to-demotion  (of :contact-to-demoted-ms returns)
     :acks         (reduce + 0 (map :acks returns))
     :after-contact (reduce + 0 (map :acks-after-contact returns))}))

(defn targets-met?
  "Whether every kill was answered within the targets."
  [{:keys [unanswered first-ok]}]
  (boolean (and (zero? unanswered)
                (:median first-ok)
                (<= (:median first-ok) (:median targets-ms))
                (<= (:max first-ok) (:max targets-ms)))))

(defn- ms [v] (if v (format "%8.0f" (double v)) "       -"))

(defn- row [label cells] (str (format "%-8s" label) (str/join cells)))

(def ^:private heading
  (row "kill" (map #(format "%8s" %)
                   ["+sdown" "+odown" "+switch" "1st OK" "| contact" "demoted" "between"
                    "acks" "acks>c"])))

(defn lines
  "The table of one system, as lines. Stages are ms after the kill; contact and demoted are
  ms after the restart; acks are those of the restarted old master, acks>c those after its
  first contact with a sentinel."
  [{:keys [system version stages returns] :as cell}]
  (let [{:keys [sdown odown switch first-ok to-demotion acks after-contact] :as all} (summary cell)
        stat (fn [k] [(ms (k sdown)) (ms (k odown)) (ms (k switch)) (ms (k first-ok))
                      "         " "       " (ms (k to-demotion))])]
    (concat
     ["" (str (name system) ": " version ", " (:kills all) " kills; ms") heading]
     (map (fn [i s r]
            (row (str (inc i) " n" (:node s))
                 [(ms (:sdown s)) (ms (:odown s)) (ms (:switch s)) (ms (:first-ok s))
                  " " (ms (:contact-ms r)) (ms (:demoted-ms r)) (ms (:contact-to-demoted-ms r))
                  (ms (:acks r)) (ms (:acks-after-contact r))]))
          (range) stages (concat returns (repeat nil)))
     [(row "median" (stat :median))
      (row "max" (concat (stat :max) [" " (ms acks) (ms after-contact)]))]
     (when (= system :watchword)
       [(str "target: median " (:median targets-ms) ", max " (:max targets-ms) ": "
             (if (targets-met? all) "met" "missed"))]))))

(defn- show [found] (doseq [cell found, line (lines cell)] (println line)))

(defn run! [opts]
  (run/run! (assoc opts :nemesis [:failovers] :workloads [:set] :rate 500) show))
