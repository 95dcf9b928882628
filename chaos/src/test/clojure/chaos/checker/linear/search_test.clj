(ns chaos.checker.linear.search-test
  "The search against the definition, and properties that need no second opinion. Every random
  history is named by its seed, which a failure prints."
  (:require [chaos.checker.linear.brute :as brute]
            [chaos.checker.linear.certificate :as certificate]
            [chaos.checker.linear.models :as models]
            [chaos.checker.linear.operations :as operations]
            [chaos.checker.linear.self-test :as self-test]
            [chaos.checker.linear.simulation :as simulation]
            [chaos.checker.linear.wgl :as wgl]
            [chaos.checker.linearizable :as linearizable]
            [clojure.test :refer [deftest is]])
  (:import (java.util SplittableRandom)))

(defn- renumbered [history] (vec (map-indexed #(assoc %2 :index %1) history)))

(deftest should-agree-with-the-definition-on-20000-small-histories
  (let [{:keys [valid invalid wrong]} (self-test/run 20000 1)]
    (is (= [] wrong))
    (is (= 20000 (+ valid invalid)))
    (is (< 5000 valid 15000) "neither answer is rare")))

(deftest should-name-the-return-at-which-it-became-impossible
  (doseq [name [:cas-register :kv :mutex], seed (range 1500)
          :let [model (models/model name)
                ops   (operations/operations model (simulation/small name seed))
                {:keys [valid? stuck]} (wgl/check model ops)]
          :when (false? valid?)
          :let [until #(brute/linearizable? model (operations/until model ops %))]]
    (is (not (until (:return stuck))) [name seed])
    (is (until (dec (:return stuck))) [name seed])))

(deftest should-give-an-order-that-the-model-and-real-time-allow
  (doseq [name [:cas-register :kv :mutex], seed (range 1500)
          :let [{:keys [init step] :as model} (models/model name)
                ops   (operations/operations model (simulation/small name seed))
                order (:order (wgl/check model ops))]
          :when order]
    (is (some? (reduce #(or (step %1 %2) (reduced nil)) init order)) [name seed])
    (is (every? (set order) (filter :return ops)) [name seed])
    (is (not-any? (fn [[a & later]] (some #(and (:return %) (< (:return %) (:call a))) later))
                  (take-while seq (iterate rest order)))
        [name seed])))

(deftest should-never-make-a-good-history-bad-by-leaving-out-what-is-spare
  (doseq [name [:cas-register :kv], seed (range 4000)
          :let [model  (models/model name)
                ops    (operations/operations model (simulation/small name seed))
                spare? (#'certificate/spare model ops)
                random (simulation/source seed)
                fewer  (vec (remove #(and (spare? %) (zero? (.nextInt ^SplittableRandom random 2)))
                                    ops))]
          :when (brute/linearizable? model ops)]
    (is (brute/linearizable? model fewer) [name seed])))

(deftest should-never-make-a-good-history-bad-by-beginning-it-at-a-wipe
  (let [tried (for [name [:cas-register :kv], seed (range 6000)
                    :let [model  (models/model name)
                          ops    (operations/operations model (simulation/small name seed))
                          random (simulation/source seed)
                          keep?  (into #{} (filter (fn [_] (zero? (.nextInt ^SplittableRandom
                                                                            random 3))))
                                       ops)]
                    :when (brute/linearizable? model ops)
                    wipe (#'certificate/wipes model ops)
                    :let [fewer (#'certificate/since model ops wipe keep?)]
                    :when (and fewer (< (count fewer) (count ops)))]
                [name seed (brute/linearizable? model fewer)])]
    (is (< 100 (count tried)))
    (is (= [] (remove peek tried)))))

(defn- moved
  "The history with the event at `from` put at `to`."
  [history from to]
  (let [others (into (subvec history 0 from) (subvec history (inc from)))]
    (renumbered (concat (subvec others 0 to) [(history from)] (subvec others to)))))

(defn- alone
  "The history with a process of its own for each operation, so that any of them can be widened."
  [history]
  (loop [events history, number 0, now {}, done []]
    (if-let [[{:keys [process type] :as op} & more] (seq events)]
      (let [number (if (= :invoke type) (inc number) number)
            now    (if (= :invoke type) (assoc now process number) now)]
        (recur more number now (conj done (assoc op :process (now process)))))
      done)))

(defn- widened
  "One call earlier or one return later, by chance."
  [history ^SplittableRandom random]
  (let [from (.nextInt random (count history))]
    (if (= :invoke (:type (history from)))
      (moved history from (.nextInt random (inc from)))
      (moved history from (+ from (.nextInt random (- (count history) from)))))))

(deftest should-not-turn-invalid-when-an-interval-is-widened
  (let [valid? #(true? (:valid? (linearizable/check %2 {:model %1 :initial %3})))]
    (doseq [name [:cas-register :kv], seed (range 1500)
            :let [initial ({:kv ""} name)
                  history (if (< seed 1300)
                            (simulation/small name seed)
                            (simulation/atomic
                             {:seed seed :processes 4 :size 30 :initial initial
                              :choose ({:cas-register (simulation/register-op 3)
                                        :kv           simulation/kv-op} name)}))
                  history (alone (renumbered (map #(dissoc % :key) history)))
                  random  (simulation/source seed)]
            :when (valid? name history initial)]
      (is (valid? name (nth (iterate #(widened % random) history) 3) initial) [name seed]))))

;; Mutations: what makes each wrong for certain is that every value is written once.

(defn- distinct-writes [^SplittableRandom random number]
  (if (zero? (.nextInt random 2)) {:f :read :value nil} {:f :write :value (inc number)}))

(defn- before? [a b] (< (:return a) (:call b)))

(defn- reads [ops] (filter #(and (= :read (:f %)) (:value %)) ops))

(defn- answer [history read value] (assoc-in history [(:return read) :value] value))

(defn- overwritten
  "[old write, newer write, read]: the newer came after the old and before the read."
  [ops]
  (let [writes (filter #(= :write (:f %)) ops)]
    (first (for [read (reverse (reads ops)), new writes :when (before? new read)
                 old writes :when (before? old new)]
             [old new read]))))

(defn- stale-read [history ops]
  (when-let [[old _ read] (overwritten ops)] (answer history read (:value old))))

(defn- lost-write [history ops]
  (when-let [[_ _ read] (overwritten ops)] (answer history read nil)))

(defn- swapped-order [history ops]
  (let [wrote (into {} (map (juxt :value identity)) (filter #(= :write (:f %)) ops))]
    (when-let [[a b] (first (for [a (reads ops), b (reads ops)
                                  :when (and (before? a b)
                                             (before? (wrote (:value a)) (wrote (:value b))))]
                              [a b]))]
      (-> history (answer a (:value b)) (answer b (:value a))))))

(defn- phantom [history ops] (answer history (last (reads ops)) -1))

(deftest should-flag-every-mutation-of-a-good-history
  (doseq [[what mutate] {"stale read" stale-read, "lost write" lost-write,
                         "swapped order" swapped-order, "phantom" phantom}
          seed (range 100)
          :let [history (renumbered (simulation/atomic {:seed seed :processes (+ 2 (mod seed 6))
                                                        :size 60 :choose distinct-writes}))
                ops     (operations/operations (models/model :cas-register) history)
                mutant  (mutate history ops)
                found   (linearizable/check mutant)
                shown   (get-in found [:anomalies :nonlinearizable :shown])]]
    (is (true? (:valid? (linearizable/check history))) [what seed])
    (is (some? mutant) [what seed])
    (is (false? (:valid? found)) [what seed])
    (is (= 1 (count shown)) [what seed])
    (is (every? #(linearizable/recheck mutant %) shown) [what seed])))

(deftest should-solve-what-is-too-wide-for-one-word
  (let [writes  (for [p (range 70)] {:type :invoke :process p :f :write :value p})
        reads   (mapcat (fn [v] [{:type :invoke :process 500 :f :read :value nil}
                                 {:type :ok :process 500 :f :read :value v}])
                        (range 69 -1 -1))
        history (renumbered (concat writes reads))]
    (is (true? (:valid? (linearizable/check history))))
    (is (false? (:valid? (linearizable/check
                          (renumbered (concat history (take 2 (drop 2 reads))))))))))
