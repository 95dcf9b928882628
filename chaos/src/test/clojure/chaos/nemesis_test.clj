(ns chaos.nemesis-test
  "The schedule of every registered fault, in simulated time: no process, no socket."
  (:require [chaos.db.watchword :as watchword]
            [chaos.generator :as gen]
            [chaos.nemesis :as nemesis]
            [chaos.nemesis.times :as times]
            [chaos.simulation :as simulation]
            [clojure.java.io :as io]
            [clojure.test :refer [deftest is testing]])
  (:import (clojure.lang ExceptionInfo)))

(def ^:private time-s 34)

(defn- opts [seed] {:seed seed :time-s time-s :clients 10})

(defn- package
  "Without asking what this machine can do: a schedule is the same everywhere."
  [fault seed]
  ((nemesis/faults fault) (opts seed)))

(defn- ops-of
  "The operations of a package under load and after it, as invoked."
  [package]
  (simulation/invocations
   (simulation/run simulation/perfect
                   (gen/nemesis (gen/phases (:generator package) (:final-generator package))))))

(defn- schedule [fault seed]
  (map (juxt :f :value :time) (ops-of (package fault seed))))

(deftest should-end-each-fault-before-the-window-that-shows-a-stale-master
  (doseq [[fault _] (dissoc nemesis/faults :failovers)
          seed [1 2 3]
          :let [ops (simulation/invocations
                     (simulation/run simulation/perfect
                                     (gen/nemesis (:generator (package fault seed)))))]]
    (testing (str fault " seed " seed)
      (is (every? #(<= (:time %) (gen/seconds->ns (+ 0.1 (- time-s times/stale-window-s)))) ops)))))

(deftest should-undo-every-fault
  (doseq [fault (keys nemesis/faults)
          :let [{{:keys [starts ends]} :perf :as package} (package fault 7)
                last-of (fn [fs] (last (keep-indexed (fn [i op] (when (fs (:f op)) i))
                                                     (ops-of package))))]]
    (testing (str fault)
      (is (or (empty? starts) (< (last-of starts) (last-of ends)))))))

(deftest should-name-only-operations-that-it-can-perform
  (doseq [fault (keys nemesis/faults)
          :let [{acts :nemesis :as package} (package fault 7)]]
    (testing (str fault)
      (is (every? fn? (vals acts)))
      (is (every? acts (map :f (ops-of package))))
      (is (every? acts (mapcat (:perf package) [:starts :ends]))))))

(deftest should-strike-at-least-once-within-the-shortest-load
  (doseq [[fault make] (dissoc nemesis/faults :none)
          :let [{:keys [time-s-min perf generator]} (make (assoc (opts 7) :time-s times/time-s-min))
                ops (simulation/invocations
                     (simulation/run simulation/perfect (gen/nemesis generator)))]]
    (testing (str fault " at least " time-s-min)
      (is (some (:starts perf) (map :f ops))))))

(deftest should-say-which-faults-cannot-touch-the-master
  (is (= #{:none :kill-sentinel}
         (set (filter #(:spares-master? (package % 7)) (keys nemesis/faults))))))

(deftest should-repeat-a-schedule-by-its-seed
  (doseq [fault (keys (dissoc nemesis/faults :none))]
    (testing (str fault)
      (is (= (schedule fault 7) (schedule fault 7)))
      (is (not= (schedule fault 7) (schedule fault 8))))))

(deftest should-say-how-each-fault-reads
  (doseq [fault (keys nemesis/faults)]
    (is (string? (:phrase (package fault 7))) (str fault))))

(deftest should-refuse-a-load-that-is-too-short-for-the-fault
  (is (= 2 (try (nemesis/package-of :kill (assoc (opts 7) :time-s 10))
                (catch ExceptionInfo e (:exit (ex-data e)))))))

(deftest should-group-only-faults-that-exist
  (is (every? nemesis/faults (mapcat val nemesis/groups))))

(defn- hiccup
  "The example of docs/CHAOS.md, taken from the page."
  []
  (let [page (slurp (io/file (watchword/root) "docs" "CHAOS.md"))
        code (first (filter #(re-find #"chaos.nemesis.hiccup" %)
                            (map second (re-seq #"(?s)```clojure\n(.*?)```" page))))]
    (binding [*ns* *ns*] (load-string code))
    (:hiccup @(resolve 'chaos.nemesis.hiccup/faults))))

(deftest should-run-the-example-of-the-page
  (let [package ((hiccup) (opts 7))]
    (is (= [:stop-sentinels :wake-sentinels :wake-sentinels] (map :f (ops-of package))))
    (is (every? (:nemesis package) (map :f (ops-of package))))))
