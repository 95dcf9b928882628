(ns chaos.checker.stages-test
  (:require [chaos.checker.stages :as stages]
            [clojure.test :refer [deftest is]]))

(defn- at [ms op] (assoc op :time (* 1000000 ms)))
(defn- sentinel [ms f] (at ms {:type :info :process :sentinel :f f :value {:node 2}}))
(defn- nemesis [f ms value]
  [(at ms {:type :info :process :nemesis :f f})
   (at (inc ms) {:type :info :process :nemesis :f f :value value :done? true})])
(defn- ok [ms node] [(at (dec ms) {:type :invoke :process ms :f :add :value ms})
                     (at ms {:type :ok :process ms :f :add :value ms :node node})])

(deftest should-time-each-stage-from-the-fault
  (is (= [{:fault "kill" :node 1 :at-s 1.0 :sdown 1050.0 :odown 1060.0 :switch 1150.0 :first-ok 1200.0}]
         (stages/check (vec (concat (ok 900 2) (nemesis :kill-master 1000 {:killed 1}) (ok 1100 1)
                                    [(sentinel 2050 :+sdown) (sentinel 2055 :+sdown)
                                     (sentinel 2060 :+odown) (sentinel 2150 :+switch-master)]
                                    (ok 2200 2)))))))

(deftest should-leave-out-a-stage-that-did-not-happen
  (is (= [{:fault "partition" :node 1 :at-s 1.0 :sdown 1050.0 :odown nil :switch nil :first-ok nil}]
         (stages/check (vec (concat (nemesis :start-partition 1000 {:isolated 1})
                                    [(sentinel 2050 :+sdown)] (ok 3000 1)))))))

(deftest should-not-lend-the-events-of-one-fault-to-another
  (let [[a b] (stages/check (vec (concat (nemesis :kill-master 1000 {:killed 1})
                                         (nemesis :kill-master 5000 {:killed 2})
                                         [(sentinel 6000 :+sdown)])))]
    (is (nil? (:sdown a)))
    (is (= 1000.0 (:sdown b)))))
