(ns chaos.client-test
  "The judgement of errors, on values and against a server of literal replies."
  (:require [chaos.client :as client]
            [chaos.client.discovery :as discovery]
            [chaos.client.subscription :as subscription]
            [chaos.fake-server :as fake]
            [chaos.numbering :as numbering]
            [chaos.resp :as resp]
            [clojure.test :refer [are deftest is testing]])
  (:import (java.io IOException)
           (java.net SocketTimeoutException)))

(deftest should-call-a-refusal-a-failure
  (are [message] (= :fail (:type (client/judge-reply (resp/->ErrorReply message))))
    "READONLY You can't write against a read only replica."
    "LOADING Redis is loading the dataset in memory"
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."
    "EXECABORT Transaction discarded because of: READONLY"
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

(deftest should-number-who-answered-as-the-cluster-does
  (fake/with-server (fn [args _] (if (= ["ROLE"] args) ["master" 0 []] "a value"))
    (fn [address]
      (let [node-by (fn [number]
                      (let [client (client/client {:address address :seed 1 :number number})]
                        (try (:node (client/with-master! client {} (fn [_ _] {})))
                             (finally (client/close! client)))))]
        (is (= 7 (node-by (numbering/of-places {[:server 7] address}))))
        (is (= 1 (node-by numbering/by-host)))))))

(deftest should-not-follow-the-switch-of-another-master
  (let [listening (promise)]
    (fake/with-server
      (fn [[word channel] conn]
        (case word
          "PSUBSCRIBE" ["psubscribe" channel 1]
          "PING"       (do (deliver listening conn) ["pong" ""])))
      (fn [address]
        (let [heard (promise)
              sub   (subscription/start! {:sentinels [address] :seed 1 :from nil :master "ours"}
                                         #(deliver heard %))]
          (doseq [master ["theirs" "ours"]]
            (fake/push! (deref listening 5000 nil)
                        ["pmessage" "+switch-master" "+switch-master"
                         (str master " a 1 " master " 2")]))
          (is (= {:host "ours" :port 2} (:new (deref heard 5000 nil))))
          (is (= 1 (count (:deliveries (subscription/drain! sub)))))
          (subscription/stop! sub))))))

(deftest should-read-a-replica-from-what-a-sentinel-lists
  (is (= {:host "127.0.1.2" :port 6379}
         (discovery/replica-address ["name" "127.0.1.2:6379" "ip" "127.0.1.2" "port" "6379"]))))

;; ---- against a server that is sentinel and master in one ----

(defn- master-and-sentinel
  "Answers as a sentinel that names port as the master, as that master, and with (answer
  args) for all else."
  [port answer]
  (fn [[word sub :as args] conn]
    (cond (= "ROLE" word)                         ["master" 0 []]
          (= "GET-MASTER-ADDR-BY-NAME" sub)       ["127.0.0.1" (str @port)]
          (= "PSUBSCRIBE" word)                   ["psubscribe" sub 1]
          :else                                   (answer args conn))))

(defn- with-client
  "What (body client) returns; the server answers with (answer args conn)."
  [style answer body]
  (let [port (atom nil)]
    (fake/with-server (master-and-sentinel port answer)
      (fn [address]
        (reset! port (:port address))
        (let [client ((client/styles style) {:sentinels [address] :seed 1 :from nil})]
          (try (body client) (finally (client/close! client))))))))

(defn- outcome [answer f]
  (with-client :rediscover (fn [args _] (answer args))
    #(select-keys (client/with-master! % {:f :test} f) [:type :error :value])))

(deftest should-judge-by-whether-anything-was-committed
  (let [before (fn [conn commit!] (client/must! conn "GET") (commit!) {})
        after  (fn [conn commit!] (commit!) (client/must! conn "SET") {})]
    (are [expected answer f] (= expected (outcome (constantly answer) f))
      {:type :ok}                                  :OK                              after
      {:type :fail :error :connection}             ::fake/hang-up                   before
      {:type :info :error :connection}             ::fake/hang-up                   after
      {:type :fail :error :timeout}                ::fake/silence                   before
      {:type :info :error :timeout}                ::fake/silence                   after
      {:type :fail :error :err}                    (resp/->ErrorReply "ERR what")   before
      {:type :info :error :err}                    (resp/->ErrorReply "ERR what")   after
      {:type :fail :error :readonly}               (resp/->ErrorReply "READONLY x") after)))

(deftest should-not-take-a-bug-of-a-workload-for-an-answer
  (doseq [f [(fn [_ _] (throw (NullPointerException.)))
             (fn [_ commit!] (commit!) (throw (NullPointerException.)))
             (fn [_] {})]]
    (is (thrown? RuntimeException (outcome (constantly :OK) f)))))

(defn- transaction [exec]
  (outcome (fn [[word]] (case word "MULTI" :OK, "EXEC" exec, :QUEUED))
           (fn [conn commit!] {:value (client/transact! conn commit! [["INCR" "a"] ["GET" "a"]])})))

(deftest should-judge-a-transaction-by-its-exec
  (are [expected exec] (= expected (transaction exec))
    {:type :ok :value [1 "1"]}       [1 "1"]
    {:type :ok :value nil}           nil
    {:type :fail :error :execabort}  (resp/->ErrorReply "EXECABORT discarded")
    {:type :info :error :timeout}    ::fake/silence
    {:type :info :error :connection} ::fake/hang-up)
  (testing "an error within a transaction that took place is no failure, whatever it says"
    (is (= :info (:type (transaction [1 (resp/->ErrorReply "WRONGTYPE not a string")])))))
  (testing "an error while queueing is one"
    (is (= {:type :fail :error :err}
           (outcome (fn [[word]] (if (= "MULTI" word) :OK (resp/->ErrorReply "ERR unknown")))
                    (fn [conn commit!] (client/transact! conn commit! [["LPUSH" "a" "1"]])))))))

(deftest should-fail-without-a-master
  (is (= {:type :fail :error :no-master}
         (client/with-master! (client/client {:sentinels [] :seed 1}) {} (fn [_ _] {})))))

(defn- await-true [f]
  (let [deadline (+ (System/nanoTime) 5000000000)]
    (loop []
      (cond (f) true
            (< deadline (System/nanoTime)) false
            :else (do (Thread/onSpinWait) (recur))))))

(deftest should-go-where-switch-master-says-at-the-next-operation
  (let [listening (promise)]
    (fake/with-server (fn [args _] (if (= ["ROLE"] args) ["master" 0 []] "the new one"))
      (fn [{:keys [port]}]
        (with-client :subscribe
          (fn [[word] conn]
            (if (= "PING" word) (do (deliver listening conn) ["pong" ""]) "the old"))
          (fn [client]
            (let [ask #(:value (client/with-master! client {}
                                 (fn [conn _] {:value (client/must! conn "GET" "a")})))]
              (is (= "the old" (ask)))
              (fake/push! (deref listening 5000 nil)
                          ["pmessage" "+switch-master" "+switch-master"
                           (str "mymaster 127.0.0.1 1 127.0.0.1 " port)])
              (is (await-true #(some? @(:moved client))))
              (is (= "the new one" (ask))))))))))

(deftest should-tell-what-it-heard-and-from-when-to-when-it-listened
  (let [listening (promise)]
    (fake/with-server
      (fn [[word channel] conn]
        (case word
          "PSUBSCRIBE" ["psubscribe" channel 1]
          "PING"       (do (deliver listening conn) ["pong" ""])))
      (fn [address]
        (let [heard (promise)
              sub   (subscription/start! {:sentinels [address] :seed 1 :from nil}
                                         #(deliver heard %))]
          (fake/push! (deref listening 5000 nil)
                      ["pmessage" "+switch-master" "+switch-master" "mymaster a 1 b 2"])
          (is (= {:old {:host "a" :port 1} :new {:host "b" :port 2}} (deref heard 5000 nil)))
          (let [{[delivery] :deliveries [link] :links} (subscription/drain! sub)]
            (is (= [1 "mymaster a 1 b 2"] ((juxt :sentinel :text) delivery)))
            (is (<= 0 (:ago delivery) (:since-ago link)))
            (is (nil? (:until-ago link))))
          (is (= [] (:deliveries (subscription/drain! sub))))
          (subscription/stop! sub)
          (is (await-true #(some :until-ago (:links (subscription/drain! sub))))))))))
