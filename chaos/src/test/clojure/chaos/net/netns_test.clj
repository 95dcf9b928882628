(ns chaos.net.netns-test
  "What the kernel is told, as values; and, as root where the kernel can do it, that it obeys
  and that nothing is left behind. Without root, that the start says why it cannot be."
  (:require [chaos.capability :as capability]
            [chaos.net :as net]
            [chaos.net.netns :as netns]
            [chaos.net.network :as network]
            [chaos.net.rules :as rules]
            [chaos.shell :as shell]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]])
  (:import (clojure.lang ExceptionInfo)
           (java.lang ProcessHandle)))

(deftest should-give-each-process-an-address-of-its-own
  (are [address endpoint] (= address (netns/address 77 endpoint))
    "10.77.0.2"   [2 :server]
    "10.77.2.2"   [2 :sentinel]
    "10.77.0.101" [101 :client]))

(deftest should-forbid-all-that-lives-at-an-id
  (is (= #{["10.77.0.1" "10.77.0.2"] ["10.77.0.1" "10.77.2.2"]
           ["10.77.2.1" "10.77.0.2"] ["10.77.2.1" "10.77.2.2"]}
         (netns/cut-pairs 77 (rules/cut rules/all-open [[1 2]]))))
  (testing "and one process alone where it is named"
    (is (= #{["10.77.2.1" "10.77.0.1"]}
           (netns/cut-pairs 77 (rules/cut rules/all-open [[[1 :sentinel] [1 :server]]]))))
    (is (= #{["10.77.0.101" "10.77.0.1"] ["10.77.0.101" "10.77.2.1"]}
           (netns/cut-pairs 77 (rules/cut rules/all-open [[101 1]]))))))

(deftest should-replace-all-rules-in-one-transaction
  (is (= "flush set bridge chaos cutset\n" (netns/nft-script (netns/cut-pairs 77 rules/all-open))))
  (is (= (str "flush set bridge chaos cutset\n"
              "add element bridge chaos cutset { 10.77.0.1 . 10.77.0.2, 10.77.0.2 . 10.77.0.1 }\n")
         (netns/nft-script [["10.77.0.1" "10.77.0.2"] ["10.77.0.2" "10.77.0.1"]]))))

(deftest should-sweep-only-what-dead-programs-left
  (is (= ["chaos-7-sw" "chaos-7-server-1"]
         (netns/stale ["chaos-7-sw" "chaos-8-sw" "chaos-7-server-1" "other" "chaos-x-sw"] #{8}))))

(deftest should-keep-two-programs-apart
  (is (not= (netns/subnet 1000) (netns/subnet 1001)))
  (is (every? #(<= 64 (netns/subnet %) 127) [1 64 4194304])))

(defn- ours
  "Namespaces and interfaces that this program has made."
  []
  (let [pid (str (.pid (ProcessHandle/current)))]
    (filter #(str/includes? % pid)
            (mapcat #(str/split-lines (:out (shell/run! %)))
                    [["ip" "netns" "list"] ["ip" "-br" "link"]]))))

(def ^:private closed-port
  "Nobody listens there: a connect() is refused at once, or hangs when packets are dropped."
  1)

(defn- reaches?
  "Whether packets pass from one server to another and back: a refusal is an answer."
  [net from to]
  (let [target (str "exec 3<>/dev/tcp/" (network/listen net :server to) "/" closed-port)]
    (not= 124 (:exit (shell/run! (network/command net :server from
                                                  ["timeout" "1" "bash" "-c" target]))))))

(defn- cut-and-heal! []
  (let [net (net/start! :netns {:nodes [1 2] :client-ids [101]})]
    (try
      (is (reaches? net 1 2))
      (net/change! net rules/cut [[1 2]])
      (is (not (reaches? net 1 2)))
      (net/heal! net)
      (is (reaches? net 1 2))
      (finally (net/stop! net)))))

(deftest should-cut-in-the-kernel-and-leave-nothing-behind-or-say-why-not
  (if (every? :have (filter #(#{:netns :nft} (:name %)) (capability/probe)))
    (dotimes [_ 3]
      (cut-and-heal!)
      (is (empty? (ours))))
    (is (thrown? ExceptionInfo (cut-and-heal!)))))
