(ns chaos.failover-test
  (:require [chaos.failover :as failover]
            [clojure.test :refer [are deftest is]]))

(defn- cell [& first-oks]
  {:stages  (for [ok first-oks] {:sdown 1000.0 :odown 1010.0 :switch 1100.0 :first-ok ok})
   :returns [{:contact-to-demoted-ms 20.0 :acks 3 :acks-after-contact 1}
             {:contact-to-demoted-ms 40.0 :acks 0 :acks-after-contact 0}]})

(deftest should-sum-up-kills-and-returns
  (let [found (failover/summary (cell 1100.0 1200.0 1900.0))]
    (is (= {:median 1200.0 :max 1900.0} (:first-ok found)))
    (is (= {:median 20.0 :max 40.0} (:to-demotion found)))
    (is (= [3 1] [(:acks found) (:after-contact found)]))))

(deftest should-not-meet-the-target-with-a-slow-or-an-unanswered-kill
  (are [met? oks] (= met? (failover/targets-met? (failover/summary (apply cell oks))))
    true  [1100.0 1200.0 1700.0]
    false [1100.0 1200.0 1801.0]
    false [1301.0 1302.0 1303.0]
    false [1100.0 1100.0 nil]
    false []))
