(ns chaos.workload.generators-test
  "What workloads do, in simulated time: nothing here talks to a server."
  (:require [chaos.generator :as gen]
            [chaos.simulation :as simulation]
            [chaos.workload :as workload]
            [chaos.workload.rotation :as rotation]
            [clojure.test :refer [deftest is testing]]))

(def ^:private opts {:seed 7 :clients 4 :rate 40 :time-s 20 :system :stock})

(defn- ops-of [{:keys [generator]} s]
  (simulation/invocations (simulation/run simulation/perfect
                                          (gen/clients (gen/time-limit s generator)))))

(defn- load-of [name] ((workload/workloads name) opts))

(deftest should-keep-the-rate-of-every-workload
  (doseq [name (keys workload/workloads)]
    (testing name
      (is (< 600 (count (ops-of (load-of name) 20)) 1000)))))

(deftest should-do-the-same-for-a-seed-and-another-for-another
  (doseq [name (keys workload/workloads)
          :let [ops #(map (juxt :time :process :f :key :value)
                          (ops-of ((workload/workloads name) (assoc opts :seed %)) 5))]]
    (testing name
      (is (= (ops 7) (ops 7)))
      (is (not= (ops 7) (ops 8))))))

(deftest should-say-what-every-workload-needs
  (doseq [name (keys workload/workloads)
          :let [{:keys [needs invoke checker recheck]} (load-of name)]]
    (testing name
      (is (and (set? needs) (every? string? needs)))
      (is (every? fn? [invoke checker recheck])))))

(deftest should-give-keys-a-life-and-then-new-ones
  (let [slots (rotation/slots 100 100 1)]
    (is (= 8 slots))
    (is (= [0 0 8 16] (map #(rotation/key-at slots 0 %) [0 7.9 8 16])))
    (testing "slots change at different times"
      (is (= [4 12] (map #(rotation/key-at slots 4 %) [3.9 4.1]))))
    (testing "what was ever alive is known"
      (is (= (set (for [slot (range slots), s (range 0 20 0.1)] (rotation/key-at slots slot s)))
             (set (rotation/keys-until slots 19.95)))))))

(deftest should-never-add-or-append-the-same-value-twice
  (is (apply distinct? (map :value (filter #(= :add (:f %)) (ops-of (load-of :set) 20)))))
  (is (apply distinct? (for [{:keys [value]} (ops-of (load-of :list-append) 20)
                             [f _ v] value :when (= :append f)]
                         v))))

(deftest should-read-elements-that-somebody-was-to-add-before
  (let [ops   (ops-of (load-of :set) 20)
        reads (filter #(= :read (:f %)) ops)
        added (set (map :value (filter #(= :add (:f %)) ops)))]
    (is (< 40 (count reads) 120))
    (is (< 0.9 (/ (count (filter (comp added :value) reads)) (count reads))))))

(defn- finals [name s]
  (map #(dissoc % :time :process)
       (simulation/invocations
        (simulation/run simulation/perfect
                        (gen/phases (gen/nemesis (gen/pause s))
                                    (gen/clients (:final-generator (load-of name))))))))

(deftest should-read-every-list-at-the-end
  (let [used (into #{} (for [{:keys [value]} (ops-of (load-of :list-append) 20), [_ k] value] k))
        read (into #{} (for [{:keys [value final?]} (finals :list-append 20)
                             :when final?, [_ k] value] k))]
    (is (every? read used))))
