(ns chaos.verdict-test
  (:require [chaos.verdict :as verdict]
            [chaos.workload :as workload]
            [chaos.workload.replica-reads :as replica-reads]
            [clojure.test :refer [are deftest is]]))

(def ^:private ours #{:demoted-at-first-contact :planned-failover-loses-nothing})

(def ^:private watchword {:system :watchword :mode :available :claims ours :expects #{}})

(def ^:private stock {:system :stock :mode :available :claims #{} :expects #{:lost}})

(def ^:private replaced
  {:settled? true :taken-over? true :stages [{:first-ok 900.0}] :stale {:applies? false}
   :switches [{:provoked? true :planned? false}]})

(def ^:private handed-over
  "Every switch was one that an operator asked for."
  (assoc replaced :taken-over? false :switches [{:provoked? true :planned? true}]))

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
                             handed-over)))]
    (is (= :expected (verdict :non-monotonic-read)))
    (is (= :violated (verdict :non-monotonic-node-read)) "one that went on goes back for nobody")
    (is (= :expected (verdict :stale-read)) "a master that handed over is still read from")
    (is (= :violated (:verdict (verdict/judge-workload rolling (result :stale-read) calm)))
        "nobody handed over")))

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
    :switch-master #{:out-of-order :wrong-final :undelivered}))

(deftest should-not-take-a-stale-read-in-a-planned-failover-for-a-lost-write
  (let [planned (assoc watchword :planned? true)
        verdict (fn [result] (:verdict (verdict/judge-workload planned result handed-over)))
        counter (fn [missing] (assoc-in (result :below-bounds) [:counts :missing] missing))]
    (is (= :expected (verdict (counter 0))))
    (is (= :violated (verdict (counter 1))) "the end of the counter lacks it too")
    (is (= :expected (verdict (result :nonlinearizable))))
    (is (= :violated (verdict (result :mutual-exclusion))))))

(deftest should-hold-watchword-to-losing-nothing-in-a-planned-failover
  (let [planned #(assoc % :planned? true)]
    (is (= :violated (judge (planned watchword) handed-over :lost)))
    (is (= :expected (judge (planned watchword) handed-over)))
    (is (= :expected (judge (planned watchword) replaced :lost))
        "a quorum called the master down meanwhile")
    (is (= :expected (judge (planned stock) replaced :lost)))))

(defn- lost [losses]
  (let [r (assoc (result :lost) :losses (merge {:lost 3 :before 0 :planned 0 :stayed 0} losses))]
    (verdict/judge-workload watchword r replaced)))

(deftest should-ask-an-excuse-of-each-lost-write
  (is (= :expected (:verdict (lost {:unexcused 0}))))
  (is (= {:verdict :violated
          :because (str "2 of 3 lost writes were acknowledged by the master that stayed; "
                        "we found 3 lost")}
         (lost {:unexcused 2 :stayed 2})))
  (is (= {:verdict :violated
          :because (str "1 of 3 lost writes were acknowledged more than 2 s before the fault; "
                        "we found 3 lost")}
         (lost {:unexcused 1 :before 1}))))

(deftest should-not-let-lost-writes-that-are-excused-hide-another-anomaly
  (let [r (assoc (result :lost :stale-read)
                 :losses {:lost 3 :unexcused 0 :before 0 :planned 0 :stayed 0})
        because #(:because (verdict/judge-workload watchword r %))]
    (is (= "we found 3 stale-read, and no master was replaced" (because calm)))
    (is (= :expected (:verdict (verdict/judge-workload watchword r replaced))))))

(deftest should-say-why-a-failover-excuses-nothing
  (are [because switches] (= (str "we found 3 lost, and " because)
                             (:because (verdict/judge-workload
                                        watchword (result :lost)
                                        (assoc replaced :taken-over? false :switches switches))))
    "no master was replaced"    []
    "no fault touched the master" [{:provoked? false :planned? false}]
    "the failover was planned"  [{:provoked? true :planned? true}]))

(deftest should-prove-nothing-when-the-control-is-not-caught
  (is (= :expected (judge stock replaced :lost)))
  (is (= :unknown (judge stock replaced)))
  (is (= :unknown (judge (assoc stock :expects #{:lost :stale-ack}) replaced :lost)))
  (is (= :expected (judge (assoc stock :expects #{:lost :stale-ack})
                          (assoc replaced :stale {:applies? true :valid? true
                                                  :stale-after-return 7})
                          :lost))))

(defn- returned
  "Found, with these returns of old masters, the last one last."
  [& each]
  (let [each (map #(merge {:replaced? true :valid? true :contact-to-demoted-ms 90.0
                           :stale-after-demotion 0} %)
                  each)]
    (assoc replaced :stale (assoc (last each) :applies? true :each each))))

(defn- claim-found [workloads found]
  (some #(when (= :demoted-at-first-contact (:claim %)) (:verdict %))
        (verdict/judge-claims watchword workloads found)))

(deftest should-hold-watchword-to-its-claim-of-demotion
  (let [valid #(returned {:valid? % :stale-after-demotion 3})]
    (is (= :violated (judge watchword (valid false) :lost)))
    (is (= :unknown (judge watchword (valid :unknown) :lost)))
    (is (= :expected (judge watchword (valid true) :lost)))
    (is (= :expected (judge stock (valid false) :lost)))))

(deftest should-judge-every-return-and-not-the-last-alone
  (is (= :violated (judge watchword (returned {:valid? false} {}))))
  (is (= :violated (judge watchword (returned {:contact-to-demoted-ms 9900.0} {}))))
  (is (= :expected (judge watchword (returned {:valid? :unknown} {})))
      "the next fault may come before an earlier one was seen demoted")
  (is (= :expected (judge watchword (returned {:contact-to-demoted-ms 9900.0 :replaced? false}
                                              {})))
      "who came back before he was replaced had nothing to hear at his first contact"))

(deftest should-not-count-a-claim-as-kept-that-was-not-measured
  (let [unseen (returned {:contact-to-demoted-ms nil})]
    (is (= :unknown (claim-found [(result)] unseen)))
    (is (= :unknown (claim-found [{:workload :counter}] (returned {}))))
    (is (= :expected (claim-found [(result)] (returned {}))))
    (is (nil? (claim-found [(result)] replaced)) "nobody came back")
    (is (= :expected (judge watchword unseen)) "the cell did not set out to measure it")))

(deftest should-say-of-planned-failovers-what-was-measured
  (let [found #(some (fn [{:keys [claim verdict]}]
                       (when (= :planned-failover-loses-nothing claim) verdict))
                     (verdict/judge-claims watchword [%1] %2))]
    (is (= :expected (found (assoc (result) :verdict :expected) handed-over)))
    (is (= :unknown (found {:workload :register :verdict :expected} handed-over)))
    (is (= :unknown (found (assoc (result) :verdict :unknown) handed-over)))
    (is (= :violated (found (assoc (result) :verdict :violated
                                   :losses {:lost 2 :unexcused 1 :planned 1 :before 0 :stayed 0})
                            handed-over)))
    (is (nil? (found (result) replaced)) "none was planned")))

(deftest should-ask-for-what-was-violated-before-what-is-not-known
  (let [disobedient (returned {:valid? false})]
    (is (= :violated (judge (assoc watchword :interrupted? true) disobedient)))
    (is (= :violated (judge watchword (assoc disobedient :settled? false))))
    (is (= :violated
           (:verdict (verdict/judge-cell watchword
                                         [(assoc (result) :verdict :unknown :because "no")]
                                         disobedient))))
    (is (= :unknown (judge (assoc watchword :failed {:class "x" :message "y"}) disobedient))
        "but a harness that failed shows nothing")))

(deftest should-not-take-a-master-that-nobody-replaced-for-a-failover
  (is (= :unknown (judge watchword (assoc replaced :stages [{:first-ok 900.0} {:first-ok nil}]))))
  (let [planned (assoc watchword :planned? true)]
    (is (= :expected (judge planned (assoc replaced :stages [{:first-ok 9.0} {:first-ok nil}]))))
    (is (= :unknown (judge planned (assoc replaced :stages [{:first-ok nil}]))))))

(deftest should-hold-watchword-to-a-prompt-demotion
  (is (= :violated (judge watchword (returned {:contact-to-demoted-ms 9900.0}))))
  (is (= :expected (judge watchword (returned {:contact-to-demoted-ms 900.0})))))

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
    (is (= :unknown (:verdict (verdict/judge-workload
                               watchword (assoc (result :stale-read) :complete? false
                                                :because "two masters")
                               replaced)))
        "whatever else was excused")
    (is (= :unknown (:verdict (verdict/judge-cell watchword [] calm)))))
  (are [status verdicts] (= status (verdict/exit-status verdicts))
    0 [:expected :expected]
    1 [:expected :unknown :violated]
    4 [:expected :unknown]
    4 []))
