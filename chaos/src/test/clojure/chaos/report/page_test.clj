(ns chaos.report.page-test
  "The page of a run that never happened, told as a literal history."
  (:require [chaos.report.html :as html]
            [chaos.report.page :as page]
            [chaos.report.plot :as plot]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is]]))

(def ^:private cell
  {:system :stock :version "Redis 7.0.15" :mode :available :workload :set
   :nemesis :partition :client_style :rediscover :clients 10 :rate 1000 :time_s 34
   :verdict :expected :because "we found 40 of 100 acknowledged writes lost (40.0 %)"
   :ok 100 :fail 3 :info 2 :lost 40 :lost_percent 40.0 :loss_window_s [4.0 9.5] :recovered 1
   :never_read 1 :dirty 0 :unexpected 0 :corrupt 0 :divergent 0
   :stages_ms [{:fault "partition" :node 1 :at_s 4.0 :sdown 1100.0 :odown 1200.0 :switch nil
                :first_ok 2300.0}]
   :stale {:applies? true :node 1 :contact-ms 1.0 :order-ms nil :demoted-ms 10000.0
           :contact-to-demoted-ms 9999.0 :stale-after-return 7 :stale-after-contact 7
           :stale-after-order 0 :stale-after-demotion 0 :last-stale-ms 9990.0}
   :shade "partition" :shades_s [[4.0 9.0]] :slice_s 0.5
   :slices [{:at-s 0.0 :kept 60.0 :lost 40.0 :fail 3.0 :info 2.0 :ms [0.5 1.0 2.0]}
            {:at-s 0.5 :kept 0.0 :lost 0.0 :fail 0.0 :info 0.0 :ms [nil nil nil]}]
   :dots [[0.0 0.5 :ok] [0.5 500.0 :info]]
   :certificates [{:element 7
                   :adds [{:index 1 :time 4100000000 :type :ok :process 3 :value 7 :node 1}]
                   :reads [{:index 9 :time 30000000000 :node 2 :role "master" :holds? false}]}]
   :machine_load [1.0 2.0] :operations 205 :dir "stock-partition"})

(def ^:private run
  {:run "r1" :seed 7 :started "2026-01-01T00:00:00Z" :command "./watchword chaos --seed 7 <&>"
   :machine {:cores 2 :memory-mb 2048} :versions {"stock" "Redis 7.0.15"} :cells [cell]})

(def ^:private text (page/page run "{\"note\":\"</script>\"}"))

(deftest should-say-what-was-found-and-how-to-run-it-again
  (are [part] (str/includes? text part)
    "we found 40 of 100 acknowledged writes lost (40.0 %)"
    "./watchword chaos --seed 7 &lt;&amp;&gt;"
    "Seed <code>7</code>"
    "What was not tested"
    "element 7"
    "not there"))

(deftest should-load-nothing-and-run-nothing
  (is (not (re-find #"(?i)(src|href)=\"(?!data:)" text)))
  (is (not (re-find #"(?i)url\(|@import|https?://" text)))
  (is (= 1 (count (re-seq #"<script" text))) "only the data")
  (is (= 1 (count (re-seq #"</script>" text))) "the data cannot end its own element"))

(deftest should-never-say-that-something-passes
  (is (not (re-find #"(?i)\bpass(es|ed)?\b" (first (str/split text #"<script"))))))

(deftest should-balance-its-tags
  (doseq [tag ["div" "table" "tr" "td" "th" "svg" "g" "section" "ul" "li" "dl" "p" "text"]]
    (is (= (count (re-seq (re-pattern (str "<" tag "[ >]")) text))
           (count (re-seq (re-pattern (str "</" tag ">")) text)))
        tag)))

(deftest should-draw-a-cell-without-any-write
  (is (str/includes? (page/page (assoc run :cells [(assoc cell :slices [] :dots [] :stages_ms []
                                                          :loss_window_s nil :certificates []
                                                          :stale {:applies? false})])
                                "{}")
                     "</html>")))

(deftest should-escape-text-and-leave-markup-that-was-meant
  (is (= "<p class=\"a&quot;b\">1 &lt; 2</p>" (html/render [:p {:class "a\"b"} "1 < 2"])))
  (is (= "<p><b></p>" (html/render [:p (html/raw "<b>")]))))

(deftest should-cut-an-axis-at-round-numbers
  (are [step limit] (== step (plot/nice-step limit 5))
    200.0 1000
    500.0 1100
    0.5   2.4
    1.0   5))
