(ns chaos.findings-test
  "From a stored history to a verdict, on literal histories."
  (:require [chaos.findings :as findings]
            [chaos.store :as store]
            [chaos.workload :as workload]
            [chaos.workload.set :as set]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [deftest is]]))

(def ^:private cell
  {:system :stock :nemesis :partition :workloads [:set] :claims #{} :expects #{} :mode :available
   :seed 1 :clients 10 :rate 1000 :rates 1000 :perf {:starts #{:strike} :ends #{}}})

(defn- add [e type] [{:type :invoke :process e :workload :set :f :add :value e}
                     {:type type :process e :workload :set :f :add :value e :node 1}])

(defn- read-of [node role & elements]
  [{:type :invoke :process 0 :workload :set :f :final-read :node node}
   {:type :ok :process 0 :workload :set :f :final-read :node node :role role
    :value (vec elements) :corrupt []}])

(def ^:private switched
  [{:type :info :process :nemesis :f :strike}
   {:type :info :process :nemesis :f :strike :value {:isolated 1} :done? true}
   {:type :info :process :sentinel :f :+switch-master
    :value {:node 2 :text "mymaster 127.0.1.1 7 127.0.1.2 7" :old 1 :new 2}}
   {:type :ok :process :prober :f :probe :node 2}])

(def ^:private settled
  [{:type :info :process :nemesis :f :settle}
   {:type :info :process :nemesis :f :settle :value {:settled true} :done? true}])

(defn- history [& parts]
  (vec (map-indexed #(assoc %2 :index %1 :time (* 1000000 %1)) (apply concat parts))))

(def ^:private lossy
  (history (add 1 :ok) (add 2 :ok) switched settled (read-of 1 "slave" 1) (read-of 2 "master" 1)
           (read-of 3 "slave" 1)))

(deftest should-flag-a-loss-planted-in-a-stored-history
  (let [dir    (doto (io/file "target" (str "findings-" (System/nanoTime))) (.mkdirs))
        write! (store/history-writer! (io/file dir "history.edn"))]
    (doseq [op lossy] (write! op))
    (write!)
    (store/pack! dir)
    (store/save-edn! (io/file dir "cell.edn") cell)
    (let [{:keys [workloads verdict]} (findings/analyze dir)
          lost (get-in (first workloads) [:anomalies :lost])]
      (is (= :expected verdict))
      (is (= 1 (:count lost)))
      (is (= [2] (map :element (:shown lost)))))))

(deftest should-judge-a-stored-history-by-what-the-workload-calls-severe
  (let [verdict #(:verdict (findings/of-history cell lossy))]
    (is (= :expected (verdict)))
    (with-redefs [workload/workloads
                  {:set #(assoc (set/workload %) :severe #{:lost})}]
      (is (= :violated (verdict))))))

(deftest should-not-show-one-workload-the-operations-of-another
  (let [foreign (map #(assoc % :workload :register) (add 9 :ok))]
    (is (= 1 (get-in (findings/of-history cell (history foreign lossy))
                     [:workloads 0 :anomalies :lost :count])))))

(deftest should-publish-nothing-of-a-checker-whose-certificate-does-not-hold
  (with-redefs [chaos.checker.certificate/holds? (constantly false)]
    (let [{:keys [verdict workloads]} (findings/of-history cell lossy)]
      (is (= :unknown verdict))
      (is (= [[:unknown {}]] (map (juxt :valid? :anomalies) workloads)))
      (is (str/includes? (:because (first workloads)) "a certificate of lost does not hold")))))

(defn- stored!
  "A folder with this cell, and with this history if there is one."
  [cell history]
  (let [dir (doto (io/file "target" (str "findings-" (System/nanoTime))) (.mkdirs))]
    (store/save-edn! (io/file dir "cell.edn") cell)
    (when history
      (let [write! (store/history-writer! (io/file dir "history.edn"))]
        (doseq [op history] (write! op))
        (write!)))
    dir))

(deftest should-judge-the-others-when-one-checker-throws
  (let [register [{:type :invoke :process 1 :workload :register :f :read :key 1 :value nil}
                  {:type :ok :process 1 :workload :register :f :read :key 1 :value nil :node 1}]
        dir      (stored! (assoc cell :workloads [:register :set]) (history register lossy))]
    (with-redefs [chaos.checker.linearizable/check
                  (fn [_ _] (throw (IllegalStateException. "a bug")))]
      (let [{:keys [verdict because workloads]} (findings/analyze dir)]
        (is (= :unknown verdict))
        (is (= (str "register: its checker failed: java.lang.IllegalStateException: a bug; see "
                    (.getName dir) "/analysis-failure.txt")
               because))
        (is (= [:unknown :expected] (map :verdict workloads)))
        (is (str/includes? (slurp (io/file dir "analysis-failure.txt")) "IllegalStateException"))))
    (is (= :expected (:verdict (findings/analyze dir))) "with the checker mended")
    (is (not (.exists (io/file dir "analysis-failure.txt"))))))

(def ^:private failed
  (assoc cell :failed {:class "java.io.IOException" :message "no room"}))

(deftest should-know-nothing-of-a-cell-in-which-the-harness-failed
  (doseq [history [nil (history (add 1 :fail) settled (read-of 1 "master" 1))]]
    (let [dir (stored! failed history)
          {:keys [verdict because]} (findings/analyze dir)]
      (is (= :unknown verdict) "not even that it violated something")
      (is (= (str "the harness failed: java.io.IOException: no room; see " (.getName dir)
                  "/failure.txt")
             because)))))

(deftest should-know-nothing-of-a-history-that-cannot-be-read
  (let [dir (stored! cell nil)]
    (spit (io/file dir "history.edn") "{:index 0\n{:index 1}\n")
    (let [{:keys [verdict because]} (findings/analyze dir)]
      (is (= :unknown verdict))
      (is (str/includes? because "line 1 is damaged")))))

;; ---- a system that is held to its claims ----

(def ^:private watchword
  (assoc cell :system :watchword
         :claims #{:demoted-at-first-contact :planned-failover-loses-nothing}))

(defn- by [node ops] (map #(if (contains? % :node) (assoc % :node node) %) ops))

(defn- found
  "[verdict because] of the set, lost elements being those of which node 2 has none."
  [cell & parts]
  (let [h (apply history (concat parts [settled (read-of 1 "slave" 1) (read-of 2 "master" 1)
                                        (read-of 3 "slave" 1)]))
        {:keys [workloads verdict]} (findings/of-history cell h)]
    (is (= verdict (:verdict (first workloads))))
    ((juxt :verdict :because (comp :element first :shown :lost :anomalies)) (first workloads))))

(deftest should-excuse-what-the-replaced-master-took-and-nothing-that-its-successor-lost
  (is (= [:expected "we found 1 of 2 acknowledged writes lost (50.0 %)" 2]
         (found watchword (add 1 :ok) (add 2 :ok) switched)))
  (is (= [:violated (str "1 of 2 lost writes were acknowledged by the master that stayed; "
                         "we found 2 lost") 3]
         (found watchword (add 1 :ok) (add 2 :ok) switched (by 2 (add 3 :ok))))
      "a restarted empty master wiped its replicas, and the switch is no excuse")
  (is (= :expected (first (found cell (add 1 :ok) (add 2 :ok) switched (by 2 (add 3 :ok)))))
      "the control claims nothing"))

(deftest should-not-excuse-a-loss-under-a-fault-that-spares-the-master
  (is (= [:violated "we found 1 lost, and no fault touched the master" 2]
         (found (assoc watchword :spares-master? true) (add 1 :ok) (add 2 :ok) switched))))

(def ^:private asked
  [{:type :info :process :nemesis :f :planned-failover}
   {:type :info :process :nemesis :f :planned-failover :done? true
    :value {:planned 1 :reply "OK" :moved true}}])

(def ^:private called-down
  [{:type :info :process :sentinel :f :+odown
    :value {:node 3 :text "master mymaster 127.0.1.1 7 #quorum 2/2"}}])

(deftest should-judge-a-planned-failover-by-the-history
  (let [mixed (assoc-in watchword [:perf :starts] #{:strike :planned-failover})]
    (is (= [:violated "we found 1 lost, and the failover was planned" 2]
           (found mixed asked (add 1 :ok) (add 2 :ok) switched))
        "under a delay as well")
    (is (= :expected (first (found (assoc mixed :planned? true)
                                   asked (add 1 :ok) (add 2 :ok) called-down switched)))
        "a quorum called the master down")))

(deftest should-hold-durability-to-the-same
  (let [on-disk #(map (fn [op] (assoc op :workload :durability)) %)
        verdict (fn [& parts]
                  (:verdict (first (:workloads
                                    (findings/of-history
                                     (assoc watchword :workloads [:durability] :forgets? true)
                                     (history (on-disk (apply concat parts))))))))
        down    [{:type :info :process :nemesis :f :strike}
                 {:type :info :process :nemesis :f :strike :done? true
                  :value {:killed-all [1 2 3]}}]
        final   (read-of 2 "master" 1)]
    (is (= :expected (verdict (add 1 :ok) down final)))
    (is (= :violated (verdict (add 1 :ok) (add 2 :ok) down final)) "it was to be on disk")
    (is (= :expected (verdict (add 1 :ok) (add 2 :ok) down (drop 2 switched) final))
        "it was, and a replica that had less took over")
    (is (= :violated (verdict (add 1 :ok) down (drop 2 switched) (by 2 (add 2 :ok)) final)))))
