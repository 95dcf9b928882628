(ns chaos.net.rules-test
  (:require [chaos.net.rules :as rules]
            [clojure.test :refer [are deftest is testing]]))

(deftest should-cut-both-ways-between-groups-and-nowhere-within
  (let [rules (rules/cut-between rules/all-open [[1 101] [2 3]])]
    (is (every? #(not (rules/passes? rules %)) [[1 2] [2 1] [101 3] [3 101]]))
    (is (every? #(rules/passes? rules %) [[1 101] [101 1] [2 3] [1 1]]))))

(deftest should-cut-one-way-only
  (let [rules (rules/cut-one-way rules/all-open [1] [2])]
    (is (not (rules/passes? rules [1 2])))
    (is (rules/passes? rules [2 1]))))

(deftest should-tell-a-server-from-the-sentinel-beside-it
  (let [rules (rules/cut rules/all-open (rules/links [[1 :sentinel]] [[1 :server] [2 :server]]))]
    (are [passes? link] (= passes? (rules/passes? rules link))
      false [[1 :sentinel] [1 :server]]
      false [[1 :sentinel] [2 :server]]
      true  [[1 :sentinel] [2 :sentinel]]
      true  [[1 :server] [2 :server]]
      true  [[2 :server] [1 :sentinel]]))
  (testing "an id alone stands for all that lives there"
    (let [rules (rules/cut rules/all-open [[1 2]])]
      (is (not (rules/passes? rules [[1 :sentinel] [2 :server]])))
      (is (not (rules/passes? rules [[1 :server] [2 :sentinel]])))
      (is (rules/passes? rules [[101 :client] [2 :server]])))))

(deftest should-never-let-a-node-be-cut-from-itself-by-its-id
  (is (= [[1 2] [2 1]] (rules/links [1 2] [1 2]))))

(def ^:private ms 1000000)

(defn- due
  "When chunks read at the times (ms) are due, in whole ms, in order."
  [rules times]
  (loop [[t & more] times, n 1, after 0, found []]
    (if t
      (let [at (rules/due-ns rules (rules/keys-of [[1 :server] [2 :server]]) n (* t ms) after)]
        (recur more (inc n) at (conj found (quot at ms))))
      found)))

(deftest should-delay-by-a-fixed-time
  (is (= [20 25 30] (due (rules/delayed rules/all-open [[1 2]] {:ms 20}) [0 5 10])))
  (is (= [0 5 10] (due rules/all-open [0 5 10]))))

(deftest should-draw-jitter-by-seed-without-overtaking
  (let [jitter #(due (rules/delayed rules/all-open [[1 2]] {:ms 10 :jitter-ms 50 :seed %})
                     (range 0 100))]
    (is (= (jitter 7) (jitter 7)))
    (is (not= (jitter 7) (jitter 8)))
    (is (apply <= (jitter 7)))
    (is (every? (fn [[t at]] (<= (+ t 10) at (+ 99 60))) (map vector (range 0 100) (jitter 7))))))

(deftest should-spend-no-more-than-the-rate-over-time
  (let [rate    1000
        through (loop [t 0, bucket nil, sent 0]
                  (if (< t 1000)
                    (let [bucket (rules/refilled bucket rate (* t ms))
                          n      (long (:tokens bucket))]
                      (recur (inc t) (rules/spent bucket n) (+ sent n)))
                    sent))]
    (testing "a second's worth and one burst"
      (is (<= 990 through 1025)))))

(deftest should-save-up-one-burst-at-most
  (let [used   (rules/spent (rules/refilled nil 1000 0) 20)
        rested (rules/refilled used 1000 (* 3600000 ms))]
    (is (= 20.0 (double (:tokens rested))))))

(deftest should-limit-only-the-links-that-are-slow
  (let [rules (rules/slowed rules/all-open [[1 2]] 1000)]
    (is (= 1000 (rules/rate rules (rules/keys-of [[1 :server] [2 :sentinel]]))))
    (is (nil? (rules/rate rules (rules/keys-of [[2 :sentinel] [1 :server]]))))
    (is (rules/timed? rules))
    (is (not (rules/timed? rules/all-open)))))
