(ns chaos.checker.reigns-test
  "Literal histories of masters and of writes that are gone. Times are in milliseconds; the
  fault strikes at 10 000."
  (:require [chaos.checker.reigns :as reigns]
            [clojure.test :refer [are deftest is]]))

(def ^:private ours
  {:claims #{:planned-failover-loses-nothing} :perf {:starts #{:strike :planned-failover}}})

(defn- at [ms op] (assoc op :time (* 1000000 ms)))

(defn- ack [e ms node]
  [(at (dec ms) {:type :invoke :process e :f :add :value e})
   (at ms {:type :ok :process e :f :add :value e :node node})])

(defn- nemesis [f began done value]
  [(at began {:type :info :process :nemesis :f f})
   (at done {:type :info :process :nemesis :f f :value value :done? true})])

(defn- strike [value] (nemesis :strike 10000 10010 value))

(defn- asked [ms master reply]
  (nemesis :planned-failover ms (+ 500 ms) {:planned master :reply reply :moved true}))

(defn- switch [ms sentinel old new]
  [(at ms {:type :info :process :sentinel :f :+switch-master
           :value {:node sentinel :old old :new new
                   :text (str "mymaster 127.0.1." old " 7 127.0.1." new " 7")}})])

(defn- odown [ms node]
  [(at ms {:type :info :process :sentinel :f :+odown
           :value {:node 2 :text (str "master mymaster 127.0.1." node " 7 #quorum 2/2")}})])

(defn- history [& parts]
  (into [] (map-indexed #(assoc %2 :index %1)) (sort-by :time (apply concat parts))))

(defn- told [cell & parts]
  (map (juxt :old :new :planned? :provoked? :excuses?)
       (reigns/switches cell (apply history parts))))

(defn- wrong
  "The classes of the lost element 1 that nothing excuses."
  [cell & parts]
  (let [h     (apply history parts)
        found (reigns/lost-writes cell h (reigns/switches cell h) #{1} false)]
    (set (filter #(pos? (found %)) [:before :planned :stayed]))))

;; ---- switches ----

(deftest should-count-a-switch-once-however-many-announce-it
  (is (= [[1 2 false true true] [2 1 false true true] [1 2 false true true]]
         (told ours (strike {:killed 1})
               (switch 11000 2 1 2) (switch 11100 3 1 2) (switch 12000 2 2 1) (switch 13000 2 1 2)
               (switch 20000 1 1 2) (switch 20001 1 2 1) (switch 20002 1 1 2)))))

(deftest should-excuse-nothing-by-a-failover-that-no-fault-provoked
  (is (= [[1 2 false false false]] (told ours (switch 9000 2 1 2) (strike {:killed 1}))))
  (is (= [[1 2 false false false]] (told ours (switch 9000 2 1 2))))
  (is (= [[1 2 false false false]]
         (told (assoc ours :spares-master? true)
               (strike {:killed-sentinel 1}) (switch 11000 2 1 2))))
  (is (= [[1 2 false true true]] (told ours (strike {:killed 1}) (switch 11000 2 1 2)))))

(deftest should-tell-a-planned-switch-by-the-history
  (are [planned? parts] (= [planned?] (map #(nth % 2) (apply told ours parts)))
    true  [(asked 5000 1 "OK") (switch 5300 2 1 2)]
    true  [(asked 5000 1 "OK") (switch 5300 2 1 2) (odown 6000 1)]
    true  [(odown 4000 1) (asked 5000 1 "OK") (switch 5300 2 1 2)]
    true  [(asked 5000 1 "OK") (odown 5100 3) (switch 5300 2 1 2)]
    true  [(nemesis :roll 5000 6000 {:rolled 1 :handed-over {:planned 1 :reply "OK"}})
           (switch 5300 2 1 2)]
    false [(asked 5000 1 "OK") (odown 5100 1) (switch 5300 2 1 2)]
    false [(asked 5000 1 "NOGOODSLAVE") (switch 5300 2 1 2)]
    false [(asked 5000 2 "OK") (switch 5300 2 1 2)]
    false [(switch 4900 2 1 2) (asked 5000 1 "OK")]))

(deftest should-excuse-by-a-planned-switch-only-who-does-not-claim-that-it-loses-nothing
  (are [excuses? claims] (= [[1 2 true true excuses?]]
                            (told (assoc ours :claims claims)
                                  (asked 5000 1 "OK") (switch 5300 2 1 2)))
    false #{:planned-failover-loses-nothing}
    true  #{}))

;; ---- lost writes ----

(deftest should-excuse-what-the-replaced-master-took-with-it
  (are [parts] (= #{} (apply wrong ours (strike {:isolated 1}) parts))
    [(ack 1 10500 1) (switch 11000 2 1 2)]
    [(ack 1 8500 1) (switch 11000 2 1 2)]
    [(switch 11000 2 1 2) (ack 1 15000 1)]
    [(switch 11000 2 1 2) (ack 1 15000 2) (switch 16000 2 2 3)]))

(deftest should-not-excuse-what-the-master-acknowledged-that-stayed
  (are [parts] (= #{:stayed} (apply wrong ours (strike {:killed 1}) parts))
    [(switch 11000 2 1 2) (ack 1 12000 2)]
    [(ack 1 10900 2) (switch 11000 2 1 2)]
    [(switch 11000 2 1 2) (switch 12000 2 2 1) (ack 1 13000 1)]
    [(ack 1 9000 1)]))

(deftest should-not-excuse-what-is-older-than-the-fault
  (is (= #{:before} (wrong ours (ack 1 7900 1) (strike {:killed 1}) (switch 11000 2 1 2))))
  (is (= #{} (wrong ours (ack 1 8100 1) (strike {:killed 1}) (switch 11000 2 1 2))))
  (is (= #{} (wrong ours (ack 1 7900 1) (strike {:killed-all [1 2 3]}) (switch 11000 2 1 2)))
      "every memory was taken"))

(deftest should-excuse-what-a-fault-took-from-memory-while-it-was-under-way
  (let [forgetful (assoc ours :forgets? true)]
    (is (= #{} (wrong forgetful (ack 1 9500 1) (strike {:bounced 1}))))
    (is (= #{:before} (wrong forgetful (ack 1 7000 1) (strike {:bounced 1})))
        "the replicas had it")
    (is (= #{:stayed} (wrong forgetful (strike {:bounced 1}) (ack 1 12000 1)
                             (nemesis :strike 15000 15010 {:bounced 1})))
        "they had it again at the next strike")
    (is (= #{} (wrong forgetful (strike {:bounced 1}) (ack 1 14000 1)
                      (nemesis :strike 15000 15010 {:bounced 1}))))
    (is (= #{} (wrong forgetful (ack 1 7000 1) (strike {:killed-all [1 2 3]}))))
    (is (= #{:stayed} (wrong forgetful (strike {:killed-all [1 2 3]}) (ack 1 12000 1))))
    (let [h (history (ack 1 9500 1) (strike {:killed-all [1 2 3]}))]
      (is (= 1 (:stayed (reigns/lost-writes forgetful h [] #{1} true))) "promised to be on disk"))))

(deftest should-follow-a-write-through-planned-switches
  (let [planned [(asked 12000 1 "OK") (switch 12300 2 1 2)]
        wrong   (partial wrong ours (strike {:delayed {}}))]
    (is (= #{:planned} (apply wrong (ack 1 11000 1) planned)))
    (is (= #{:planned} (apply wrong (ack 1 13000 1) planned)) "two masters")
    (is (= #{:stayed} (apply wrong (ack 1 13000 2) planned)))
    (is (= #{} (apply wrong (ack 1 11000 1) (switch 14000 2 2 3) planned))
        "the next master was replaced by a failure")
    (is (= #{} (apply wrong (ack 1 11000 1) (odown 12100 1) planned))
        "a quorum called it down: a failover like any other")))

(deftest should-show-the-operations-that-nothing-excuses
  (let [h (history (strike {:killed 1}) (switch 11000 2 1 2) (ack 1 12000 2) (ack 2 10500 1))]
    (is (= {:lost 2 :unexcused 1 :stayed 1 :before 0 :planned 0
            :shown [(some #(when (= [1 :ok] [(:value %) (:type %)]) %) h)]}
           (reigns/lost-writes ours h (reigns/switches ours h) #{1 2} false)))))
