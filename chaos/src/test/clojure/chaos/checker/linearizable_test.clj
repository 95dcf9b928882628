(ns chaos.checker.linearizable-test
  "Literal histories. `(seen [1 :write 4] [1 :ok] ...)` is an invocation when it names an f, and
  the completion of what the process has open when it names a type; a completion may tell a
  value or an error."
  (:require [chaos.checker.linear.simulation :as simulation]
            [chaos.checker.linearizable :as linearizable]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is]])
  (:import (clojure.lang ExceptionInfo)))

(defn- event [open [process what told]]
  (let [begun (open process)]
    (if (#{:ok :fail :info} what)
      (cond-> (assoc begun :type what)
        (= :mismatch told) (assoc :error :mismatch)
        (and (some? told) (not= :mismatch told)) (assoc :value told))
      {:process process :type :invoke :f what :value told})))

(defn- seen [& events]
  (loop [events events, open {}, history []]
    (if-let [[[process :as e] & more] events]
      (let [op (event open e)]
        (recur more (assoc open process op) (conj history (assoc op :index (count history)))))
      history)))

(defn- one-by-one
  "Operations of process 0, each finished before the next: [f value] or [f nil told]."
  [& ops]
  (apply seen (mapcat (fn [[f value told]] [[0 f value] [0 :ok told]]) ops)))

(defn- flags?
  "Is the history found wrong, and does its certificate hold, and not hold for the history with
  all reads taken out?"
  [history opts]
  (let [found (linearizable/check history opts)
        shown (get-in found [:anomalies :nonlinearizable :shown])]
    (and (false? (:valid? found))
         (= 1 (get-in found [:anomalies :nonlinearizable :count]))
         (every? #(linearizable/recheck history %) shown)
         (not-any? #(linearizable/recheck (filterv (comp #{:write :put} :f) history) %) shown))))

(deftest should-flag-each-anomaly-of-a-register
  (are [anomaly history] (flags? history {})
    "a stale read"          (one-by-one [:write 1] [:write 2] [:read nil 1])
    "a lost write"          (one-by-one [:write 1] [:read])
    "a phantom"             (one-by-one [:write 1] [:read nil 7])
    "a swapped order"       (seen [0 :write 1] [1 :write 2] [0 :ok] [1 :ok]
                                  [2 :read] [2 :ok 2] [2 :read] [2 :ok 1] [2 :read] [2 :ok 2])
    "a refused write seen"  (seen [0 :write 3] [0 :fail] [1 :read] [1 :ok 3])
    "a read of the future"  (seen [1 :read] [1 :ok 1] [0 :write 1] [0 :ok])
    "a comparison passed"   (one-by-one [:write 1] [:cas [2 3]] [:read nil 3])
    "one value taken twice" (one-by-one [:write 1] [:cas [1 2]] [:cas [1 3]] [:read nil 3])
    "a comparison failed"   (seen [0 :write 1] [0 :ok] [0 :cas [1 2]] [0 :fail :mismatch])
    "an unsure one undone"  (seen [0 :write 1] [0 :ok] [1 :write 2] [1 :info] [2 :read] [2 :ok 2]
                                  [2 :read] [2 :ok 1])))

(deftest should-accept-what-some-order-explains
  (are [why history] (true? (:valid? (linearizable/check history)))
    "nothing"                 []
    "the value before"        (one-by-one [:read] [:write 1] [:read nil 1])
    "a write in between"      (seen [0 :write 1] [1 :read] [1 :ok] [2 :read] [2 :ok 1] [0 :ok])
    "an unsure write, later"  (seen [0 :write 1] [0 :info] [1 :read] [1 :ok] [1 :read] [1 :ok 1])
    "an unsure write, never"  (seen [0 :write 1] [0 :info] [1 :read] [1 :ok])
    "one that never returned" (seen [0 :write 1] [1 :read] [1 :ok 1])
    "an unsure read"          (seen [0 :read 9] [0 :info] [1 :write 1] [1 :ok])
    "an unmarked refusal"     (seen [0 :write 1] [0 :ok] [0 :cas [1 2]] [0 :fail])
    "a marked one that fits"  (seen [0 :write 3] [0 :ok] [0 :cas [1 2]] [0 :fail :mismatch])))

(deftest should-take-nil-for-a-value-and-not-for-a-wildcard
  (is (flags? (one-by-one [:write 1] [:read nil nil]) {}))
  (is (flags? (one-by-one [:read nil nil]) {:initial 0}))
  (is (true? (:valid? (linearizable/check (one-by-one [:read nil 5]) {:initial 5}))))
  (is (true? (:valid? (linearizable/check (one-by-one [:write 1] [:cas [1 nil]] [:read]))))))

(deftest should-judge-each-key-by-itself
  (let [on   (fn [key history] (mapv #(assoc % :key key) history))
        both (into (on "a" (one-by-one [:write 1] [:read nil 1]))
                   (on "b" (one-by-one [:write 2] [:read nil 1])))
        both (vec (map-indexed #(assoc %2 :index %1) both))
        {:keys [valid? anomalies counts]} (linearizable/check both)]
    (is (false? valid?))
    (is (= ["b"] (map :key (get-in anomalies [:nonlinearizable :shown]))))
    (is (= {:ok 4 :fail 0 :info 0 :operations 4 :keys 2} (dissoc counts :steps)))))

(deftest should-flag-what-a-store-of-strings-must-not-do
  (are [history] (flags? history {:model :kv})
    (one-by-one [:append "x"] [:get nil "y"])
    (one-by-one [:append "x"] [:append "y"] [:get nil "yx"])
    (one-by-one [:append "x"] [:append "x"] [:get nil "x"])
    (one-by-one [:append "-a"] [:append "-b"] [:get nil "-b"])
    (one-by-one [:put "-a"] [:put "-b"] [:append "-c"] [:get nil "-a-c"]))
  (is (true? (:valid? (linearizable/check
                       (one-by-one [:get nil ""] [:put "-a"] [:append "-b"] [:get nil "-a-b"])
                       {:model :kv})))))

(deftest should-flag-a-mutex-held-twice
  (let [twice (seen [0 :acquire] [1 :acquire] [0 :ok] [1 :ok])]
    (is (false? (:valid? (linearizable/check twice {:model :mutex}))))
    (is (false? (:valid? (linearizable/check (one-by-one [:release]) {:model :mutex}))))
    (is (true? (:valid? (linearizable/check (one-by-one [:release]) {:model :mutex
                                                                     :initial :held}))))
    (is (true? (:valid? (linearizable/check (one-by-one [:acquire] [:release] [:acquire])
                                            {:model :mutex}))))
    (is (true? (:valid? (linearizable/check (seen [0 :acquire] [1 :acquire] [0 :ok] [1 :info])
                                            {:model :mutex}))))))

(deftest should-never-pass-what-it-did-not-finish
  (let [long-one (simulation/atomic {:seed 1 :processes 20 :size 3000
                                     :choose (simulation/register-op 100)})]
    (is (true? (:valid? (linearizable/check long-one))))
    (are [limits words] (let [found (linearizable/check long-one limits)]
                          (and (= :unknown (:valid? found))
                               (= {} (:anomalies found))
                               (str/includes? (:because found) words)))
      {:steps-max 100}   "after 101 steps"
      {:time-limit-s 0}  "time limit")
    (is (false? (:valid? (linearizable/check
                          (into (mapv #(assoc % :key 1) long-one)
                                (map #(assoc % :key 2 :index (+ 1e6 (:index %))))
                                (one-by-one [:read nil 4]))
                          {:steps-max 100})))
        "one key is certainly wrong")))

(deftest should-show-few-operations-and-say-what-they-mean
  (let [history (apply one-by-one (concat (mapcat (fn [v] [[:write v] [:read nil v]]) (range 40))
                                          [[:read nil 38]]))
        [shown] (get-in (linearizable/check history) [:anomalies :nonlinearizable :shown])]
    (is (= [[:write 38] [:write 39] [:read 38]] (map (juxt :f :value) (:ops shown))))
    (is (= 161 (:until shown)))
    (is (str/includes? (:explanation shown)
                       "read 38 of process 0 returned, no order explains it"))
    (is (str/includes? (:explanation shown) "write 38, write 39; then the value is 39"))))

(deftest should-not-believe-a-certificate-that-proves-nothing
  (let [history (one-by-one [:write 1] [:write 2] [:read nil 1] [:read nil 2])
        [shown] (get-in (linearizable/check history) [:anomalies :nonlinearizable :shown])
        without (fn [f] (update shown :ops (fn [ops] (filterv #(not= f (:value %)) ops))))]
    (is (linearizable/recheck history shown))
    (is (not (linearizable/recheck history (without 1))) "nothing was written and read")
    (is (not (linearizable/recheck history (without 2))) "nothing was in between")
    (is (not (linearizable/recheck history (update-in shown [:ops 0] assoc :value 3)))
        "the history has no such operation")))

(deftest should-refuse-a-model-nobody-wrote
  (is (= 2 (try (linearizable/check [] {:model :stack})
                (catch ExceptionInfo e (:exit (ex-data e)))))))
