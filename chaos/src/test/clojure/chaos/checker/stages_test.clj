(ns chaos.checker.stages-test
  (:require [chaos.checker.stages :as stages]
            [clojure.test :refer [deftest is]]))

(defn- at [ms op] (assoc op :time (* 1000000 ms)))
(defn- sentinel [ms f & [text]]
  (at ms {:type :info :process :sentinel :f f
          :value {:node 2 :text (or text "master mymaster 127.0.1.1 7000")}}))
(defn- nemesis [f ms value]
  [(at ms {:type :info :process :nemesis :f f})
   (at (inc ms) {:type :info :process :nemesis :f f :value value :done? true})])
(defn- ok [ms node] [(at (dec ms) {:type :invoke :process ms :f :add :value ms})
                     (at ms {:type :ok :process ms :f :add :value ms :node node})])

(deftest should-time-each-stage-from-the-fault
  (is (= [{:fault "kill" :node 1 :at-s 1.0
           :sdown 1050.0 :odown 1060.0 :switch 1150.0 :first-ok 1200.0}]
         (stages/check (vec (concat (ok 900 2) (nemesis :kill-master 1000 {:killed 1}) (ok 1100 1)
                                    [(sentinel 2050 :+sdown) (sentinel 2055 :+sdown)
                                     (sentinel 2060 :+odown) (sentinel 2150 :+switch-master)]
                                    (ok 2200 2)))))))

(deftest should-leave-out-a-stage-that-did-not-happen
  (is (= [{:fault "partition" :node 1 :at-s 1.0
           :sdown 1050.0 :odown nil :switch nil :first-ok nil}]
         (stages/check (vec (concat (nemesis :start-partition 1000 {:isolated 1})
                                    [(sentinel 2050 :+sdown)] (ok 3000 1)))))))

(deftest should-not-lend-the-events-of-one-fault-to-another
  (let [[a b] (stages/check (vec (concat (nemesis :kill-master 1000 {:killed 1})
                                         (nemesis :kill-master 5000 {:killed 2})
                                         [(sentinel 6000 :+sdown)])))]
    (is (nil? (:sdown a)))
    (is (= 1000.0 (:sdown b)))))

(deftest should-not-take-a-dead-replica-for-a-dead-master
  (is (= 1050.0 (:sdown (first (stages/check
                                (vec (concat (nemesis :kill-master 1000 {:killed 1})
                                             [(sentinel 1500 :+sdown "slave 127.0.1.2:7000")
                                              (sentinel 2050 :+sdown)]))))))))

(deftest should-not-take-for-an-answer-what-no-node-gave
  (is (nil? (:first-ok (first (stages/check (vec (concat (nemesis :kill-master 1000 {:killed 1})
                                                         (ok 1300 nil)))))))))

(deftest should-trust-the-prober-where-there-is-one
  (let [probe (fn [ms type node] (at ms {:type type :process :prober :f :probe :node node
                                         :invoked (* 1000000 ms)}))]
    (is (= 500.0 (:first-ok (first (stages/check
                                    (vec (concat (nemesis :kill-master 1000 {:killed 1})
                                                 (ok 1300 2)
                                                 [(probe 1200 :fail 1) (probe 1500 :ok 2)])))))))))

(deftest should-not-wait-for-a-planned-failover-that-was-refused
  (let [planned (fn [moved] (stages/check (nemesis :planned-failover 1000
                                                   {:planned 1 :moved moved})))]
    (is (= ["planned"] (map :fault (planned true))))
    (is (empty? (planned false)))))
