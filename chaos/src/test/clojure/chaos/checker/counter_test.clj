(ns chaos.checker.counter-test
  "Literal histories: `[0 :add 2 :invoke]` is process, function, value (of an add that ended
  :ok a pair of value and answer) and type; `:end` reads at the end."
  (:require [chaos.checker.counter :as counter]
            [clojure.test :refer [are deftest is testing]]))

(defn- op [i [process f value type]]
  (let [[value after] (if (vector? value) value [value nil])]
    (cond-> {:index (* 2 i) :time (* 1000 i) :process process :type type
             :f (if (= :end f) :read f) :value value}
      (= :end f) (assoc :final? true)
      after      (assoc :after after))))

(defn- history [& ops] (into [] (map-indexed op) ops))

(defn- both [process f value type]
  [[process f (if (= :add f) (if (vector? value) (first value) value) nil) :invoke]
   [process f value type]])

(defn- check [& parts] (counter/check (apply history (apply concat parts)) {}))

(defn- seen-wrong [found] (mapv (juxt :seen :lower :upper)
                                (mapcat :shown (vals (:anomalies found)))))

(deftest should-accept-what-lies-between-the-sums
  (are [valid? parts] (= valid? (:valid? (apply check parts)))
    true  [(both 0 :add [2 2] :ok) (both 1 :end 2 :ok)]
    true  [(both 0 :add 2 :info) (both 1 :end 0 :ok)]
    true  [(both 0 :add 2 :info) (both 1 :end 2 :ok)]
    true  [(both 0 :add 2 :fail) (both 1 :end 0 :ok)]
    true  [[[0 :add 2 :invoke] [1 :read nil :invoke] [1 :read 2 :ok] [0 :add [2 2] :ok]]
           (both 1 :end 2 :ok)]
    true  [[[1 :read nil :invoke]] (both 0 :add [2 2] :ok) [[1 :read 0 :ok]]
           (both 1 :end 2 :ok)]))

(deftest should-flag-what-lies-outside
  (are [wrong parts] (= wrong (seen-wrong (apply check parts)))
    [[0 2 2]] [(both 0 :add [2 2] :ok) (both 1 :end 0 :ok)]
    [[4 2 2]] [(both 0 :add [2 2] :ok) (both 1 :end 4 :ok)]
    [[2 0 0]] [(both 0 :add 2 :fail) (both 1 :end 2 :ok)]
    [[2 3 3]] [(both 0 :add [1 1] :ok) (both 0 :add [2 2] :ok) (both 1 :end 3 :ok)])
  (is (= "a read saw 0, which is less than the 2 acknowledged before it began"
         (get-in (check (both 0 :add [2 2] :ok) (both 1 :end 0 :ok))
                 [:anomalies :below-bounds :shown 0 :explanation]))))

(deftest should-call-too-much-by-another-name-than-too-little
  (are [class value] (= [class] (keys (:anomalies (check (both 0 :add [2 2] :ok)
                                                         (both 1 :end value :ok)))))
    :below-bounds 0
    :above-bounds 4))

(deftest should-count-what-is-missing-at-the-end
  (let [{:keys [counts]} (check (both 0 :add [5 5] :ok) (both 1 :add 3 :info) (both 2 :end 1 :ok))]
    (is (= {:acknowledged 5 :possible 8 :final 1 :missing 4 :ok 2 :info 1 :fail 0 :readings 2}
           counts))))

(deftest should-not-pass-without-a-final-read
  (let [unread (check (both 0 :add [2 2] :ok) (both 1 :end nil :fail))]
    (is (= :unknown (:valid? unread)))
    (is (false? (:complete? unread)))
    (is (nil? (get-in unread [:counts :missing])) "not 0"))
  (is (= 0 (get-in (check (both 0 :add [2 2] :ok) (both 1 :end 2 :ok)) [:counts :missing]))))

(deftest should-recheck-only-what-is-wrong
  (let [h (apply history (concat (both 0 :add [2 2] :ok) [[1 :add 7 :invoke]]
                                 (both 2 :end 0 :ok)))
        [proof] (get-in (counter/check h {}) [:anomalies :below-bounds :shown])]
    (is (counter/recheck h proof))
    (testing "not an operation that is not in the history, and not one within the bounds"
      (is (not (counter/recheck h (update-in proof [:ops 1] assoc :value -1))))
      (is (not (counter/recheck h {:class :below-bounds :ops (subvec h 0 2)}))))))
