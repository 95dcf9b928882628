(ns chaos.net.netns-test
  "What the kernel is told, as values; no privileges."
  (:require [chaos.net.netns :as netns]
            [chaos.net.rules :as rules]
            [clojure.test :refer [are deftest is testing]]))

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
