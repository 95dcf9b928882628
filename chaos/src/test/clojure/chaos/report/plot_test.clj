(ns chaos.report.plot-test
  (:require [chaos.report.evidence :as evidence]
            [chaos.report.plot :as plot]
            [chaos.report.prose :as prose]
            [chaos.report.series :as series]
            [chaos.report.staleness :as staleness]
            [chaos.report.travel :as travel]
            [clojure.test :refer [are deftest is]]))

(deftest should-cut-an-axis-at-round-numbers
  (are [step limit] (== step (plot/nice-step limit 5))
    200.0 1000
    500.0 1100
    0.5   2.4
    1.0   5))

(deftest should-write-coordinates-short-and-cut-curves-at-gaps
  (are [text n] (= text (plot/px n)) "3" 3.04 "3.1" 3.06 "-0.5" -0.5)
  (is (= "M1 2L3 4M5 6H7V8" (:d (second (plot/curve "q" [[1 2] [3 4] nil [5 6] [7 6] [7 8]]))))))

(deftest should-count-a-slot-as-served-when-any-client-was-acknowledged
  (let [cell {:shades_s [[0.1 0.25]]
              :travel   {:lanes [{:client 0 :slots "offio."} {:client 1 :slots "ofLfii"}]}}
        {:keys [percent during-percent longest-gap-s]} (series/availability cell)]
    (is (= [true false true false true false] (series/served-slots cell)))
    (is (= 50.0 percent))
    (is (= 50.0 during-percent))
    (is (= 0.1 longest-gap-s))
    (is (nil? (series/availability {})))))

(deftest should-take-quantiles-by-their-names-and-leave-other-figures
  (is (= [[0.5 1.0] [0.99 2.0] [1.0 4.0]]
         (staleness/quantiles {:n 7 :q99 2 :q50 1 :max 4 :mean 3 :q95 nil}))))

(deftest should-read-the-new-master-out-of-a-switch
  (is (= 3 (travel/new-master {:text "mymaster 127.0.1.1 24409 127.0.1.3 24409"})))
  (is (= 2 (travel/new-master {:text "mymaster 10.0.0.7 6379 10.0.0.7 6380" :new 2})))
  (is (nil? (travel/new-master {:text "mymaster localhost 24409 elsewhere 24409"})))
  (is (nil? (travel/new-master {}))))

(deftest should-draw-an-operation-from-its-invocation-to-its-own-end
  (let [op   (fn [index type process & more]
               (into {:index index :time (* 1000 index) :type type :process process} more))
        ends (fn [ops] (map (juxt :process :from :to) (evidence/bars ops)))]
    (is (= [[0 10 40] [1 20 30] [2 25 nil]]
           (ends [(op 10 "invoke" 0) (op 20 "invoke" 1) (op 25 "invoke" 2)
                  (op 30 "ok" 1) (op 40 "info" 0)])))
    (is (= [[0 10 12] [1 11 nil] [2 13 13]]
           (ends [(op 12 "ok" 0 [:call 10] [:return 12]) (op 14 "info" 1 [:call 11] [:return nil])
                  (op 13 "ok" 2)]))
        "completions alone")))

(deftest should-count-one-as-one-and-leave-names-of-classes-alone
  (are [text n class name] (= text (prose/counted n (str n) class name))
    "1 lost write"  1 :lost "lost"
    "2 lost writes" 2 :lost "lost"
    "1 G2-process"  1 :G2_process "G2-process"))
