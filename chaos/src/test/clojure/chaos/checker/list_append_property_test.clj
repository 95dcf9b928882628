(ns chaos.checker.list-append-property-test
  "Random histories of a store that executes one transaction after another must pass; each
  with one thing changed must not. A failure names its seed: (run SEED) in this namespace
  makes the history again."
  (:require [chaos.checker.list-append :as list-append]
            [clojure.test :refer [deftest is testing]])
  (:import (java.util SplittableRandom)))

(def ^:private processes 4)
(def ^:private txns 40)
(def ^:private seeds (range 150))

(defn- pick [^SplittableRandom random coll] (nth coll (.nextInt random (count coll))))

(defn- mops [^SplittableRandom random n]
  (vec (for [i (range (inc (.nextInt random 4)))]
         (let [k (pick random [:x :y :z])]
           (if (.nextBoolean random) [:append k (+ (* 10 n) i)] [:r k nil])))))

(defn- execute [store mops]
  (reduce (fn [[store done] [f k v]]
            (if (= :append f)
              [(update store k (fnil conj []) v) (conj done [f k v])]
              [store (conj done [f k (get store k [])])]))
          [store []] mops))

(defn- finals [process store]
  (for [k [:x :y :z], _ (range 2), type [:invoke :ok]]
    {:f :txn :process process :type type :final? true
     :value [[:r k (when (= :ok type) (get store k []))]]}))

(defn- completed
  "What a process makes of its transaction: most end :ok; some were never executed and end
  :fail, and whether or not it was executed the answer may get lost."
  [^SplittableRandom random {:keys [executed?] :as op}]
  (let [op (dissoc op :executed?)]
    (cond (< (.nextDouble random) 0.1) (assoc op :type :info :value (:asked op))
          executed?                    (assoc op :type :ok)
          :else                        (assoc op :type :fail))))

(defn- step
  "One of: a process begins, its transaction takes effect, it completes."
  [^SplittableRandom random {:keys [store open n] :as state}]
  (let [p  (.nextInt random processes)
        id (get-in state [:ids p] p)
        op (open p)]
    (cond
      (nil? op)
      (let [value (mops random n)
            op    {:f :txn :process id :value value :asked value}]
        (-> state
            (update :n inc)
            (assoc-in [:open p] op)
            (update :history conj (-> op (dissoc :asked) (assoc :type :invoke)))))

      (and (not (:executed? op)) (< (.nextDouble random) 0.9))
      (let [[store value] (execute store (:asked op))]
        (-> state
            (assoc :store store)
            (assoc-in [:open p] (assoc op :value value :executed? true))))

      :else
      (let [done (completed random op)]
        (cond-> (-> state
                    (update :open dissoc p)
                    (update :history conj (dissoc done :asked)))
          (= :info (:type done)) (assoc-in [:ids p] (+ id processes)))))))

(defn run
  "The history of a seed."
  [seed]
  (let [random (SplittableRandom. seed)
        {:keys [history store]} (->> {:store {} :open {} :n 1 :history []}
                                     (iterate #(step random %))
                                     (drop-while #(< (:n %) txns))
                                     first)]
    (into [] (map-indexed #(assoc %2 :index %1 :time %1))
          (concat history (finals 1000 store)))))

;; ---- one thing changed ----

(defn- oks [history] (filter #(and (= :txn (:f %)) (= :ok (:type %))) history))

(defn- change-read
  "The history with the read at [index of the operation, position] changed by f."
  [history [index i] f & args]
  (apply update-in history [index :value i 2] f args))

(defn- reads-where [history pred]
  (for [{:keys [index value] :as op} (oks history)
        [i [f k vs]] (map-indexed vector value)
        :when (and (= :r f) (pred op vs))]
    [index i]))

(defn- final-of [history n]
  (first (reads-where history (fn [op vs] (and (:final? op) (<= n (count vs)))))))

(defn- swapped [vs] (let [n (count vs)] (assoc vs (- n 1) (vs (- n 2)) (- n 2) (vs (- n 1)))))

(defn- last-written-before?
  "Whether the last value of vs was acknowledged before the operation was invoked."
  [history {:keys [index process]} vs]
  (let [invoked (:index (last (filter #(and (= process (:process %)) (= :invoke (:type %))
                                            (< (:index %) index))
                                      history)))]
    (some #(and (< (:index %) invoked)
                (some (fn [[f _ v]] (and (= :append f) (= v (peek vs)))) (:value %)))
          (oks history))))

(defn- stale-read [history]
  (some-> (reads-where history (fn [op vs] (and (not (:final? op)) (seq vs)
                                                (last-written-before? history op vs))))
          last
          (as-> place (change-read history place pop))))

(defn- lost-write
  "An acknowledged last value gone from both final reads of a key."
  [history]
  (when-let [[index i] (first (reads-where history (fn [op vs]
                                                     (and (:final? op) (seq vs)
                                                          (last-written-before? history op vs)))))]
    (-> history (change-read [index i] pop) (change-read [(+ 2 index) i] pop))))

(defn- aborted-read [history]
  (let [seen (into #{} (for [{:keys [value]} (oks history), [f _ vs] value :when (= :r f), v vs] v))
        of   (fn [{:keys [value]}] (some (fn [[f _ v]] (and (= :append f) (seen v))) value))]
    (when-let [{:keys [index]} (first (filter of (oks history)))]
      (assoc-in history [index :type] :fail))))

(defn- at-final [n f & args]
  (fn [history]
    (when-let [place (final-of history n)] (apply change-read history place f args))))

(def ^:private changes
  "What is changed -> function of a history giving the changed one, nil when it has no place
  for it."
  {:a-lost-write     lost-write
   :a-swapped-order  (at-final 2 swapped)
   :a-phantom        (at-final 0 conj 9999)
   :a-doubled-write  (at-final 1 #(conj % (peek %)))
   :a-stale-read     stale-read
   :an-aborted-read  aborted-read})

(deftest should-pass-every-history-of-a-serial-store
  (doseq [seed seeds]
    (testing (str "seed " seed)
      (is (= {} (:anomalies (list-append/check (run seed) {})))))))

(deftest should-flag-every-history-with-one-thing-changed
  (doseq [[what change] changes]
    (let [changed (keep (fn [seed] (some->> (change (run seed)) (vector seed))) seeds)]
      (testing (str "most histories have a place for " what)
        (is (< (/ (count seeds) 2) (count changed))))
      (doseq [[seed history] changed]
        (testing (str what ", seed " seed)
          (let [{:keys [valid? anomalies]} (list-append/check history {})]
            (is (false? valid?))
            (is (= [] (map :class (remove #(list-append/recheck history %)
                                          (mapcat :shown (vals anomalies))))))))))))
