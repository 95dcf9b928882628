(ns chaos.checker.calibration
  "How fast the linearizability checker is, beside Porcupine (Go). Histories are made by chance
  in the shapes of Porcupine's tests; the figures beside ours are CPU ms of one core, taken on
  another machine. The loop at the top is what both machines can run: 2^28 rounds of xorshift64
  (x ^= x << 13, x ^= x >>> 7, x ^= x << 17) in one thread.

  Ours is the CPU time of the thread that checks, the median after warming up; garbage
  collection and compilation run in other threads and are not in it."
  (:require [chaos.checker.linear.simulation :as simulation]
            [chaos.checker.linearizable :as linearizable]
            [chaos.stats :as stats])
  (:import (java.lang.management ManagementFactory)))

(defn- spin ^long [^long rounds]
  (loop [i 0, x 88172645463325252]
    (if (= i rounds)
      x
      (let [x (bit-xor x (bit-shift-left x 13))
            x (bit-xor x (unsigned-bit-shift-right x 7))
            x (bit-xor x (bit-shift-left x 17))]
        (recur (inc i) x)))))

(defn- cpu-ms
  "CPU ms of this thread in one call of f."
  [f]
  (let [threads (ManagementFactory/getThreadMXBean)
        begun   (.getCurrentThreadCpuTime threads)]
    (f)
    (/ (- (.getCurrentThreadCpuTime threads) begun) 1e6)))

(def ^:private shapes
  [{:what "10 clients, key-value, 380 operations" :porcupine-ms 0.44 :warm 2000 :runs 51
    :model :kv :made {:processes 10 :size 380 :keys 10 :initial "" :choose simulation/kv-op}}
   {:what "50 clients, key-value, 1800 operations" :porcupine-ms 175 :warm 30 :runs 11
    :model :kv :made {:processes 50 :size 1800 :keys 10 :initial "" :choose simulation/kv-op}}
   {:what "20 clients x 1000, one register" :porcupine-ms 210 :warm 5 :runs 5
    :model :cas-register
    :made {:processes 20 :size 20000 :choose (simulation/register-op 5)}}
   {:what "50 clients x 1000, one register" :porcupine-ms nil :warm 0 :runs 1
    :model :cas-register
    :made {:processes 50 :size 50000 :choose (simulation/register-op 5)}}])

(defn- measured [{:keys [model made warm runs]}]
  (let [history (simulation/atomic (assoc made :seed 1))
        check   #(linearizable/check history {:model model})]
    (dotimes [_ warm] (check))
    {:ms (stats/median (repeatedly runs #(cpu-ms check))) :valid? (:valid? (check))}))

(defn lines
  "The table, one line at a time."
  []
  (spin 100000000)
  (cons (format "calibration loop: %.0f ms CPU for 2^28 rounds of xorshift64"
                (cpu-ms #(spin 268435456)))
        (for [{:keys [what porcupine-ms] :as shape} shapes
              :let [{:keys [ms valid?]} (measured shape)]]
          (format "%-40s %9.2f ms CPU, %s; Porcupine %s" what ms
                  ({true "valid", :unknown "no answer"} valid? "INVALID")
                  (if porcupine-ms (str porcupine-ms " ms") "no answer in 60 s")))))
