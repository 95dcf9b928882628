(ns chaos.checker.stale-master-test
  "Literal histories of an old master's return. Times are in milliseconds."
  (:require [chaos.checker.stale-master :as stale-master]
            [clojure.test :refer [deftest is]]))

(defn- at [ms op] (assoc op :time (* 1000000 ms)))

(defn- add [e invoked completed node]
  [(at invoked {:type :invoke :process e :f :add :value e})
   (at completed {:type :ok :process e :f :add :value e :node node})])

(defn- nemesis [f began done value]
  [(at began {:type :info :process :nemesis :f f})
   (at done {:type :info :process :nemesis :f f :value value :done? true})])

(defn- switched [ms old new]
  [(at ms {:type :info :process :sentinel :f :+switch-master
           :value {:node 2 :text "" :old old :new new}})])
(defn- role [ms node role]
  [(at ms {:type :info :process :role :f :role :value {:node node :role role}})])
(defn- mesh [ms what]
  [(at ms {:type :info :process :mesh :f what :value {:from 2 :node 1}})])

(defn- history [& parts] (vec (map-indexed #(assoc %2 :index %1) (apply concat parts))))

(def ^:private partition-and-heal
  [(nemesis :start-partition 1000 1001 {:isolated 1})
   (switched 2500 1 2)
   (add 1 3000 3001 1)
   (nemesis :heal 9000 9001 {:healed 1})
   (mesh 9000 :contact)
   (add 2 9100 9101 1)
   (mesh 9200 :order)
   (add 3 9205 9206 1)
   (role 9210 1 "slave")])

(deftest should-count-stale-acknowledgements-from-each-moment
  (let [found (stale-master/check (apply history partition-and-heal) #{1 2 3})]
    (is (= {:applies? true :valid? true :node 1 :contact-ms 0.0 :order-ms 200.0 :demoted-ms 210.0
            :contact-to-demoted-ms 210.0 :stale-after-return 2 :stale-after-contact 2
            :stale-after-order 1 :stale-after-demotion 0 :last-stale-ms 206.0}
           (dissoc found :each)))))

(deftest should-not-count-what-the-final-master-holds
  (is (= 1 (:stale-after-return (stale-master/check (apply history partition-and-heal) #{1 2})))))

(deftest should-flag-an-acknowledgement-after-the-demotion
  (let [found (stale-master/check
               (apply history (concat partition-and-heal [(add 4 9300 9301 1)])) #{4})]
    (is (false? (:valid? found)))
    (is (= 1 (:stale-after-demotion found)))))

(deftest should-tell-of-every-return
  (let [again [(switched 12000 2 1) (role 12000 1 "master") (add 5 12100 12101 1)
               (nemesis :kill-master 15000 15001 {:killed 1})
               (switched 16000 1 2)
               (nemesis :restart 20000 20001 {:restarted 1})
               (role 20100 1 "slave")]
        each  #(map (juxt :valid? :replaced? :stale-after-demotion)
                    (:each (stale-master/check (apply history %) #{4 5})))]
    (is (= [[true true 0] [true true 0]] (each (concat partition-and-heal again)))
        "a node that is master again may acknowledge what the next fault takes")
    (is (= [[false true 1] [true true 0]]
           (each (concat partition-and-heal [(add 4 9300 9301 1)] again))))))

(deftest should-know-who-came-back-before-he-was-replaced
  (is (= [false] (map :replaced? (:each (stale-master/check
                                         (history (nemesis :kill-master 1000 1001 {:killed 1})
                                                  (nemesis :restart 1500 1501 {:restarted 1})
                                                  (switched 1600 1 2) (role 1700 1 "slave"))
                                         #{}))))))

(deftest should-be-unsure-when-no-demotion-was-seen
  (is (= :unknown (:valid? (stale-master/check (apply history (butlast partition-and-heal)) #{})))))

(deftest should-not-apply-without-a-return
  (is (= {:applies? false :valid? true} (stale-master/check (history (add 1 1 2 1)) #{}))))

(deftest should-not-apply-to-a-master-that-nobody-replaced
  (is (= {:applies? false :valid? true}
         (stale-master/check (apply history (remove #(= :+switch-master (:f (first %)))
                                                    partition-and-heal))
                             #{1 2 3}))))

(deftest should-count-what-the-probe-of-a-restarted-master-found
  (let [probe (fn [ms type] [(assoc (at ms {:type type :process :old-master :f :probe :node 1})
                                    :invoked (* 1000000 (dec ms)))])
        found (stale-master/probes
               (history (switched 2000 1 2)
                        (nemesis :restart 5000 5300 {:restarted 1})
                        (probe 5100 :ok) (mesh 5200 :contact) (probe 5210 :ok) (probe 5220 :fail)
                        (role 5400 1 "slave")
                        (nemesis :kill-master 9000 9001 {:killed 2})
                        (probe 9100 :ok)))]
    (is (= [{:node 1 :contact-ms 200.0 :order-ms nil :demoted-ms 400.0 :contact-to-demoted-ms 200.0
             :acks 2 :acks-after-contact 1}]
           found))))
