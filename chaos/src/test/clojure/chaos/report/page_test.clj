(ns chaos.report.page-test
  "The page of runs that never happened (chaos.report.fixture), read as a reader without
  scripts reads it. What the script itself does is not seen here."
  (:require [chaos.report.fixture :as fixture]
            [chaos.report.html :as html]
            [chaos.report.markup :as markup]
            [chaos.report.page :as page]
            [clojure.data.json :as json]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]))

(def ^:private run (fixture/results 7))
(def ^:private text (page/page run))
(def ^:private readable (markup/text text))

(deftest should-be-well-formed
  (is (= :html (:tag (markup/parse text)))))

(deftest should-load-nothing-from-the-network
  (are [pattern] (not (re-find pattern text))
    #"(?i)https?://(?!www\.w3\.org/2000/svg)"
    #"(?i)@import|url\("
    #"(?i)<(script|img|iframe|object|embed|video|audio)[^>]* src="
    #"(?i)<link[^>]* href=\"(?!data:)"
    #"(?i)\b(eval|fetch|XMLHttpRequest|WebSocket|import)\s*\("))

(deftest should-link-only-to-what-is-there
  (let [ids (markup/attribute text :id)]
    (is (= (count ids) (count (distinct ids))))
    (doseq [href (markup/attribute text :href)
            :when (and (str/starts-with? href "#") (not (str/starts-with? href "#cell=")))]
      (is (some #{(subs href 1)} ids) href))))

(deftest should-never-say-that-something-passes
  (is (not (re-find #"(?i)\bpass(es|ed)?\b" text))))

(deftest should-show-every-verdict-and-number-without-the-script
  (doseq [{:keys [dir because workloads] :as cell} (:cells run)]
    (testing dir
      (is (str/includes? readable (subs because 1)))
      (is (str/includes? readable (html/number (:operations cell))))
      (doseq [{:keys [workload counts anomalies because]} workloads]
        (is (str/includes? readable workload))
        (is (str/includes? readable because))
        (doseq [n (concat (filter integer? (vals counts)) (map :count (vals anomalies)))]
          (is (str/includes? readable (html/number n))))
        (doseq [of (vals (:replica_staleness counts)), value (vals (dissoc of :n))]
          (is (str/includes? readable (html/decimal value 1)))))
      (doseq [stage (:stages_ms cell), k [:sdown :odown :switch :first_ok] :when (k stage)]
        (is (str/includes? readable (html/decimal (k stage) 0))))
      (doseq [{:keys [t event]} (:sentinel (:travel cell))]
        (is (str/includes? readable (html/decimal t 3)))
        (is (str/includes? readable event)))
      (is (= (set (map :verdict (cons cell workloads)))
             (set (re-seq #"expected|violated|unknown"
                          (str/join (markup/attribute (markup/part text :article dir)
                                                      :class)))))))))

(deftest should-show-the-operations-behind-an-anomaly-and-why
  (are [part] (str/includes? readable part)
    "Process 3 read 4 after process 1 had written 5 and been answered."
    "#8450"
    "3 more are in results.json."
    "#63321       34.200 s  final read of n3 (master): not there"
    "write <6> → info (timeout)"
    "Key register:7"
    "1 cycle of anti-dependencies (G2)"
    "Cycle: T1 –rw→ T2 –rw→ T1"
    "T1: txn [[\"append\",1,1],[\"r\",2,null]] → ok by n1"))

(deftest should-say-how-to-run-it-again-and-what-was-not-tested
  (are [part] (str/includes? readable part)
    "./watchword chaos --seed 7 <&>"
    "power cuts: needs a loop mount"
    "mounting is not allowed here"
    "None was published with this page."
    "An old master acknowledges nothing once it says that it is a replica"))

(deftest should-carry-the-instants-for-the-time-travel-view
  (let [cells (json/read-str (markup/script text "travel-data"))
        first-cell (first cells)]
    (is (= (map :dir (:cells run)) (map #(get % "dir") cells)))
    (is (= [3 3 3] (map #(second (last (get-in first-cell ["masters" %]))) ["1" "2" "3"]))
        "what each sentinel announced")
    (is (= 60 (count (get first-cell "lost"))))
    (is (= "master" (second (last (get-in first-cell ["roles" "3"])))))
    (is (= 340 (count (first (get first-cell "lanes")))))))

(deftest should-not-let-data-end-its-element
  (let [text (page/page (assoc-in run [:cells 0 :travel :lost 0 :key] "</script><b>"))]
    (is (= :html (:tag (markup/parse text))))
    (is (str/includes? (markup/script text "travel-data") "\\u003c/script>"))))

(deftest should-hide-from-readers-without-scripts-only-the-time-travel-view
  (let [hidden (markup/part text :div "travel-view")]
    (is (str/includes? hidden "hidden=\"hidden\""))
    (is (not (re-find #"<table|expected|violated" hidden)))))

(deftest should-draw-a-cell-of-which-little-is-known
  (let [bare {:system "stock" :nemesis "kill" :dir "stock-kill" :verdict "unknown"
              :because "interrupted" :workloads [] :operations 0}
        text (page/page (assoc run :cells [bare] :not_tested nil))]
    (is (= :html (:tag (markup/parse text))))
    (is (str/includes? text "interrupted"))
    (is (not (str/includes? text "<script")) "no time travel, hence no script")))

(deftest should-show-what-is-not-known-as-that
  (let [unread (assoc-in run [:cells 0 :workloads 0 :counts :lost_percent] nil)
        rows   #(re-seq #"<td[^>]*>unknown</td>" (page/page %))]
    (is (< (count (rows run)) (count (rows unread))))
    (is (= (count (rows run))
           (count (rows (assoc-in run [:cells 0 :workloads 0 :counts :lost_percent] 0.0)))))))

(deftest should-show-of-a-claim-what-was-found-of-it
  (let [judged (assoc-in run [:cells 0 :claims_judged]
                         [{:claim "demoted-at-first-contact" :verdict "unknown"
                           :because "not tested: nobody looked"}])]
    (is (str/includes? (page/page judged) "not tested: nobody looked"))
    (is (not (str/includes? (page/page run) "not tested: nobody looked")))))

(deftest should-stay-small
  (is (< (count (.getBytes (page/page (fixture/results 1 5)) "UTF-8")) 1500000)))

(deftest should-read-well-in-the-source-too
  (is (> 400 (count (line-seq (io/reader (io/resource "chaos/report.js")))))))

(deftest should-escape-text-and-leave-markup-that-was-meant
  (is (= "<p class=\"a&quot;b\">1 &lt; 2</p>" (html/render [:p {:class "a\"b"} "1 < 2"])))
  (is (= "<p><b></p>" (html/render [:p (html/raw "<b>")]))))

(deftest should-tell-of-as-many-nodes-as-there-were
  (let [all-like (fn [cell] (update run :cells (fn [cells] (map #(merge % cell) cells))))
        text-of  (comp markup/text page/page all-like)]
    (are [said cell] (str/includes? (text-of cell) said)
      "Three servers and three sentinels (quorum 2, down-after 1000 ms), real processes"
      {}
      "Five servers and five sentinels (quorum 3, down-after 500 ms), real processes"
      {:servers 5 :sentinels 5 :quorum 3 :down_after_ms 500}
      "Two servers and one sentinel of a cluster that this run found: server 1 at h:1, server 2"
      {:servers 2 :sentinels 1 :quorum nil :down_after_ms nil
       :places [{:kind "server" :node 1 :host "h" :port 1}
                {:kind "server" :node 2 :host "h" :port 2}
                {:kind "sentinel" :node 1 :host "h" :port 3}]}
      "Not recorded."
      {:servers nil})))
