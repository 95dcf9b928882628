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
  (doseq [[name {:keys [nemesis if-had workloads beside]}] profile/profiles]
    (is (every? nemesis/faults (concat nemesis if-had (keys beside))) (str name))
    (is (every? workload/workloads (concat workloads (mapcat val beside))) (str name))))

(deftest should-run-every-fault-and-workload-in-full
  (let [opts (profile/options {:profile :full :seed 1})]
    (is (= (set (keys (dissoc nemesis/faults :failovers :combined))) (set (:nemesis opts))))
    (is (= (set (keys workload/workloads)) (set (profile/workloads-of opts))))
    (testing "durability where everything goes down, and nowhere else"
      (is (= #{:kill-all :power-cut}
             (into #{} (comp (filter #(some #{:durability} (:workloads %))) (map :nemesis))
                   (profile/plan opts {})))))
    (testing "so its variants can be asked for"
      (is (= :no (:fsync (profile/options {:profile :full :seed 1 :fsync :no})))))))

(deftest should-leave-out-of-full-what-cannot-be-had
  (let [opts  (profile/options {:profile :full :seed 1})
        fewer (profile/without opts {:power-cut "no" :kill "not one of those"})]
    (is (= [:power-cut] (remove (set (:nemesis fewer)) (:nemesis opts))))))

(deftest should-run-what-was-named-and-nothing-beside
  (let [named #(profile/options (merge {:profile :full :seed 1} %))]
    (is (= [[:disk-full] nil] ((juxt :nemesis :if-had) (named {:nemesis [:disk-full]}))))
    (is (= [[:schedule] nil] ((juxt :nemesis :if-had) (named {:schedule []}))))
    (is (= [[:none] nil] ((juxt :nemesis :if-had) (named {:nodes-at [{}]}))))
    (is (= [:set] (profile/workloads-of (named {:workloads [:set]}))))))

(deftest should-keep-the-promised-lengths
  (let [minutes #(profile/minutes (profile/plan (profile/options {:profile % :seed 1}) {}))]
    (is (<= (minutes :short) 4))
    (is (<= (minutes :standard) 30))))
