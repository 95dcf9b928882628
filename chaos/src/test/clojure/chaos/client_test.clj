(ns chaos.client-test
  (:require [chaos.client :as client]
            [chaos.resp :as resp]
            [clojure.test :refer [are deftest is]])
  (:import (java.io IOException)
           (java.net SocketTimeoutException)))

(deftest should-call-a-refusal-a-failure
  (are [message] (= :fail (:type (client/judge-reply (resp/->ErrorReply message))))
    "READONLY You can't write against a read only replica."
    "LOADING Redis is loading the dataset in memory"
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."
    "NOREPLICAS Not enough good replicas to write."))

(deftest should-call-everything-else-unsure
  (are [message] (= :info (:type (client/judge-reply (resp/->ErrorReply message))))
    "ERR something nobody has thought of"
    "INDETERMINATE the outcome is unknown"
    "UNBLOCKED client unblocked"
    "")
  (are [e] (= :info (:type (client/judge-exception e)))
    (SocketTimeoutException. "Read timed out")
    (IOException. "connection closed")
    (RuntimeException. "a fault of ours")))

(deftest should-read-the-node-from-an-address
  (is (= 2 (client/node-of "127.0.1.2"))))
