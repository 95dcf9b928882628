(ns chaos.checker.durability-test
  "Literal histories, times in seconds: `(add 1 2.5)` is an add of 1 acknowledged at 2.5, all
  servers go down at 10."
  (:require [chaos.checker.durability :as durability]
            [clojure.test :refer [are deftest is]]))

(defn- at [s op] (assoc op :time (long (* 1e9 s))))

(defn- add
  ([e s] (add e s :ok))
  ([e s type] [(at s {:type :invoke :process e :f :add :value e})
               (at s {:type type :process e :f :add :value e :node 1})]))

(def ^:private all-down
  [(at 10 {:type :info :process :nemesis :f :kill-all})
   (at 10.5 {:type :info :process :nemesis :f :kill-all :done? true :value {:killed-all [1 2 3]}})])

(defn- final [role & elements]
  [(at 20 {:type :invoke :process 99 :f :final-read :node 1})
   (at 20 {:type :ok :process 99 :f :final-read :node 1 :role role :value (vec elements)})])

(defn- history [& parts] (into [] (map-indexed #(assoc %2 :index %1)) (apply concat parts)))

(defn- found [fsync & parts]
  (let [h (apply history parts)
        {:keys [valid? anomalies]} (durability/check h {:fsync fsync})]
    (is (every? #(durability/recheck h %) (mapcat :shown (vals anomalies))))
    [valid? (update-vals anomalies :count)]))

(deftest should-hold-each-policy-to-its-promise
  (are [answer fsync] (= answer (found fsync (add 1 1) (add 2 9.5) all-down (final "master" 1)))
    [false {:lost 1}] :always
    [true {}]         :everysec
    [true {}]         :no)
  (are [answer fsync] (= answer (found fsync (add 1 1) (add 2 9.5) all-down (final "master" 2)))
    [false {:lost 1}] :always
    [false {:lost 1}] :everysec
    [true {}]         :no))

(deftest should-allow-no-loss-after-the-last-fault
  (is (= [false {:lost 1}] (found :no (add 1 1) all-down (add 2 12) (final "master" 1)))))

(deftest should-flag-what-should-not-be-there
  (is (= [false {:dirty 1}] (found :no (add 1 1 :fail) all-down (final "master" 1))))
  (is (= [false {:unexpected 1}] (found :no (add 1 1) all-down (final "master" 1 7))))
  (is (= [true {}] (found :always (add 1 1 :info) all-down (final "master" 1)))))

(deftest should-be-unsure-without-a-fault-or-a-final-read
  (is (= [:unknown {}] (found :always (add 1 1) (final "master" 1))))
  (is (= [:unknown {}] (found :always (add 1 1) all-down)))
  (is (= [:unknown {}] (found :always (add 1 1) all-down (final "slave" 1)))))

(deftest should-say-how-old-a-loss-was
  (let [h (history (add 1 1) (add 2 9.5) all-down (final "master"))
        {:keys [counts anomalies]} (durability/check h {:fsync :everysec})]
    (is (= 9.0 (:oldest-loss-s counts)))
    (is (= [2 1] [(:gone counts) (:allowed-losses counts)]))
    (is (= "1 was acknowledged 9.000 s before the fault, and is gone; policy everysec"
           (get-in anomalies [:lost :shown 0 :explanation])))
    (is (not (durability/recheck h {:class :dirty :element 1 :ops (subvec h 0 2)})))))
