(ns chaos.travel-test
  (:require [chaos.checker.rates :as rates]
            [chaos.travel :as travel]
            [clojure.test :refer [deftest is]]))

(defn- at [s op] (assoc op :time (long (* s 1e9))))

(defn- add [process e from to type]
  [(at from {:type :invoke :process process :workload :set :f :add :value e})
   (at to {:type type :process process :workload :set :f :add :value e :node 1})])

(def ^:private history
  (vec (concat [(at 0 {:type :info :process :role :f :role :value {:node 2 :role "slave"}})
                (at 0 {:type :info :process :role :f :offset :value {:node 2 :offset 7}})]
               (add 0 10 0.05 0.06 :ok)
               (add 1 11 0.11 0.12 :ok)
               (add 10 20 0.31 0.33 :info)
               [(at 0.4 {:type :info :process :nemesis :f :heal})
                (at 0.5 {:type :info :process :sentinel :f :+sdown
                         :value {:node 3 :text "master mymaster"}})
                (at 0.6 {:type :invoke :process 0 :workload :set :f :final-read :node 1})])))

(def ^:private seen (travel/travel {:clients 10} history #{11}))

(deftest should-tell-for-each-tenth-of-a-second-what-a-client-met
  (is (= [{:client 0 :slots "o..i"} {:client 1 :slots ".L.."}] (:lanes seen))
      "process 10 is client 0 after its first process retired"))

(deftest should-tell-the-life-of-a-lost-write
  (is (= [{:element 11 :client 1 :sent-s 0.11 :acked-s 0.12 :node 1}] (:lost seen))))

(deftest should-carry-what-observers-saw
  (is (= [{:t 0.0 :node 2 :role "slave"}] (:roles seen)))
  (is (= [{:t 0.0 :node 2 :offset 7}] (:offsets seen)))
  (is (= [{:t 0.5 :node 3 :event "+sdown" :text "master mymaster"}] (:sentinel seen)))
  (is (= [{:t 0.4 :f "heal" :value nil :done false}] (:nemesis seen))))

(deftest should-not-take-a-read-of-a-lost-element-for-a-lost-write
  (let [read    (fn [s type] (at s {:type type :process 0 :workload :set :f :read :value 11}))
        history (into history [(read 0.61 :invoke) (read 0.62 :ok)])]
    (is (= 1 (count (:lost (travel/travel {:clients 10} history #{11})))))
    (is (= [1.0] (map :lost (rates/slices history #{11} 1.0))))))
