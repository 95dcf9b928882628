(ns chaos.registry-test
  (:require [chaos.cli :as cli]
            [chaos.db :as db]
            [chaos.nemesis :as nemesis]
            [chaos.profile :as profile]
            [chaos.registry :as registry]
            [chaos.workload :as workload]
            [clojure.test :refer [are deftest is]])
  (:import (clojure.lang ExceptionInfo)))

(defn- exit [f & args]
  (try (apply f args) :nothing-thrown (catch ExceptionInfo e (:exit (ex-data e)))))

(deftest should-refuse-unknown-names-before-anything-starts
  (are [f text] (= 2 (exit f text))
    db/parse       "valkey"
    db/parse       "stock,"
    nemesis/parse  "krash"
    nemesis/parse  "kill,krash"
    workload/parse "append"))

(deftest should-keep-the-order-asked-for
  (is (= [:watchword :stock] (db/parse "watchword,stock")))
  (is (= [:partition :kill] (nemesis/parse "all"))))

(deftest should-end-with-2-on-a-bad-command-line
  (are [args] (= 2 (exit cli/parse args))
    ["--profile" "long"]
    ["--nemesis" "krash"]
    ["--time" "3"]
    ["--seed" "many"]
    ["--colour"]
    ["--cas" "luah" "--workload" "register"]
    ["--fsync" "sometimes" "--workload" "durability"]
    ["--lists" "zadd" "--workload" "list-append"]
    ["--release" "del" "--workload" "lock"]
    ["--cas" "lua" "--workload" "set"]
    ["--lists" "rpush"]
    ["--release" "lua" "--workload" "set"]
    ["--fsync" "no"]
    ["reports"]
    ["analyze"]
    ["failover" "--kills" "0"]))

(deftest should-say-what-to-type-to-repeat-a-run
  (are [command args] (= command (get-in (cli/parse args) [:opts :command]))
    "./watchword chaos --seed 7 --system stock" ["--seed" "7" "--system" "stock"]
    "./watchword chaos --seed 7"                ["--out" "somewhere" "--seed" "7"]
    "./watchword chaos --seed 7"                ["--out=somewhere" "--seed" "7"]
    "./watchword chaos --cas lua --seed 7"      ["--cas" "lua" "--seed" "7"])
  (let [{:keys [command seed]} (:opts (cli/parse ["failover" "--kills" "2"]))]
    (is (= (str "./watchword chaos failover --kills 2 --seed " seed) command))))

(deftest should-hand-variants-to-every-cell
  (let [{:keys [opts]} (cli/parse ["--workload" "register,durability,list-append,lock"
                                   "--cas" "lua" "--fsync" "everysec" "--lists" "rpush"
                                   "--release" "lua"])]
    (is (= #{[:lua :everysec :rpush :lua]}
           (set (map (juxt :cas :fsync :lists :release) (profile/plan opts {})))))))

(deftest should-take-one-name-where-one-is-wanted
  (is (= :a (registry/parse-one "letter" {:a 1 :b 2} "a")))
  (is (thrown-with-msg? ExceptionInfo #"one letter, not several"
                        (registry/parse-one "letter" {:a 1 :b 2} "a,b"))))
