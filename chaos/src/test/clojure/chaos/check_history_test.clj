(ns chaos.check-history-test
  "The command on the example files of chaos/src/test/resources/histories."
  (:require [chaos.check-history :as check-history]
            [chaos.cli :as cli]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is]])
  (:import (java.io StringWriter)))

(defn- example [name]
  (str (io/file (or (System/getProperty "watchword.root") "..")
                "chaos" "src" "test" "resources" "histories" name)))

(defn- run-of
  "[exit status, what was printed] of the arguments; a name with a dot is an example."
  [& args]
  (let [out (StringWriter.)]
    (binding [*out* out, *err* out]
      [(cli/main (cons "check-history" (map #(if (re-find #"^[a-z-]+\d?[a-z]*\.[a-z]+$" %)
                                               (example %)
                                               %)
                                            args)))
       (str out)])))

(deftest should-give-each-example-its-verdict
  (are [status args] (= status (first (apply run-of args)))
    0 ["register-valid.edn"]
    0 ["--model" "cas-register" "--format" "edn" "register-valid.edn"]
    1 ["--initial" "7" "register-valid.edn"]
    1 ["register-stale.edn"]
    1 ["--independent" "independent-stale.edn"]
    0 ["etcd-valid.log"]
    1 ["etcd-refused.log"]
    0 ["--model" "kv" "kv-valid.txt"]
    1 ["kv-lost.txt"]
    1 ["mutex-twice.edn"]
    0 ["elle-valid.txt"]
    1 ["elle-g1c.txt"]
    2 ["damaged-half.edn"]
    2 ["damaged-pairs.log"]
    2 ["--model" "mutex" "register-valid.edn"]
    2 ["--initial" "1" "elle-valid.txt"]
    2 ["--independent" "etcd-valid.log"]
    2 ["independent-stale.edn" "no-such.edn"]))

(deftest should-end-with-the-worst-status-after-judging-every-file
  (let [[status said] (run-of "register-stale.edn" "damaged-pairs.log" "register-valid.edn")]
    (is (= 2 status))
    (is (str/includes? said "INVALID"))
    (is (str/includes? said "damaged-pairs.log:3: process 0 ends what it did not call"))
    (is (str/includes? said "valid    ")))
  (is (= 1 (first (run-of "register-stale.edn" "register-valid.edn")))))

(deftest should-print-the-operations-that-show-it-with-their-lines
  (let [[_ said] (run-of "register-stale.edn")]
    (are [words] (str/includes? said words)
      "INVALID"
      "cas-register, 3 operations, 1 keys"
      "lines 1-2  process 0  write 1"
      "lines 3-4  process 0  write 2"
      "lines 5-6  process 1  read 1")))

(deftest should-not-know-what-the-recheck-denies
  (doseq [[file model words] [["register-stale.edn" :cas-register "nonlinearizable"]
                              ["elle-g1c.txt" :list-append "G1c"]]]
    (with-redefs [check-history/checkers
                  (assoc-in check-history/checkers [model :recheck] (constantly false))]
      (let [[status said] (run-of file)]
        (is (= 4 status))
        (is (str/starts-with? said "unknown"))
        (is (re-find (re-pattern (str "a certificate of " words ".* could not be confirmed"))
                     said))))))

(deftest should-refuse-a-wrong-command-line
  (are [args] (= 2 (first (apply run-of args)))
    []
    ["--model" "stack" "register-valid.edn"]
    ["--format" "csv" "register-valid.edn"]
    ["--time-limit" "0" "register-valid.edn"]
    ["--initial" "[" "register-valid.edn"]
    ["--self-test" "0"]
    ["--colour" "register-valid.edn"]))

(deftest should-test-itself
  (let [[status said] (run-of "--self-test" "300" "--seed" "5")]
    (is (= 0 status))
    (is (str/includes? said "300 histories, seeds 5 to 304:"))
    (is (str/includes? said "our checker was wrong on 0"))))

(deftest should-know-every-model-that-help-names
  (let [[status said] (run-of "--help")]
    (is (= 0 status))
    (is (every? #(str/includes? said (name %)) (keys check-history/checkers)))))
