(ns chaos.generator-test
  (:require [chaos.generator :as gen]
            [chaos.simulation :as simulation]
            [clojure.test :refer [deftest is testing]]))

(defn- invoked [gen] (simulation/invocations (simulation/run simulation/perfect gen)))

(deftest should-run-a-sequence-in-order-and-end
  (is (= [:a :b :c] (map :f (invoked (gen/clients [{:f :a} {:f :b} {:f :c}]))))))

(deftest should-keep-clients-and-nemesis-apart
  (let [ops (invoked (gen/any (gen/nemesis [{:f :cut}]) (gen/clients [{:f :add}])))]
    (is (= {:cut :nemesis} (into {} (for [{:keys [f process]} ops :when (= f :cut)] [f process]))))
    (is (integer? (:process (first (filter #(= :add (:f %)) ops)))))))

(deftest should-run-a-schedule-at-its-times
  (is (= [[:cut 2000000000] [:heal 5000000000]]
         (map (juxt :f :time)
              (invoked (gen/nemesis (gen/schedule [[5 {:f :heal}] [2 {:f :cut}]])))))))

(deftest should-count-a-schedule-from-its-phase-not-from-the-run
  (is (= [1000000000 (+ 1000000000 1000000 500000000)]
         (map :time (invoked (gen/nemesis (gen/phases (gen/schedule [[1 {:f :a}]])
                                                      (gen/schedule [[0.5 {:f :b}]]))))))))

(deftest should-stop-at-the-time-limit
  (let [ops (invoked (gen/clients (gen/time-limit 2 (gen/stagger 0.01 7 (repeat {:f :add})))))]
    (is (seq ops))
    (is (every? #(< (:time %) 2000000000) ops))))

(deftest should-give-each-thread-its-own-pace
  (let [ops    (invoked (gen/clients
                         (gen/time-limit 10 (gen/each-thread
                                             (fn [t] (gen/stagger 0.1 t (repeat {:f :add})))))))
        counts (frequencies (map :process ops))]
    (is (= #{0 1 2 3} (set (keys counts))))
    (testing "about ten a second each"
      (is (every? #(< 80 % 125) (vals counts))))))

(deftest should-begin-a-phase-only-when-all-is-completed
  (let [ops (simulation/run (assoc simulation/perfect
                                   :latency-ns #(if (= 1 (:value %)) 9000000000 1000000))
                            (gen/clients (gen/phases [{:f :add :value 1} {:f :add :value 2}]
                                                     [{:f :read}])))]
    (is (= [:add :read] (map :f (take-last 2 (simulation/invocations ops)))))
    (is (<= 9000000000 (:time (last (simulation/invocations ops)))))))

(deftest should-repeat-itself-for-a-seed-and-differ-for-another
  (let [adds  (fn [seed] (gen/time-limit 1 (gen/stagger 0.01 seed (repeat {:f :add}))))
        times (fn [seed] (map :time (invoked (gen/clients (adds seed)))))]
    (is (= (times 42) (times 42)))
    (is (not= (times 42) (times 43)))))

(deftest should-not-starve-a-thread-that-is-slow
  (let [ops (simulation/run (assoc simulation/perfect
                                   :latency-ns #(if (= 3 (:process %)) 500000000 1000000))
                            (gen/clients
                             (gen/time-limit 5 (gen/each-thread
                                                (fn [t] (gen/stagger 0.01 t (repeat {:f :add})))))))
        counts (frequencies (map :process (simulation/invocations ops)))]
    (is (<= 9 (counts 3) 11))
    (is (every? #(< 300 (counts %)) [0 1 2]))))

(deftest should-last-as-long-as-its-leader
  (let [ops (invoked (gen/until-done (gen/nemesis [{:f :kill} (gen/pause 3) {:f :restart}])
                                     (gen/clients (gen/stagger 0.1 7 (repeat {:f :add})))))
        of  (fn [f] (map :time (filter #(= f (:f %)) ops)))]
    (is (<= 3000000000 (first (of :restart)) 3100000000))
    (is (< 20 (count (of :add))))
    (is (every? #(<= % 3100000000) (of :add)))))

(deftest should-give-each-its-turn-though-all-are-due-all-the-time
  (let [busy   (fn [w] (gen/tagged {:workload w} (repeat {:f :add})))
        ops    (invoked (gen/clients (gen/time-limit 1 (gen/mix (busy :a) (busy :b) (busy :c)))))
        counts (frequencies (map :workload ops))]
    (is (= #{:a :b :c} (set (keys counts))))
    (is (<= (- (apply max (vals counts)) (apply min (vals counts))) 1))))

(deftest should-go-on-with-the-others-when-one-of-a-mix-is-exhausted
  (is (= [:a :b :b] (sort (map :f (invoked (gen/clients (gen/mix [{:f :a}] [{:f :b} {:f :b}]))))))))
