(ns chaos.planted-test
  "The self-test: its plan and its table on values, and a slice of it on real servers. The slice
  needs redis-server; without it, it fails."
  (:require [chaos.planted :as planted]
            [chaos.planted.case :as case]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]))

(def ^:private opts {:seed 5 :time-s 3 :lies [:corrupt :phantom :duplicate-incr]})

(deftest should-run-each-lie-and-then-something-clean
  (let [cases (planted/plan opts)]
    (is (= [0 1 2 3 4 5] (map :number cases)))
    (is (= #{[:corrupt :set 3] [:phantom :set 3] [:duplicate-incr :counter 3]}
           (set (map (juxt :name :workload :time-s) (take-nth 2 cases)))))
    (is (= (map :workload (take-nth 2 cases)) (map :workload (take-nth 2 (rest cases)))))
    (is (every? #(= [nil 1.0] ((juxt :name :time-s) %)) (take-nth 2 (rest cases))))
    (is (apply distinct? (map :seed cases)))))

(deftest should-shuffle-by-its-seed
  (let [order (fn [seed] (map :name (planted/plan (assoc opts :seed seed))))]
    (is (= (order 5) (order 5)))
    (is (< 1 (count (distinct (map order (range 20))))))))

(deftest should-not-let-workload-or-checker-know-the-lie
  (let [known (map case/options (planted/plan opts))]
    (is (every? #(= #{:seed :time-s :clients :rate :system :workload :nodes} (set (keys %))) known))
    (is (not-any? #(re-find #"corrupt|phantom|duplicate" (pr-str %)) known))))

(defn- answer [valid? & {:as more}]
  (merge {:valid? valid? :classes [] :counts {:ok 9} :strikes 3 :seconds 2.0} more))

(def ^:private cases
  [{:number 0 :name :corrupt :lie {:found-as #{:corrupt :unexpected}} :workload :set}
   {:number 1 :name nil :lie {} :workload :set}
   {:number 2 :name :slow :lie {:harmless? true} :workload :register}])

(defn- rights [& answers]
  (map :right (planted/reveal cases (zipmap (range) answers))))

(deftest should-know-which-answers-are-right
  (are [expected answers] (= expected (apply rights answers))
    [true true true]    [(answer false :classes [:corrupt]) (answer true :strikes 0)
                         (answer true)]
    [true true true]    [(answer false :classes [:lost :unexpected]) (answer true) (answer true)]
    [false false false] [(answer true) (answer false) (answer false)])
  (testing "a lie must be found as what it is"
    (is (= [false true true] (rights (answer false :classes [:lost]) (answer true)
                                     (answer true)))))
  (testing "unknown is never a pass"
    (is (= [false false false] (apply rights (repeat 3 (answer :unknown))))))
  (testing "nor is a lie that never struck, or a run in which nothing happened"
    (is (= [false true false] (rights (answer false :strikes 0) (answer true :strikes 0)
                                      (answer true :strikes 0))))
    (is (= [false false false] (rights (answer false :counts {:ok 0}) (answer true :counts {:ok 0})
                                       (answer true :counts {:ok 0}))))))

(deftest should-say-that-a-lie-was-found-by-nothing-that-tells-of-it
  (let [[row] (planted/reveal cases {0 (answer false :classes [:lost]) 1 (answer true)
                                     2 (answer true)})]
    (is (re-find #"flagged +lost  <- WRONG: none of these tells of it: corrupt unexpected would$"
                 (second (str/split-lines (planted/table [row])))))))

(deftest should-print-what-was-flagged-and-mark-what-is-wrong
  (let [answers [(answer false :classes [:corrupt]) (answer false) (answer true)]
        table   (planted/table (planted/reveal cases answers))
        line    (fn [start] (first (filter #(str/starts-with? % start) (str/split-lines table))))]
    (is (re-find #"corrupt +set +9 +3 +2.0 +flagged +corrupt$" (line "corrupt")))
    (is (str/ends-with? (line "(clean)") "WRONG"))
    (is (re-find #"register.*not flagged" (line "slow *")))
    (is (= "1 of 1 lies flagged, 0 of 1 harmless ones flagged, 1 of 1 clean runs flagged"
           (last (str/split-lines table))))))

(deftest should-throw-on-arguments-it-does-not-know
  (are [args] (thrown? clojure.lang.ExceptionInfo (planted/main args))
    ["--lies" "fantom"]
    ["--time" "0"]
    ["--speed" "9"]
    ["more"]))

;; ---- a slice of it, live ----

(deftest should-flag-three-lies-and-nothing-harmless-on-real-servers
  (let [dir (io/file "target" (str "planted-" (System/nanoTime)))
        out (java.io.StringWriter.)]
    (is (= 0 (binding [*out* out]
               (planted/main ["--seed" "11" "--time" "2" "--out" (str dir) "--lies"
                              "drop-acknowledged,duplicate-incr,torn-transaction,slow"])))
        (str out))
    (is (re-find #"3 of 3 lies flagged, 0 of 2 harmless ones flagged, 0 of 5 clean" (str out)))
    (is (re-find #"\"self_test\":\[\{" (slurp (io/file dir "selftest.json"))))))
