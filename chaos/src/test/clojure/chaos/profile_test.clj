(ns chaos.profile-test
  (:require [chaos.nemesis :as nemesis]
            [chaos.profile :as profile]
            [chaos.workload :as workload]
            [clojure.test :refer [deftest is testing]]))

(deftest should-run-each-fault-on-each-system-with-one-seed
  (let [cells (profile/plan (profile/options {:profile :short :seed 7}) {:partition 40})]
    (is (= [[:stock :partition] [:watchword :partition]
            [:stock :planned-failover] [:watchword :planned-failover]]
           (map (juxt :system :nemesis) cells)))
    (is (= #{7} (set (map :seed cells))))
    (testing "a fault that needs more time gets it"
      (is (= [40 40 34 34] (map :time-s cells))))))

(deftest should-say-which-faults-get-more-time
  (is (= ["kill needs 20 s of load, not 15: raised"]
         (profile/raised {:nemesis [:none :kill :failovers] :time-s 15}
                         {:none 5 :kill 20 :failovers 0}))))

(deftest should-let-the-command-line-beat-the-profile
  (is (= [:kill] (:nemesis (profile/options {:profile :standard :nemesis [:kill]})))))

(deftest should-only-name-what-exists
  (doseq [[name {:keys [nemesis workloads]}] profile/profiles]
    (is (every? nemesis/faults nemesis) (str name))
    (is (every? workload/workloads workloads) (str name))))

(deftest should-keep-the-promised-lengths
  (let [minutes #(profile/minutes (profile/plan (profile/options {:profile % :seed 1}) {}))]
    (is (<= (minutes :short) 4))
    (is (<= (minutes :standard) 30))))
