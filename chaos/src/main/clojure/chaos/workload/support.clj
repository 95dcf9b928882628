(ns chaos.workload.support
  "What several workloads share: generators that know the time and their own count, chance by
  name, the pace of a workload, and final reads that try again."
  (:require [chaos.generator :as gen]
            [chaos.random :as random]))

(defrecord Made [make n]
  gen/Generator
  (op [_ ctx]
    (when-let [made (make (/ (:time ctx) 1e9) n)]
      (let [[tag :as answer] (gen/op made ctx)]
        (if (= :wait tag)
          [:wait (second answer) (->Made make n)]
          [(first answer) (->Made make (inc n))])))))

(defn made
  "Operations (make s n): s is the time of the run in seconds, n counts from 0. Ends with the
  first nil."
  [make]
  (->Made make 0))

(defn paced
  "For each client thread t the operations (make t s n), together :rate a second. label keeps
  workloads of one cell, and their threads, from drawing the same pauses."
  [{:keys [seed clients rate]} label make]
  (gen/each-thread
   (fn [t]
     (gen/stagger (/ clients (double rate))
                  (hash [seed label t])
                  (made (fn [s n] (make t s n)))))))

(defrecord Planned [plan]
  gen/Generator
  (op [_ ctx] (gen/op (seq (plan (/ (:time ctx) 1e9))) ctx)))

(defn planned
  "The operations of (plan s), in turn; s is the time in seconds when first asked."
  [plan]
  (->Planned plan))

(defn choose
  "One item of the vector coll, named by seed and path."
  [coll seed & path]
  (nth coll (int (* (count coll) (apply random/unit seed path)))))

(defn patiently
  "op by (attempt op), again after a :fail, at most five times: for final reads, which must
  not be missing because an old connection was found dead. The operation spans all attempts
  and tells what the last one saw, so nothing is claimed that was not seen."
  [op attempt]
  (loop [left 5]
    (let [done (attempt op)]
      (if (and (= :fail (:type done)) (< 1 left))
        (recur (dec left))
        done))))
