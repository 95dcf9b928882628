(ns chaos.cell-test
  "What a cell makes of a world that fails it, without any process."
  (:require [chaos.cell :as cell]
            [chaos.net.network :as network]
            [chaos.results :as results]
            [clojure.test :refer [deftest is]])
  (:import (clojure.lang ExceptionInfo)))

(defn- net [failure]
  (reify network/Network
    (change [_ _] nil)
    (failure [_] failure)
    (source [_ _] nil)))

(defn- load! [net]
  (#'cell/run-load! {:net net :nodes []}
                    {:clients 0 :time-s 1} {:generator nil :final-generator nil} {}
                    {:write! (constantly nil) :on-op (constantly nil) :stop? (constantly false)}))

(deftest should-not-measure-a-network-that-broke-by-itself
  (is (thrown-with-msg? ExceptionInfo #"the network of the harness broke: .*a bug"
                        (load! (net (IllegalStateException. "a bug"))))))

(deftest should-list-a-variant-that-the-system-cannot-run-as-not-tested
  (let [opts     {:workloads [:register :set] :cas :lua :clients 2 :rate 10 :seed 1}
        commands #{"GET" "SET" "WATCH" "UNWATCH" "MULTI" "EXEC" "SCAN" "MGET"}
        found    (cell/loads opts commands)]
    (is (= [{:what "workload register --cas lua" :why "the system has no EVAL"}]
           (:not-tested found)))
    (is (= [:set] (keys (:loads found))))
    (is (= [:register :set] (sort (keys (:loads (cell/loads (dissoc opts :cas) commands))))))))

(deftest should-keep-how-many-nodes-there-were
  (let [opts  {:system :stock :rate 1 :workloads [:set]}
        about #(results/cell (assoc (#'cell/about (merge opts %) {} {}) :operations 0))
        told  #(select-keys % [:servers :sentinels :quorum :down-after-ms :places])]
    (is (= {:servers 5 :sentinels 5 :quorum 3 :down-after-ms 1000 :places nil}
           (told (about {:nodes [1 2 3 4 5]}))))
    (is (= {:servers 2 :sentinels 1 :quorum nil :down-after-ms nil
            :places [{:kind :sentinel :node 1 :host "h" :port 3}
                     {:kind :server :node 1 :host "h" :port 1}]}
           (told (about {:nodes [1 2]
                         :own {:sentinels [1] :places {[:server 1] {:host "h" :port 1}
                                                       [:sentinel 1] {:host "h" :port 3}}}}))))))
