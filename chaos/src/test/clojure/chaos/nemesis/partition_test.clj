(ns chaos.nemesis.partition-test
  "The shapes as values: who hears whom."
  (:require [chaos.nemesis.partition :as partition]
            [chaos.net.rules :as rules]
            [clojure.test :refer [are deftest is testing]]))

(def ^:private three {:nodes [1 2 3] :master 1 :clients [101 102 103 104] :seed 7})
(def ^:private five (assoc three :nodes [1 2 3 4 5]))

(defn- passes [shape all]
  (let [rules (rules/cut rules/all-open (:cuts (shape all)))]
    #(rules/passes? rules %)))

(defn- hears-nodes
  "Node -> the set of nodes it hears, itself included."
  [shape {:keys [nodes] :as all}]
  (let [passes? (passes shape all)]
    (into {} (for [to nodes] [to (set (filter #(passes? [% to]) nodes))]))))

(deftest should-leave-the-master-with-half-of-the-clients
  (let [passes? (passes partition/master-and-clients three)]
    (are [open? link] (= open? (passes? link))
      true [101 1], true [102 1], false [103 1], false [101 2], true [103 2], false [1 2],
      false [3 1], true [2 3])))

(deftest should-leave-the-master-alone
  (let [passes? (passes partition/master-alone three)]
    (is (not-any? passes? [[101 1] [104 1] [2 1] [1 3]]))
    (is (every? passes? [[101 2] [2 3] [3 104]]))))

(deftest should-cut-off-a-minority-that-leaves-a-majority
  (are [cut-off all] (= cut-off (count (filter #(= (count %) cut-off)
                                               (vals (hears-nodes partition/minority all)))))
    1 three
    2 five))

(deftest should-call-the-master-isolated-only-in-the-smaller-part
  (doseq [seed (range 20)
          :let [{:keys [groups isolated]} (partition/halves (assoc three :seed seed))
                small (first (sort-by #(count (filter #{1 2 3} %)) groups))]]
    (is (= (boolean (some #{1} small)) (= 1 isolated)) (str "seed " seed))))

(deftest should-leave-one-node-that-hears-all
  (doseq [all [three five]
          :let [bridge (:bridge (partition/bridge all))
                hears  (hears-nodes partition/bridge all)
                n      (count (:nodes all))]]
    (is (= n (count (hears bridge))))
    (is (every? #(= (inc (quot n 2)) (count %)) (vals (dissoc hears bridge))))))

(deftest should-let-each-node-hear-another-majority
  (doseq [all [three five]
          :let [hears (hears-nodes partition/ring all)
                n     (count (:nodes all))]]
    (is (every? #(= (inc (quot n 2)) (count %)) (vals hears)))
    (is (= n (count (distinct (vals hears)))))
    (is (every? (fn [[node heard]] (heard node)) hears))))

(deftest should-cut-one-way
  (is (= {1 #{1}, 2 #{1 2 3}, 3 #{1 2 3}} (hears-nodes partition/one-way-in three)))
  (is (= {1 #{1 2 3}, 2 #{2 3}, 3 #{2 3}} (hears-nodes partition/one-way-out three)))
  (testing "clients reach the master"
    (is (every? (passes partition/one-way-in three) [[101 1] [1 101]]))))

(deftest should-cut-replication-and-nothing-else
  (let [passes? (passes partition/replicas-cut three)]
    (is (not-any? passes? [[[1 :server] [2 :server]] [[3 :server] [1 :server]]]))
    (is (every? passes? [[[2 :sentinel] [1 :server]] [[1 :sentinel] [2 :sentinel]]
                         [[2 :server] [3 :server]] [[101 :client] [1 :server]]]))))

(deftest should-blind-every-sentinel
  (let [passes? (passes partition/sentinels-cut three)]
    (is (not-any? passes? [[[1 :sentinel] [1 :server]] [[2 :server] [3 :sentinel]]]))
    (is (every? passes? [[[1 :sentinel] [2 :sentinel]] [[1 :server] [2 :server]]]))))

(deftest should-hide-the-master-from-the-sentinels-alone
  (let [passes? (passes partition/master-unseen three)]
    (is (not-any? passes? [[[1 :sentinel] [1 :server]] [[1 :server] [3 :sentinel]]]))
    (is (every? passes? [[[1 :server] [2 :server]] [[3 :sentinel] [2 :server]]
                         [[101 :client] [1 :server]]]))))
