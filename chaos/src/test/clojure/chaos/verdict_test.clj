(ns chaos.verdict-test
  (:require [chaos.verdict :as verdict]
            [clojure.test :refer [are deftest is]]))

(def ^:private clean
  {:complete? true :acknowledged 100 :lost-percent 0.0 :lost {:count 0} :dirty {:count 0}
   :unexpected {:count 0} :corrupt {:count 0} :divergent {:count 0}})

(def ^:private lossy (assoc clean :lost {:count 40} :lost-percent 40.0))

(def ^:private demoted {:applies? true :valid? true :stale-after-demotion 0})

(defn- judge
  ([system nemesis adds] (judge system nemesis adds demoted))
  ([system nemesis adds stale]
   (:verdict (verdict/judge {:system system :nemesis nemesis
                             :claims (if (= system :watchword) #{:demoted-at-first-contact} #{})}
                            {:adds adds :stale stale}))))

(deftest should-expect-the-control-to-be-caught
  (is (= :expected (judge :stock :partition lossy)))
  (is (= :unknown (judge :stock :partition clean)))
  (is (= :expected (judge :stock :kill clean))))

(deftest should-state-a-loss-that-the-mode-allows
  (is (= :expected (judge :watchword :partition lossy)))
  (is (= "we found 40 of 100 acknowledged writes lost (40.0 %)"
         (:because (verdict/judge {:system :watchword :nemesis :partition :claims #{}}
                                  {:adds lossy :stale demoted})))))

(deftest should-call-what-no-mode-allows-violated
  (are [kind] (= :violated (judge :watchword :partition (assoc lossy kind {:count 1})))
    :dirty :unexpected :corrupt :divergent))

(deftest should-hold-watchword-to-its-claim-of-demotion
  (is (= :violated (judge :watchword :partition lossy
                          {:applies? true :valid? false :stale-after-demotion 3})))
  (is (= :expected (judge :stock :partition lossy
                          {:applies? true :valid? false :stale-after-demotion 3})))
  (is (= :unknown (judge :watchword :kill clean {:applies? true :valid? :unknown}))))

(deftest should-not-take-a-master-that-nobody-replaced-for-a-failover
  (are [verdict first-ok]
       (= verdict (:verdict (verdict/judge {:system :watchword :nemesis :kill :claims #{}}
                                           {:adds lossy :stale demoted
                                            :stages [{:first-ok 900.0} {:first-ok first-ok}]})))
    :expected 1100.0
    :unknown  nil))

(deftest should-never-take-unknown-for-a-pass
  (is (= :unknown (judge :watchword :kill (assoc clean :complete? false))))
  (is (= :unknown (judge :watchword :kill (assoc clean :acknowledged 0))))
  (are [status verdicts] (= status (verdict/exit-status verdicts))
    0 [:expected :expected]
    1 [:expected :unknown :violated]
    4 [:expected :unknown]
    4 []))
