(ns chaos.findings-test
  "From a stored history to a verdict, on literal histories."
  (:require [chaos.findings :as findings]
            [chaos.store :as store]
            [clojure.java.io :as io]
            [clojure.test :refer [deftest is]])
  (:import (clojure.lang ExceptionInfo)))

(def ^:private cell
  {:system :stock :nemesis :partition :workloads [:set] :claims #{} :expects #{} :mode :available
   :seed 1 :clients 10 :rate 1000 :rates 1000 :perf {:starts #{} :ends #{}}})

(defn- add [e type] [{:type :invoke :process e :workload :set :f :add :value e}
                     {:type type :process e :workload :set :f :add :value e :node 1}])

(defn- read-of [node role & elements]
  [{:type :invoke :process 0 :workload :set :f :final-read :node node}
   {:type :ok :process 0 :workload :set :f :final-read :node node :role role
    :value (vec elements) :corrupt []}])

(def ^:private switched
  [{:type :info :process :sentinel :f :+switch-master :value {:node 2 :text ""}}])

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

(deftest should-not-show-one-workload-the-operations-of-another
  (let [foreign (map #(assoc % :workload :register) (add 9 :ok))]
    (is (= 1 (get-in (findings/of-history cell (history foreign lossy))
                     [:workloads 0 :anomalies :lost :count])))))

(deftest should-publish-nothing-of-a-checker-whose-certificate-does-not-hold
  (with-redefs [chaos.checker.certificate/holds? (constantly false)]
    (is (thrown-with-msg? ExceptionInfo #"a certificate of lost does not hold"
                          (findings/of-history cell lossy)))))
