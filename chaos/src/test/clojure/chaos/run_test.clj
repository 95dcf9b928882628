(ns chaos.run-test
  "A run of which cells fail, the whole way from the plan to the page, on systems that never
  start a process."
  (:require [chaos.db :as db]
            [chaos.db.system :as system]
            [chaos.run :as run]
            [chaos.store :as store]
            [clojure.data.json :as json]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [deftest is testing]])
  (:import (java.io IOException)))

(defrecord Broken []
  system/Database
  (lacks [_] nil)
  (argv [_ _ _] [])
  (environment [_ _] {})
  (config [_ _ _] (throw (IllegalStateException. "no configuration")))
  (claims [_] #{}))

(defn- new-dir [] (io/file "target" (str "run-" (System/nanoTime))))

(defn- opts [dir]
  {:seed 1 :out (str dir) :command "./watchword chaos" :system [:broken] :nemesis [:none :kill]
   :workloads [:set] :net :mesh :clients 2 :rate 10 :time-s 34 :style :rediscover})

(defn- results [dir] (json/read-str (slurp (io/file dir "results.json")) :key-fn keyword))

(deftest should-go-on-after-a-cell-that-failed-and-report-it
  (with-redefs [db/systems {:broken ->Broken}]
    (let [dir    (new-dir)
          shown  (atom nil)
          status (atom nil)
          said   (with-out-str (reset! status (run/run! (opts dir) #(reset! shown %))))
          reason "the harness failed: java.lang.IllegalStateException: no configuration"
          reasons (for [cell ["broken-none" "broken-kill"]]
                    (str reason "; see " cell "/failure.txt"))]
      (is (= 4 @status))
      (is (= [[:none :unknown] [:kill :unknown]] (map (juxt :nemesis :verdict) @shown)))
      (is (str/includes? said reason))
      (testing "the report names it"
        (is (= (map #(vector % nil) reasons) (map (juxt :because :history) (:cells (results dir)))))
        (is (str/includes? (slurp (io/file dir "index.html")) "no configuration")))
      (testing "the stack trace is in the folder of the cell"
        (is (str/includes? (slurp (io/file dir "broken-kill" "failure.txt")) "run_test")))
      (testing "and it can be analysed again"
        (let [again (atom nil)]
          (with-out-str (reset! again (run/analyze! {:dir (str dir)})))
          (is (= 4 @again))
          (is (= reasons (map :because (:cells (results dir))))))))))

(deftest should-name-a-cell-whose-failure-could-not-even-be-kept
  (with-redefs [db/systems {:broken ->Broken}
                store/save-edn! (fn [file value]
                                  (if (str/ends-with? (str file) "cell.edn")
                                    (throw (IOException. "no room"))
                                    (spit file (pr-str value))))]
    (let [dir (new-dir)]
      (with-out-str (is (= 4 (run/run! (opts dir) (constantly nil)))))
      (is (= [["none" "the harness failed: java.io.IOException: no room"]
              ["kill" "the harness failed: java.io.IOException: no room"]]
             (map (juxt :nemesis :because) (:cells (results dir))))))))

(deftest should-leave-nothing-of-a-cell-that-failed
  (let [before (set (filter #(= "chaos-mesh" (.getName ^Thread %))
                            (keys (Thread/getAllStackTraces))))]
    (with-redefs [db/systems {:broken ->Broken}]
      (with-out-str (run/run! (opts (new-dir)) (constantly nil))))
    (is (= before (set (filter #(= "chaos-mesh" (.getName ^Thread %))
                               (keys (Thread/getAllStackTraces))))))))
