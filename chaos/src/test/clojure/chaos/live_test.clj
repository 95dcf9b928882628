(ns chaos.live-test
  "The whole way on real processes: stock Redis is partitioned and must be caught. It is the
  only test here that needs programs beyond the JDK; without them it fails."
  (:require [chaos.cell :as cell]
            [chaos.cluster :as cluster]
            [chaos.run :as run]
            [chaos.store :as store]
            [clojure.java.io :as io]
            [clojure.test :refer [deftest is testing]]))

(def ^:private seed 20)

(defn- new-dir
  "A folder of this test's own under Maven's target, which `clean` removes."
  []
  (doto (io/file "target" (str "live-" (System/nanoTime))) (.mkdirs)))

(deftest should-catch-stock-redis-losing-acknowledged-writes-in-a-partition
  (run/must-have-all! [:stock])
  (let [dir   (new-dir)
        opts  (assoc (first (run/plan {:system [:stock] :nemesis [:partition] :seed seed
                                       :time-s 20}))
                     :rate 300)
        ran   (atom nil)]
    (cell/run! dir opts {:on-cluster #(reset! ran %) :stop? (constantly false)})
    (let [{:keys [verdict adds stale certificates]} (cell/analyze (store/cell-dir dir opts))]
      (testing (str "seed " seed ", history in " dir)
        (is (= :expected verdict))
        (is (:complete? adds))
        (is (pos? (get-in adds [:lost :count])))
        (is (every? zero? (map #(get-in adds [% :count]) [:dirty :unexpected :corrupt :divergent])))
        (is (some? (:demoted-ms stale)))
        (is (seq certificates))
        (is (not-any? #(cluster/alive? @ran % 1) [:server :sentinel]))
        (is (.isFile (io/file dir "stock-partition" "n1" "server.log")))))))
