(ns chaos.run-test
  "A run of which cells fail, the whole way from the plan to the page, on systems that never
  start a process."
  (:require [chaos.cell :as cell]
            [chaos.db :as db]
            [chaos.db.system :as system]
            [chaos.findings :as findings]
            [chaos.nemesis :as nemesis]
            [chaos.profile :as profile]
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

(def ^:private expected
  (fn [dir opts _] (let [folder (store/cell-dir dir opts)]
                     (store/save-edn! (io/file folder "cell.edn")
                                      (select-keys opts [:system :nemesis]))
                     folder)))

(defn- as-expected [folder]
  (merge (store/load-edn (io/file folder "cell.edn"))
         {:verdict :expected :because "" :workloads [] :stages [] :stale {} :operations 0}))

(deftest should-list-the-cells-that-it-never-reached
  (with-redefs [db/systems {:broken ->Broken}, cell/run! expected, findings/analyze as-expected]
    (let [dir     (new-dir)
          stopped (atom false)
          missing {:what "cell broken / kill"
                   :why  "planned, and the run ended before it had a result"}
          listed  #(filter #{missing} (:not_tested (results dir)))
          status  (atom nil)
          run!    #(#'run/run-plan! (opts dir) (constantly nil) %)]
      (testing "after an interrupt"
        (with-redefs [cell/run! (fn [dir opts control]
                                  (reset! stopped true)
                                  (expected dir opts control))]
          (is (str/includes? (with-out-str (reset! status (run! {:stop? #(deref stopped)})))
                             "not tested: cell broken / kill, planned")))
        (is (= [4 [missing]] [@status (listed)])))
      (testing "and when it is analysed"
        (with-out-str (reset! status (run/analyze! {:dir (str dir)})))
        (is (= [4 [missing]] [@status (listed)])))
      (testing "but not when all were"
        (expected dir {:system :broken :nemesis :kill} nil)
        (with-out-str (reset! status (run/analyze! {:dir (str dir)})))
        (is (= [0 []] [@status (listed)]))))))

(deftest should-say-which-faults-of-a-profile-could-not-be-had
  (let [refusal (fn [fault _]
                  (when (= :power-cut fault) (throw (ex-info "no loop devices" {:exit 3}))))
        opts    {:nemesis [:none :power-cut :disk-full] :if-had [:power-cut :disk-full]
                 :workloads [:set]}]
    (with-redefs [nemesis/package-of refusal]
      (let [refused (#'run/not-to-be-had opts)
            opts    (profile/without opts refused)]
        (is (= {:power-cut "no loop devices"} refused))
        (is (= [:none :disk-full] (:nemesis opts)))
        (is (some #{{:what "fault power-cut" :why "no loop devices"}}
                  (#'run/not-in-plan opts refused)))))))

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
