(ns chaos.checker.unique-adds-test
  "Literal histories, told in a small language: `(add 1 :ok)` is an invocation and its
  completion by node 1, `(read-of 1 \"master\" 1 2)` the final read of node 1."
  (:require [chaos.checker.certificate :as certificate]
            [chaos.checker.unique-adds :as unique-adds]
            [clojure.test :refer [are deftest is]]))

(defn- add [e type & {:keys [node] :or {node 1}}]
  [{:type :invoke :process e :f :add :value e}
   {:type type :process e :f :add :value e :node node}])

(defn- read-of [node role & elements]
  [{:type :invoke :process 0 :f :read :node node}
   {:type :ok :process 0 :f :read :node node :role role :value (vec elements) :corrupt []}])

(defn- history [& parts]
  (vec (map-indexed (fn [i op] (assoc op :index i :time (* 1000000 i))) (apply concat parts))))

(defn- everywhere [& elements]
  (mapcat #(apply read-of % (if (= 2 %) "master" "slave") elements) [1 2 3]))

(defn- check [& parts] (unique-adds/check (apply history parts)))

(deftest should-find-nothing-where-all-is-well
  (let [found (check (add 1 :ok) (add 2 :info) (add 3 :info) (add 4 :fail) (everywhere 1 2))]
    (is (true? (:valid? found)))
    (is (= {:acknowledged 1 :failed 1 :unsure 2 :recovered 1 :never-read 1}
           (select-keys found [:acknowledged :failed :unsure :recovered :never-read])))))

(deftest should-flag-a-planted-loss
  (let [found (check (add 1 :ok) (add 2 :ok) (add 3 :ok) (everywhere 1 3))]
    (is (false? (:valid? found)))
    (is (= {:count 1 :first [2]} (:lost found)))
    (is (= [0.003 0.003] (:loss-window found)))))

(deftest should-flag-each-kind-of-wrong-element
  (are [kind parts] (let [found (apply check parts)]
                      (and (false? (:valid? found)) (= 1 (get-in found [kind :count]))))
    :dirty      [(add 1 :ok) (add 2 :fail) (everywhere 1 2)]
    :unexpected [(add 1 :ok) (everywhere 1 9)]
    :divergent  [(add 1 :ok) (read-of 1 "slave") (read-of 2 "master" 1) (read-of 3 "slave" 1)]
    :corrupt    [(add 1 :ok) (map #(if (= :ok (:type %)) (assoc % :corrupt [1]) %)
                                  (everywhere 1))]))

(deftest should-not-blame-an-unsure-add-for-anything
  (is (true? (:valid? (check (add 1 :info) (everywhere)))))
  (is (true? (:valid? (check (add 1 :info) (everywhere 1))))))

(deftest should-take-an-add-that-never-completed-as-unsure
  (let [found (check (take 1 (add 1 :ok)) (everywhere 1))]
    (is (true? (:valid? found)))
    (is (= 1 (:recovered found)))))

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

(deftest should-give-certificates-that-hold-and-only-for-lost-elements
  (let [h (history (add 1 :ok) (add 2 :ok) (add 3 :info) (add 4 :fail) (everywhere 1))]
    (is (= [2] (map :element (certificate/certificates h #{2}))))
    (is (certificate/holds? h 2))
    (are [e] (not (certificate/holds? h e)) 1 3 4 5)))
