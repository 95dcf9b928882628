(ns chaos.checker.lock-test
  "Literal holds: [lock fence enter leave until], or with the accesses that fencing accepted."
  (:require [chaos.checker.lock :as lock]
            [chaos.workload.lock :as workload]
            [clojure.test :refer [are deftest is]]))

(defn- history [& holds]
  (into []
        (comp (map-indexed
               (fn [p [lock fence enter leave until accepted]]
                 [{:process p :type :invoke :f :guard :value {:lock lock}}
                  {:process p :type :ok :f :guard :node 1
                   :value {:lock lock :token (str p) :fence fence :enter enter :leave leave
                           :until until :accepted (or accepted [true true])}}]))
              cat
              (map-indexed #(assoc %2 :index %1 :time %1)))
        holds))

(defn- check [& holds] (lock/check (apply history holds) {}))

(defn- classes [found] (update-vals (:anomalies found) :count))

(deftest should-accept-holders-one-after-another
  (are [holds] (= [true {}] ((juxt :valid? classes) (apply check holds)))
    [[0 1 10 20 50] [0 2 20 30 60]]
    [[0 1 10 20 50] [1 1 15 30 60]]
    ;; The first stays beyond its claim, and the second comes when the claim has ended.
    [[0 1 10 90 50] [0 2 60 70 99]]
    ;; The first stalls until its claim has ended, and comes in beside the second.
    [[0 1 300 310 240] [0 2 260 320 490]]
    [[0 1 240 310 240] [0 2 260 320 490]]
    [[0 3 300 310 240] [0 2 260 290 490] [0 2 320 330 310]]))

(deftest should-flag-two-holders-at-once
  (are [holds] (= [false {:mutual-exclusion 1}] ((juxt :valid? classes) (apply check holds)))
    [[0 1 10 20 50] [0 2 19 30 60]]
    [[0 1 10 90 50] [0 2 49 70 99]]
    [[0 1 10 90 80] [0 2 81 85 99] [0 3 90 95 120] [0 4 94 99 130]]))

(deftest should-flag-a-token-that-does-not-grow
  (are [n holds] (= {:token-regression n} (classes (apply check holds)))
    1 [[0 5 10 20 50] [0 5 20 30 60]]
    2 [[0 5 10 20 50] [0 3 20 30 60] [0 4 30 40 70]]))

(deftest should-count-what-fencing-would-have-stopped
  (let [{:keys [counts]} (check [0 1 10 90 50 [true false]] [0 2 60 70 99])]
    (is (= {:late 1 :refused 1 :refused-at-entry 0 :holds 2}
           (select-keys counts [:late :refused :refused-at-entry :holds])))))

(deftest should-count-who-comes-in-after-its-claim
  (let [{:keys [counts]} (check [0 1 300 300 300 [false false]] [0 2 260 320 490])]
    (is (= {:late 1 :refused 1 :refused-at-entry 1 :holds 2}
           (select-keys counts [:late :refused :refused-at-entry :holds])))))

(deftest should-flag-who-comes-in-within-both-claims
  (is (= {:mutual-exclusion 1 :token-regression 1}
         (classes (check [0 1 300 310 305] [0 2 260 320 490])))))

(deftest should-not-recheck-what-only-a-stalled-holder-did
  (let [h     (history [0 1 300 310 240] [0 2 260 320 490])
        proof {:ops [(h 3) (h 1)]}]
    (is (not (lock/recheck h (assoc proof :class :mutual-exclusion))))
    (is (not (lock/recheck h (assoc proof :class :token-regression))))))

(deftest should-not-pass-when-nobody-held-a-lock
  (is (= :unknown (:valid? (check)))))

(deftest should-recheck-only-what-contradicts
  (let [h (history [0 5 10 20 50] [0 4 19 30 60] [0 6 70 80 99])]
    (doseq [[class {[proof] :shown}] (:anomalies (lock/check h {}))]
      (is (lock/recheck h proof) class)
      (is (not (lock/recheck h (assoc proof :ops [(h 1) (h 5)])))))
    (is (= 2 (count (:anomalies (lock/check h {})))))))

(deftest should-refuse-an-older-token-at-a-resource-that-fences
  (let [resource (workload/resource)
        access   #(:accepted? (workload/access! resource %1 %2 %3))]
    (is (= [true true true false false true]
           [(access 0 1 "a") (access 0 1 "a") (access 0 2 "b") (access 0 1 "a")
            (access 0 2 "c") (access 1 1 "c")]))))
