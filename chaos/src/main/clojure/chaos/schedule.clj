(ns chaos.schedule
  "A schedule of faults written by hand: an EDN vector of [seconds f] or [seconds f value],

    [[3 :start-partition] [12 :heal] [14 :kill-master] [20 :restart]]

  where f is an operation of any registered fault. It is checked wholly before anything
  starts, and becomes a package like any other: what it needs is what its operations need, and
  at the end everything is undone that they may have left broken, asked for or not."
  (:require [chaos.generator :as gen]
            [chaos.registry :as registry]
            [clojure.edn :as edn]
            [clojure.java.io :as io]
            [clojure.set :as set]
            [clojure.string :as str])
  (:import (clojure.lang LineNumberingPushbackReader)
           (java.io IOException)))

;; ---- reading ----

(defn- refuse! [& words] (throw (registry/usage-error (apply str words))))

(defn- place [file ^LineNumberingPushbackReader in]
  (str file ":" (.getLineNumber in) ":" (.getColumnNumber in) ": "))

(defn- read-forms
  "The one form of the file."
  [file]
  (with-open [in (LineNumberingPushbackReader. (io/reader file))]
    (let [read! #(try (edn/read {:eof ::end} in)
                      (catch RuntimeException e
                        (refuse! (place file in) "not EDN: " (.getMessage e))))
          form  (read!)]
      (when (= ::end form) (refuse! file ": an empty file is no schedule"))
      (when-not (= ::end (read!))
        (refuse! (place file in) "one vector is a schedule; something follows it"))
      form)))

(defn- entry-complaint [known [at f :as entry]]
  (cond
    (not (and (vector? entry) (<= 2 (count entry) 3)))
    "is not [seconds f] or [seconds f value]"
    (not (and (number? at) (<= 0 at)))
    "does not begin with seconds, 0 or more"
    (not (known f))
    (str "names " (pr-str f) ", which no fault has; known: "
         (str/join " " (sort (map str known))))))

(defn check
  "The entries, if they are a schedule of operations in the set `known`; else throws with exit
  status 2, naming `file`, the entry and what is wrong with it."
  [file known entries]
  (when-not (and (vector? entries) (seq entries))
    (refuse! file ": a schedule is a vector of [seconds f] with at least one entry"))
  (doseq [[n entry] (map-indexed vector entries)]
    (when-let [complaint (entry-complaint known entry)]
      (refuse! file ": entry " (inc n) " " (pr-str entry) " " complaint)))
  (doseq [[[a] [b :as later]] (partition 2 1 entries) :when (< b a)]
    (refuse! file ": entry " (pr-str later) " comes after one at " a " s"))
  entries)

(defn load!
  "The checked entries of a file."
  [file known]
  (check file known (try (read-forms file)
                         (catch IOException e
                           (refuse! "cannot read " file ": " (.getMessage e))))))

;; ---- as a package ----

(defn- providers [packages f] (filter #(contains? (:nemesis %) f) packages))

(defn- ops-in [generator]
  (if (map? generator) [generator] (mapcat ops-in generator)))

(defn- only-disk [used]
  (let [disks (set (keep :disk used))]
    (when (next disks)
      (refuse! "one schedule cannot want two kinds of disk: " (str/join ", " (map name disks))))
    (first disks)))

(defn package
  "A package of these entries. packages are those of all registered faults, under the same
  options; where two of them share an operation, the later one's is taken."
  [packages {:keys [schedule time-s]}]
  (let [fs    (set (map second schedule))
        used  (for [f fs] (providers packages f))
        least (first (last schedule))
        own   (keep (fn [[one & others]] (when-not others one)) used)
        among (fn [k] (set/intersection fs (into #{} (mapcat (comp k :perf)) packages)))]
    (when (and time-s (< time-s least))
      (refuse! "the schedule goes on until " least " s, the load only until " time-s " s"))
    {:nemesis         (apply merge (map :nemesis packages))
     :generator       (gen/schedule (for [[at f value] schedule]
                                      [at (cond-> {:f f} (some? value) (assoc :value value))]))
     :final-generator (distinct (mapcat (comp ops-in :final-generator) (apply concat used)))
     :needs           (into #{} (mapcat #(apply set/intersection (map (fn [p] (set (:needs p))) %)))
                            used)
     :disk            (only-disk own)
     :server-lines    (vec (distinct (mapcat :server-lines own)))
     :forgets?        (boolean (some :forgets? own))
     :planned?        (every? #(some :planned? %) used)
     :spares-master?  (every? #(every? :spares-master? (providers packages %)) (among :starts))
     :time-s-min      least
     :phrase          "under a schedule of our own"
     :perf            {:name "schedule"
                       :starts (among :starts)
                       :ends   (among :ends)}}))
