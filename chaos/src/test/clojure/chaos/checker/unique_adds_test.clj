(ns chaos.checker.unique-adds-test
  "Literal histories, told in a small language: `(add 1 :ok)` is an invocation and its
  completion by node 1, `(saw 1)` and `(missed 1)` are reads of element 1,
  `(read-of 1 \"master\" 1 2)` the final read of node 1. An operation takes a millisecond."
  (:require [chaos.checker.certificate :as certificate]
            [chaos.checker.unique-adds :as unique-adds]
            [clojure.test :refer [are deftest is testing]]))

(defn- add [e type & {:keys [node] :or {node 1}}]
  [{:type :invoke :process e :f :add :value e}
   {:type type :process e :f :add :value e :node node}])

(defn- reads [e present?]
  [{:type :invoke :process 90 :f :read :value e}
   {:type :ok :process 90 :f :read :value e :present? present? :node 1}])

(defn- saw [e] (reads e true))
(defn- missed [e] (reads e false))

(defn- read-of [node role & elements]
  [{:type :invoke :process 0 :f :final-read :node node}
   {:type :ok :process 0 :f :final-read :node node :role role :value (vec elements)
    :corrupt []}])

(defn- history [& parts]
  (vec (map-indexed (fn [i op] (assoc op :index i :time (* 1000000 i))) (apply concat parts))))

(defn- everywhere [& elements]
  (mapcat #(apply read-of % (if (= 2 %) "master" "slave") elements) [1 2 3]))

(defn- check [& parts] (unique-adds/check (apply history parts) {}))

(defn- classes [found] (update-vals (:anomalies found) :count))

(deftest should-find-nothing-where-all-is-well
  (let [found (check (add 1 :ok) (saw 1) (add 2 :info) (add 3 :info) (add 4 :fail)
                     (everywhere 1 2))]
    (is (true? (:valid? found)))
    (is (= {} (:anomalies found)))
    (is (= {:ok 1 :fail 1 :info 2 :recovered 1 :never-read 1 :attempts 4 :lost-percent 0.0
            :read-after-ack 1}
           (dissoc (:counts found) :stable-latency-ms)))))

(deftest should-flag-a-planted-loss
  (let [found (check (add 1 :ok) (add 2 :ok) (add 3 :ok) (everywhere 1 3))]
    (is (false? (:valid? found)))
    (is (= {:lost 1} (classes found)))
    (is (= #{2} (:lost-values found)))
    (is (= [0.003 0.003] (:loss-window found)))))

(deftest should-flag-each-kind-of-wrong-element
  (are [kind parts] (let [found (apply check parts)]
                      (and (false? (:valid? found)) (= {kind 1} (classes found))))
    :dirty      [(add 1 :ok) (add 2 :fail) (everywhere 1 2)]
    :unexpected [(add 1 :ok) (everywhere 1 9)]
    :divergent  [(add 1 :ok) (read-of 1 "slave") (read-of 2 "master" 1) (read-of 3 "slave" 1)]
    :corrupt    [(add 1 :ok) (map #(if (= :ok (:type %)) (assoc % :corrupt [1]) %)
                                  (everywhere 1))]
    :stale-read [(add 1 :ok) (missed 1) (everywhere 1)]))

(deftest should-not-know-what-was-lost-without-one-master
  (doseq [reads [[(read-of 1 "slave") (read-of 2 "slave") (read-of 3 "slave")]
                 [(read-of 1 "master" 1) (read-of 2 "master") (read-of 3 "slave")]]]
    (let [found (apply check (add 1 :ok) reads)]
      (is (nil? (get-in found [:counts :lost-percent])))
      (is (nil? (get-in found [:by-node 1 :lost])))
      (is (false? (:complete? found)))
      (is (string? (:because found)))))
  (let [found (check (add 1 :ok) (everywhere))]
    (is (= 100.0 (get-in found [:counts :lost-percent])))
    (is (true? (:complete? found)))
    (is (nil? (:because found)))))

(deftest should-measure-how-long-an-element-was-not-seen
  (let [found (check (add 1 :ok) (missed 1) (saw 2) (missed 1) (saw 1) (add 2 :ok) (saw 2)
                     (everywhere 1 2))]
    (is (= {:n 2 :q50 0.0 :q95 5.0 :q99 5.0 :max 5.0} (get-in found [:counts :stable-latency-ms])))
    (testing "an element that was read before its acknowledgement only is not counted"
      (is (nil? (get-in (check (missed 1) (add 1 :ok) (everywhere 1))
                        [:counts :stable-latency-ms]))))))

(deftest should-not-call-a-miss-stale-of-what-was-lost-or-never-acknowledged
  (is (= {:lost 1} (classes (check (add 1 :ok) (missed 1) (everywhere)))))
  (is (= {} (classes (check (add 1 :info) (missed 1) (everywhere 1))))))

(deftest should-not-blame-an-unsure-add-for-anything
  (is (true? (:valid? (check (add 1 :info) (everywhere)))))
  (is (true? (:valid? (check (add 1 :info) (everywhere 1))))))

(deftest should-take-an-add-that-never-completed-as-unsure
  (let [found (check (take 1 (add 1 :ok)) (everywhere 1))]
    (is (true? (:valid? found)))
    (is (= 1 (get-in found [:counts :recovered])))))

(deftest should-not-pass-without-every-final-read
  (is (= :unknown (:valid? (check (add 1 :ok)))))
  (is (= :unknown (:valid? (check (add 1 :ok) (read-of 2 "master" 1)))))
  (is (= :unknown (:valid? (check (add 1 :ok) (read-of 1 "slave" 1) (read-of 2 "slave" 1)
                                  (read-of 3 "slave" 1)))))
  (is (= :unknown (:valid? (check (add 1 :ok) (read-of 1 "master" 1) (read-of 2 "master" 1)
                                  (read-of 3 "slave" 1))))))

(deftest should-flag-a-dirty-element-even-in-an-incomplete-read
  (is (false? (:valid? (check (add 1 :fail) (read-of 2 "slave" 1))))))

(deftest should-say-which-node-acknowledged-what-was-lost
  (is (= {1 {:acknowledged 1 :lost 1} 2 {:acknowledged 1 :lost 0}}
         (:by-node (check (add 1 :ok :node 1) (add 2 :ok :node 2) (everywhere 2))))))

(deftest should-give-certificates-that-hold-and-only-for-what-happened
  (let [h (history (add 1 :ok) (add 2 :ok) (add 3 :info) (add 4 :fail) (missed 1) (everywhere 1 4))
        found (:anomalies (unique-adds/check h {}))]
    (is (= #{:lost :dirty :stale-read} (set (keys found))))
    (doseq [proof (mapcat :shown (vals found))]
      (is (certificate/holds? h proof)))
    (are [class e] (not (certificate/holds? h {:class class :element e}))
      :lost 1, :lost 3, :lost 4, :lost 5
      :dirty 1, :dirty 2
      :unexpected 1, :corrupt 1, :divergent 1
      :stale-read 2)))
