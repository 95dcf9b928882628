(ns chaos.publish-test
  "Publishing runs into a folder of reports, on files of this test's own."
  (:require [chaos.cli :as cli]
            [chaos.publish :as publish]
            [chaos.report.fixture :as fixture]
            [chaos.report.html :as html]
            [chaos.report.markup :as markup]
            [clojure.data.json :as json]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [deftest is]])
  (:import (clojure.lang ExceptionInfo)))

(defn- new-dir
  "A folder of this test's own under Maven's target, which `clean` removes."
  []
  (doto (io/file "target" (str "publish-" (System/nanoTime))) .mkdirs))

(defn- run-dir
  "A folder with a stored run; of its histories only that of the first cell is there."
  [run]
  (let [dir (new-dir)]
    (spit (io/file dir "results.json") (json/write-str run))
    (doto (io/file dir (:history (first (:cells run)))) io/make-parents (spit "a history"))
    dir))

(defn- exit [f & args] (try (apply f args) (catch ExceptionInfo e (:exit (ex-data e)))))

(defn- published
  "The folder after publishing runs of these seeds."
  [& seeds]
  (let [out (io/file (new-dir) "reports")]
    (publish/publish-all! (map (comp run-dir fixture/results) seeds) out true)
    out))

(deftest should-write-a-page-for-each-run-and-an-index-that-links-to-them
  (let [out   (published 1 2)
        index (slurp (io/file out "index.html"))]
    (is (= :html (:tag (markup/parse index))))
    (doseq [href (markup/attribute index :href) :when (not= "data:," href)]
      (let [[file id] (str/split href #"#")]
        (is (.isFile (io/file out file)) href)
        (when id
          (is (some #{id} (markup/attribute (slurp (io/file out file)) :id)) href))))))

(deftest should-sum-over-seeds-in-the-index
  (let [index (markup/text (slurp (io/file (published 1 2) "index.html")))
        lost  (for [seed [1 2], c (:cells (fixture/results seed)), w (:workloads c)
                    :when (= ["stock" "partition"] [(:system c) (:nemesis c)])]
                (get-in w [:anomalies :lost :count] 0))]
    (is (str/includes? index (str (html/number (reduce + lost)) " lost")))
    (is (str/includes? index "seeds 1, 2"))
    (is (not (re-find #"(?i)\bpass(es|ed)?\b" index)))))

(deftest should-copy-the-histories-and-link-to-no-missing-one
  (let [out  (published 1)
        page (slurp (io/file out "run-1" "index.html"))
        kept (:history (first (:cells (fixture/results 1))))]
    (is (= "a history" (slurp (io/file out "run-1" kept))))
    (is (= [kept] (distinct (filter #(str/ends-with? % ".edn.gz")
                                    (markup/attribute page :href)))))))

(deftest should-write-the-pages-anew-without-any-run-named
  (let [out  (published 1)
        page (io/file out "run-1" "index.html")
        text (slurp page)]
    (spit page "old")
    (publish/publish-all! [] out true)
    (is (= text (slurp page)))
    (is (.isFile (io/file out "run-1" (:history (first (:cells (fixture/results 1)))))))))

(deftest should-leave-the-histories-where-they-are-when-told-to
  (let [out (io/file (new-dir) "reports")]
    (is (= 0 (cli/main ["report" "--no-histories" "--out" (str out)
                        (str (run-dir (fixture/results 1)))])))
    (is (not (str/includes? (slurp (io/file out "run-1" "index.html")) "edn.gz")))))

(deftest should-show-a-self-test-in-the-index-and-in-every-page
  (let [out (published 1)
        dir (doto (new-dir) (-> (io/file "selftest.json")
                                (spit (json/write-str fixture/self-test))))]
    (publish/publish-all! [dir] out true)
    (doseq [file ["index.html" "run-1/index.html"]
            part ["1 of 1 lies flagged, 0 of 1 harmless ones flagged, 1 of 1 clean runs flagged"
                  "drop-acknowledgedset1\u202f20012flaggedlostyes"
                  "none, a clean runcounter1\u202f4000flaggedabove-boundsno"]]
      (is (str/includes? (markup/text (slurp (io/file out file))) part)))))

(deftest should-refuse-what-it-cannot-render
  (let [out (io/file (new-dir) "reports")
        of  #(exit publish/publish-all! % out true)
        run (fixture/results 1)]
    (is (= 2 (of [(new-dir)])) "an empty folder")
    (is (= 2 (of [(run-dir (assoc run :version 1))])))
    (is (= 2 (of [(run-dir (assoc run :run "../elsewhere"))])))
    (is (= 2 (of [(run-dir run) (run-dir run)])) "two of one name")
    (is (= 2 (of [])) "nothing to write")
    (is (= 2 (exit publish/main ["--colour"])))
    (is (not (.exists out)))))

(deftest should-copy-no-file-from-outside-the-run
  (let [run (assoc-in (fixture/results 1) [:cells 0 :history] "../secret.edn.gz")
        dir (new-dir)
        out (io/file (new-dir) "reports")]
    (spit (io/file dir "secret.edn.gz") "outside")
    (let [inner (doto (io/file dir "run") .mkdirs)]
      (spit (io/file inner "results.json") (json/write-str run))
      (publish/publish-all! [inner] out true))
    (is (not (.exists (io/file out "secret.edn.gz"))))
    (is (not (str/includes? (slurp (io/file out "run-1" "index.html")) "secret")))))
