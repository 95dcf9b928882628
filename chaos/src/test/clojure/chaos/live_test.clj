(ns chaos.live-test
  "The whole way on real processes: stock Redis is partitioned and must be caught. It is the
  only test here that needs programs beyond the JDK; without them it fails."
  (:require [chaos.cell :as cell]
            [chaos.cluster :as cluster]
            [chaos.findings :as findings]
            [chaos.profile :as profile]
            [chaos.run :as run]
            [clojure.java.io :as io]
            [clojure.test :refer [deftest is testing]]))

(def ^:private seed 20)

(defn- new-dir
  "A folder of this test's own under Maven's target, which `clean` removes."
  []
  (doto (io/file "target" (str "live-" (System/nanoTime))) (.mkdirs)))

(deftest should-catch-stock-redis-losing-acknowledged-writes-in-a-partition
  (run/must-have-all! [:stock])
  (let [dir    (new-dir)
        opts   (first (profile/plan (profile/options {:system [:stock] :nemesis [:partition]
                                                      :workloads [:set] :seed seed :rate 300
                                                      :time-s 20})
                                    {}))
        ran    (atom nil)
        folder (cell/run! dir opts {:on-cluster #(reset! ran %) :stop? (constantly false)
                                    :on-op (constantly nil) :say (constantly nil)})
        {:keys [verdict workloads stale travel]} (findings/analyze folder)
        {:keys [anomalies complete?]} (first workloads)]
    (testing (str "seed " seed ", history in " dir)
      (is (= :expected verdict))
      (is complete?)
      (is (pos? (get-in anomalies [:lost :count])))
      (is (seq (get-in anomalies [:lost :shown])))
      (is (not-any? anomalies [:dirty :unexpected :corrupt :divergent]))
      (is (some? (:demoted-ms stale)))
      (is (seq (:offsets travel)))
      (is (not-any? #(cluster/alive? @ran % 1) [:server :sentinel]))
      (is (.isFile (io/file dir "stock-partition" "n1" "server.log"))))))
