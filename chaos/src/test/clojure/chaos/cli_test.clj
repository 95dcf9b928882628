(ns chaos.cli-test
  "How the program ends when something is thrown that nobody meant."
  (:require [chaos.cli :as cli]
            [chaos.run :as run]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is]])
  (:import (java.io FileNotFoundException IOException StringWriter)))

(defn- ended
  "[exit status, what was said] when `analyze` throws t."
  [t]
  (let [said (StringWriter.)]
    (with-redefs [run/analyze! (fn [_] (throw t))]
      [(binding [*err* said] (cli/main ["analyze" "some-folder"])) (str said)])))

(deftest should-not-call-a-failure-of-its-own-a-violation
  (are [words t] (let [[status said] (ended t)]
                   (and (= 4 status) (str/includes? said words)
                        (str/includes? said "cli_test")))
    "FileNotFoundException: run.edn (Permission denied)"
    (FileNotFoundException. "run.edn (Permission denied)")
    "IOException: No space left on device" (IOException. "No space left on device")
    "StackOverflowError"                   (StackOverflowError.)
    "nobody's business"                    (ex-info "nobody's business" {})))

(deftest should-end-as-was-meant-without-a-trace
  (is (= [3 "chaos: too little of it\n"] (ended (ex-info "too little of it" {:exit 3}))))
  (is (= [2 "chaos: no such thing\nchaos: try --help\n"]
         (ended (ex-info "no such thing" {:exit 2})))))
