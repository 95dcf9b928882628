(ns chaos.verdict-test
  (:require [chaos.verdict :as verdict]
            [chaos.workload :as workload]
            [chaos.workload.replica-reads :as replica-reads]
            [clojure.test :refer [are deftest is]]))

(def ^:private ours #{:demoted-at-first-contact :planned-failover-loses-nothing})

(def ^:private watchword {:system :watchword :mode :available :claims ours :expects #{}})

(def ^:private stock {:system :stock :mode :available :claims #{} :expects #{:lost}})

(def ^:private replaced
  {:settled? true :taken-over? true :stages [{:first-ok 900.0}] :stale {:applies? false}})

(def ^:private calm {:settled? true :taken-over? false :stages [] :stale {:applies? false}})

(defn- result [& classes]
  {:workload :set :valid? (empty? classes) :counts {:ok 100}
   :anomalies (into {} (map (fn [c] [c {:count 3}])) classes)})

(defn- judge [cell found & classes]
  (let [r (apply result classes)]
    (:verdict (verdict/judge-cell cell [(merge r (verdict/judge-workload cell r found))] found))))

(deftest should-state-what-a-failover-that-nobody-planned-took-away
  (is (= :expected (judge watchword replaced :lost :nonlinearizable :G-single)))
  (is (= "we found 40 of 100 acknowledged writes lost (40.0 %)"
         (:because (verdict/judge-workload
                    watchword
                    (assoc (result :lost) :anomalies {:lost {:count 40}}
                           :counts {:ok 100 :lost-percent 40.0})
                    replaced)))))

(deftest should-excuse-nothing-without-a-failover
  (are [class] (= :violated (judge watchword calm class))
    :lost :nonlinearizable :mutual-exclusion)
  (is (= :violated (judge (assoc stock :expects #{}) calm :lost))
      "nor in the control: then the harness is wrong"))

(deftest should-excuse-a-loss-without-a-failover-when-the-fault-takes-the-memory
  (let [forgetful #(assoc % :forgets? true)]
    (is (= :expected (judge (forgetful watchword) calm :lost)))
    (is (= :violated (judge (forgetful watchword) calm :lost :dirty)))))

(deftest should-not-excuse-by-lost-memory-what-was-to-be-on-disk
  (let [verdict #(:verdict (verdict/judge-workload (assoc watchword :forgets? true)
                                                   (merge (result :lost) %) calm))]
    (is (= :expected (verdict {})))
    (is (= :violated (verdict {:promised #{:lost}})))))

(deftest should-allow-a-replica-to-lag
  (is (= :expected (:verdict (verdict/judge-workload watchword
                                                     (assoc (result :stale-read)
                                                            :lagging #{:stale-read})
                                                     calm)))))

(deftest should-let-a-node-lag-that-was-restarted-on-purpose
  (let [rolling (assoc watchword :planned? true)
        verdict (fn [class]
                  (:verdict (verdict/judge-workload
                             rolling
                             (assoc (result class)
                                    :lagging (:lagging (replica-reads/workload
                                                        {:seed 1 :clients 1 :rate 1})))
                             replaced)))]
    (is (= :expected (verdict :non-monotonic-read)))
    (is (= :violated (verdict :non-monotonic-node-read)) "one that went on goes back for nobody")
    (is (= :violated (verdict :stale-read)))))

(deftest should-call-what-no-mode-allows-violated
  (are [class] (= :violated (judge watchword replaced class) (judge stock replaced :lost class))
    :dirty :unexpected :corrupt :divergent :duplicate))

(deftest should-excuse-nothing-that-the-workload-calls-severe
  (let [verdict (fn [more] (:verdict (verdict/judge-workload
                                      watchword (merge (result :drawn-twice) more) replaced)))]
    (is (= :expected (verdict {})))
    (is (= :expected (verdict {:severe #{:torn}})))
    (is (= :violated (verdict {:severe #{:torn :drawn-twice}})))))

(deftest should-know-what-workloads-of-ours-call-severe
  (are [name severe] (= severe (:severe ((workload/workloads name) {:seed 1 :clients 1 :rate 1})))
    :list-append   #{:internal :G1a :G1b}
    :counter       #{:above-bounds}
    :switch-master #{:out-of-order :wrong-final}))

(deftest should-hold-watchword-to-losing-nothing-in-a-planned-failover
  (let [planned #(assoc % :planned? true)]
    (is (= :violated (judge (planned watchword) replaced :lost)))
    (is (= :expected (judge (planned watchword) replaced)))
    (is (= :expected (judge (planned stock) replaced :lost)))))

(deftest should-prove-nothing-when-the-control-is-not-caught
  (is (= :expected (judge stock replaced :lost)))
  (is (= :unknown (judge stock replaced)))
  (is (= :unknown (judge (assoc stock :expects #{:lost :stale-ack}) replaced :lost)))
  (is (= :expected (judge (assoc stock :expects #{:lost :stale-ack})
                          (assoc replaced :stale {:applies? true :valid? true
                                                  :stale-after-return 7})
                          :lost))))

(deftest should-hold-watchword-to-its-claim-of-demotion
  (let [returned #(assoc replaced :stale {:applies? true :valid? % :stale-after-demotion 3})]
    (is (= :violated (judge watchword (returned false) :lost)))
    (is (= :unknown (judge watchword (returned :unknown) :lost)))
    (is (= :expected (judge stock (returned false) :lost)))))

(deftest should-not-take-a-master-that-nobody-replaced-for-a-failover
  (is (= :unknown (judge watchword (assoc replaced :stages [{:first-ok 900.0} {:first-ok nil}]))))
  (let [planned (assoc watchword :planned? true)]
    (is (= :expected (judge planned (assoc replaced :stages [{:first-ok 9.0} {:first-ok nil}]))))
    (is (= :unknown (judge planned (assoc replaced :stages [{:first-ok nil}]))))))

(deftest should-hold-watchword-to-a-prompt-demotion
  (is (= :violated (judge watchword (assoc replaced :stale {:applies? true :valid? true
                                                            :contact-to-demoted-ms 9900.0})))))

(deftest should-not-take-a-cell-for-the-experiment-that-it-was-not
  (is (= :unknown (judge (assoc watchword :interrupted? true) replaced)))
  (is (= :unknown (judge watchword (assoc replaced :undone [[:kill-master :no-master]]))))
  (is (= :unknown (judge watchword (assoc replaced :settled? false) :divergent))
      "nodes that were never said to be in step may differ")
  (is (= :violated (judge watchword (assoc replaced :settled? false) :dirty))))

(deftest should-never-take-unknown-for-a-pass
  (let [judged    #(merge % (verdict/judge-workload watchword % calm))
        cell-with #(verdict/judge-cell watchword [(judged %)] calm)]
    (is (= :unknown (:verdict (cell-with (assoc (result) :valid? :unknown)))))
    (is (= :unknown (:verdict (cell-with (assoc (result) :counts {:ok 0})))))
    (is (= :unknown (:verdict (verdict/judge-cell watchword [] calm)))))
  (are [status verdicts] (= status (verdict/exit-status verdicts))
    0 [:expected :expected]
    1 [:expected :unknown :violated]
    4 [:expected :unknown]
    4 []))
