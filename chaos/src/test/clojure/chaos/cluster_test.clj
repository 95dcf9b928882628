(ns chaos.cluster-test
  "What is left of a cluster when its end comes in the middle of something. The processes are
  sleepers, no servers."
  (:require [chaos.cluster :as cluster]
            [chaos.cluster.files :as files]
            [chaos.db.system :as system]
            [chaos.nemesis.failovers :as failovers]
            [chaos.net.network :as network]
            [clojure.java.io :as io]
            [clojure.test :refer [deftest is]])
  (:import (clojure.lang ExceptionInfo)))

(defrecord Sleeper []
  system/Database
  (lacks [_] nil)
  (argv [_ _ _] ["sleep" "600"])
  (environment [_ _] {})
  (config [_ _ _] [])
  (claims [_] #{}))

(defn- cluster []
  (let [stops (atom 0)
        made  {:name :sleeper :system (->Sleeper) :nodes [1 2] :stops stops
               :dir (io/file "target" (str "cluster-" (System/nanoTime)))
               :net (reify network/Network
                      (command [_ _ _ argv] argv)
                      (listen [_ _ _] "127.0.0.1")
                      (public [_ _ _] "127.0.0.1")
                      (ports [_] {:server 1 :sentinel 1})
                      (source [_ _] nil)
                      (stop [_] (swap! stops inc)))
               :processes (atom {}) :paused (atom #{}) :disks (atom {}) :undos (atom {})
               :stopped (atom false)}]
    (doseq [j [1 2]] (files/write-config! made :server j nil))
    made))

(deftest should-try-every-step-of-the-end
  (let [{:keys [stops] :as cluster} (cluster)]
    (doseq [j [1 2]] (cluster/start! cluster :server j))
    (cluster/on-stop! cluster :broken #(throw (ex-info "no way back" {})))
    (is (thrown-with-msg? ExceptionInfo #"no way back" (cluster/stop! cluster)))
    (is (not-any? #(cluster/alive? cluster :server %) [1 2]))
    (is (= 1 @stops))))

(deftest should-start-nothing-after-the-end
  (let [cluster (cluster)]
    (cluster/start! cluster :server 1)
    (cluster/stop! cluster)
    (is (thrown-with-msg? ExceptionInfo #"is stopped" (cluster/start! cluster :server 2)))
    (is (= [[:server 1]] (keys @(:processes cluster))))
    (is (not (cluster/alive? cluster :server 1)))))

(deftest should-undo-at-once-what-was-done-after-the-end
  (let [cluster (cluster), undone (atom 0)]
    (cluster/stop! cluster)
    (is (thrown? ExceptionInfo (cluster/on-stop! cluster :late #(swap! undone inc))))
    (is (= 1 @undone))))

(deftest should-not-leave-the-probe-of-a-cell-that-failed
  (let [cluster (cluster)
        probes  (fn [] (filter #(= "chaos-prober" (.getName ^Thread %))
                               (keys (Thread/getAllStackTraces))))]
    (#'failovers/start-probe! {:cluster cluster :report (constantly nil) :state (atom {})} nil)
    (is (seq (probes)))
    (cluster/stop! cluster)
    (is (empty? (probes)))))
