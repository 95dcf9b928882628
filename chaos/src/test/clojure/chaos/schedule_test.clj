(ns chaos.schedule-test
  (:require [chaos.generator :as gen]
            [chaos.nemesis :as nemesis]
            [chaos.schedule :as schedule]
            [chaos.simulation :as simulation]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is]])
  (:import (clojure.lang ExceptionInfo)
           (java.io File)))

(defn- refused
  "The message of the usage error that (f) ends with, or nil."
  [f]
  (try (f) nil (catch ExceptionInfo e (when (= 2 (:exit (ex-data e))) (ex-message e)))))

(defn- loading [text]
  (let [file (File/createTempFile "schedule" ".edn")]
    (try (spit file text)
         (nemesis/load-schedule! file)
         (finally (io/delete-file file)))))

(deftest should-load-a-schedule
  (is (= [[3 :start-partition] [12.5 :heal] [14 :reset-links 2]]
         (loading "[[3 :start-partition]\n [12.5 :heal] ; and then\n [14 :reset-links 2]]"))))

(deftest should-say-what-is-wrong-with-a-schedule
  (are [part text] (str/includes? (str (refused #(loading text))) part)
    "\":krash\", which" "[[1 \":krash\"]]"
    "[2 :krash] names :krash, which no fault has; known: :await" "[[1 :heal] [2 :krash]]"
    "entry 1 [-1 :heal] does not begin with seconds" "[[-1 :heal]]"
    "entry 1 [1] is not" "[[1]]"
    "comes after one at 5 s" "[[5 :heal] [2 :restart]]"
    "at least one entry" "[]"
    "at least one entry" "{:f :heal}"
    ".edn:2:" "[[1 :heal]\n [2 }"
    "something follows it" "[[1 :heal]] [[2 :heal]]"
    "an empty file" " "))

(deftest should-refuse-a-file-that-is-not-there
  (is (str/includes? (str (refused #(nemesis/load-schedule! "no/such.edn"))) "no/such.edn")))

(defn- package [entries]
  (nemesis/package-of :schedule {:seed 7 :time-s 34 :clients 4 :schedule entries}))

(deftest should-do-what-is-written-when-it-is-written-and-undo-all-of-it
  (let [package (package [[3 :kill-master] [5 :start-partition] [6 :pause-master]])
        ops     (simulation/invocations
                 (simulation/run simulation/perfect
                                 (gen/nemesis (gen/phases (:generator package)
                                                          (:final-generator package)))))]
    (is (= [[:kill-master 3] [:start-partition 5] [:pause-master 6]]
           (map (juxt :f #(quot (:time %) gen/ns-per-s)) (take 3 ops))))
    (is (= #{:heal :restart :resume} (into #{} (filter #{:heal :restart :resume})
                                           (map :f (drop 3 ops)))))
    (is (= #{:links :processes} (:needs package)))
    (is (every? fn? (map (:nemesis package) (map :f ops))))))

(deftest should-ask-for-no-more-than-its-operations-need
  (is (= #{:links} (:needs (package [[3 :start-ring] [9 :heal]]))))
  (is (nil? (:disk (package [[3 :start-ring]])))))

(deftest should-spare-the-master-only-if-every-operation-does
  (is (true? (:spares-master? (package [[3 :kill-sentinel] [9 :restart]]))))
  (is (false? (:spares-master? (package [[3 :kill-sentinel] [5 :start-delay] [9 :restart]]))))
  (is (false? (:spares-master? (package [[3 :kill-master]]))))
  (is (false? (:spares-master? (package [[3 :planned-failover]])))))

(deftest should-refuse-a-load-that-ends-before-the-schedule
  (is (str/includes? (str (refused #(package [[50 :kill-master]]))) "until 50 s")))

(deftest should-not-want-two-disks-of-one-node
  (is (str/includes? (str (refused #(schedule/package
                                     [{:nemesis {:a identity} :disk :tmpfs}
                                      {:nemesis {:b identity} :disk :ext4}]
                                     {:schedule [[1 :a] [2 :b]]})))
                     "two kinds of disk")))
