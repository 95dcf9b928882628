(ns chaos.checker.replica-reads-test
  "Literal histories of one key: `(w 1)` is an acknowledged write of 1 by session 0, `(r 2 1)`
  a read of 1 from replica 2 by session 9. Each operation takes a millisecond."
  (:require [chaos.checker.replica-reads :as replica-reads]
            [clojure.test :refer [are deftest is testing]]))

(defn- op [process f type more]
  [(merge {:process process :f f :type :invoke :key 0} (dissoc more :node :value)
          (when (= :write f) (select-keys more [:value])))
   (merge {:process process :f f :type type :key 0} more)])

(defn- w ([n] (w n :ok)) ([n type] (op 0 :write type {:value n :node 1})))
(defn- r ([node n] (r node n 9))
  ([node n session] (op session :read :ok {:value n :node node :from :replica})))
(defn- at-master [n] (op 9 :read :ok {:value n :node 1 :from :master}))

(defn- history [& ops] (into [] (map-indexed #(assoc %2 :index %1 :time (* 1000000 %1)))
                             (apply concat ops)))

(defn- check [& ops] (replica-reads/check (apply history ops) {}))

(defn- classes [& ops] (update-vals (:anomalies (apply check ops)) :count))

(deftest should-accept-reads-that-only-lag
  (are [ops] (= {} (apply classes ops))
    [(w 1) (r 2 nil) (r 2 1)]
    [(w 1) (w 2) (r 2 1) (r 3 1) (r 3 2) (at-master 2)]
    [(w 1) (w 2 :info) (r 2 2) (r 2 2)]))

(deftest should-flag-each-anomaly
  (are [class ops] (= {class 1} (apply classes ops))
    :non-monotonic-node-read [(w 1) (w 2) (r 2 2) (r 2 1)]
    :non-monotonic-read      [(w 1) (w 2) (r 2 2) (r 3 1)]
    :non-monotonic-node-read [(w 1) (r 2 1) (r 2 nil)]
    :read-your-writes        [(w 1) (r 2 nil 0)]
    :stale-read              [(w 1) (r 2 nil) (at-master nil)]
    :unexpected              [(w 1) (r 2 7)]
    :dirty                   [(w 1 :fail) (r 2 1)]))

(deftest should-not-blame-a-write-that-may-have-come-late
  (is (= {} (classes (w 1 :info) (w 2) (r 2 2) (r 2 1)))))

(defn- fault [value]
  [{:process :nemesis :type :info :f :fault}
   {:process :nemesis :type :info :f :fault :value value :done? true}])

(deftest should-let-a-restarted-node-begin-with-what-it-had-kept
  (are [class value] (= {class 1} (classes (w 1) (w 2) (r 2 2) (fault value) (r 2 1)))
    :non-monotonic-read      {:rolled 2}
    :non-monotonic-read      {:bounced 2}
    :non-monotonic-read      {:killed 2}
    :non-monotonic-read      {:killed-all [1 2 3]}
    :non-monotonic-read      {:started [[:server 2] [:sentinel 2]]}
    :non-monotonic-node-read {:rolled 3}
    :non-monotonic-node-read {:killed-sentinel 2}
    :non-monotonic-node-read {:started [[:sentinel 2] [:server 3]]}
    :non-monotonic-node-read {:planned 2}
    :non-monotonic-node-read nil)
  (testing "and bind it to what it showed in this life"
    (is (= {:non-monotonic-node-read 1 :non-monotonic-read 1}
           (classes (w 1) (w 2) (r 2 2) (fault {:rolled 2}) (r 2 1) (r 2 nil)))))
  (testing "a read under way at the restart is of no life for certain"
    (let [[begun ended] (fault {:rolled 2})
          during        #(concat [begun] % [ended])]
      (is (= {:non-monotonic-read 1}
             (classes (w 1) (w 2) (during (r 2 2)) (r 2 1))))
      (is (= {:non-monotonic-read 1}
             (classes (w 1) (w 2) (r 2 2) (during (r 2 1)) (r 2 1 8)))))))

(deftest should-recheck-that-no-restart-was-in-between
  (let [proof #(first (:shown (:non-monotonic-node-read (:anomalies (replica-reads/check % {})))))
        h     (history (w 1) (w 2) (r 2 2) (fault {:rolled 3}) (r 2 1))]
    (is (replica-reads/recheck h (proof h)))
    (is (not (replica-reads/recheck (assoc-in h [7 :value] {:rolled 2}) (proof h))))))

(deftest should-not-mix-sessions-or-keys
  (is (= {} (classes (w 1) (w 2) (r 2 2 8) (r 2 1 9))))
  (is (= {} (classes (w 1) (w 2) (r 2 2) (map #(assoc % :key 5) (r 2 nil))))))

(deftest should-measure-how-many-versions-and-how-long-a-read-is-behind
  (let [{:keys [counts]} (check (w 1) (w 2) (w 3) (r 2 1) (r 2 3) (at-master 3))]
    (testing "two newer writes, the older of them acknowledged 3 ms before the read began"
      (is (= {:n 2 :max 2 :q50 0 :q95 2 :q99 2} (get-in counts [:replica-staleness :k])))
      (is (= 3.0 (get-in counts [:replica-staleness :t-ms :max]))))
    (is (= 0 (get-in counts [:master-staleness :k :max])))))

(deftest should-be-unsure-when-no-replica-was-read
  (is (= :unknown (:valid? (check (w 1) (at-master 1))))))

(deftest should-recheck-only-what-is-wrong
  (let [h (history (w 1) (w 2) (w 3 :fail) (r 2 2) (r 2 1) (r 3 nil) (at-master 1) (r 2 7) (r 2 3)
                   (r 2 1 0))
        proofs (mapcat :shown (vals (:anomalies (replica-reads/check h {}))))]
    (is (= #{:non-monotonic-node-read :non-monotonic-read :read-your-writes :stale-read :unexpected
             :dirty}
           (set (map :class proofs))))
    (doseq [{:keys [class ops] :as proof} proofs]
      (is (replica-reads/recheck h proof) class)
      (is (not (replica-reads/recheck h (assoc proof :ops [(second ops) (h 7)]))) class)
      (is (not (replica-reads/recheck h (assoc-in proof [:ops 1 :node] 99))) class))))
