(ns chaos.interpreter-test
  "What is left of operations that were under way when a run ended. What generators and histories
  make of each other is in chaos.generator-test."
  (:require [chaos.generator :as gen]
            [chaos.interpreter :as interpreter]
            [clojure.test :refer [deftest is]])
  (:import (clojure.lang ArityException ExceptionInfo)
           (java.io IOException)
           (java.net SocketTimeoutException)
           (java.nio.channels ClosedChannelException)))

(defn- workers []
  (filter #(and (.startsWith (.getName ^Thread %) "chaos-worker-") (.isAlive ^Thread %))
          (keys (Thread/getAllStackTraces))))

(defn- ran [more]
  (interpreter/run! (merge {:generator {:f :act :process :nemesis} :clients 2
                            :perform (fn [_] identity) :write! (constantly nil)
                            :on-op (constantly nil) :on-start (constantly nil)
                            :stop? (constantly false)}
                           more)))

(deftest should-leave-no-operation-under-way-when-it-is-stopped
  (let [begun (promise), ended (promise)]
    (ran {:perform (fn [_]
                      (fn [_]
                        (deliver begun true)
                        (try @(promise) (finally (deliver ended true)))))
           :generator [{:f :act}]
           :stop?   #(realized? begun)})
    (is (realized? ended))
    (is (empty? (workers)))))

(deftest should-end-a-worker-that-is-interrupted-at-rest
  (let [thrown (atom nil)
        before (Thread/getDefaultUncaughtExceptionHandler)]
    (Thread/setDefaultUncaughtExceptionHandler
     (reify Thread$UncaughtExceptionHandler (uncaughtException [_ _ t] (reset! thrown t))))
    (try
      (ran {:on-start (fn [_] (doseq [^Thread t (workers)] (.interrupt t)))
            :generator nil})
      (is (empty? (workers)))
      (is (nil? @thrown))
      (finally (Thread/setDefaultUncaughtExceptionHandler before)))))

(defn- thrown-by-client [t]
  (ran {:perform   (fn [thread] (if (= :nemesis thread) identity (fn [_] (throw t))))
        :generator [{:f :add :workload :set :process 0}]}))

(deftest should-end-with-a-bug-of-a-workload
  (doseq [bug [(NullPointerException. "nothing") (ArityException. 3 "invoke")]]
    (is (thrown-with-msg? ExceptionInfo #"operation :add of workload set threw"
                          (thrown-by-client bug)))))

(deftest should-go-on-after-what-the-world-may-throw
  (doseq [t [(IOException. "closed") (SocketTimeoutException. "late") (InterruptedException.)
             (ClosedChannelException.) (ex-info "no end of SCAN" {})]]
    (is (= [:info [:harness (str t)]] ((juxt :type :error) (last (thrown-by-client t)))))))

(deftest should-leave-a-bug-of-a-fault-to-the-verdict
  (is (= :info (:type (last (ran {:perform   (fn [_] (fn [_] (throw (NullPointerException.))))
                                  :generator (gen/nemesis [{:f :act}])}))))))

(deftest should-leave-no-worker-when-it-throws
  (is (thrown? IllegalStateException
               (ran {:on-start (fn [_] (throw (IllegalStateException. "no eyes")))})))
  (is (thrown? IllegalStateException
               (ran {:generator [{:f :act}]
                      :write! (fn [_] (throw (IllegalStateException. "no room")))})))
  (is (empty? (workers))))
