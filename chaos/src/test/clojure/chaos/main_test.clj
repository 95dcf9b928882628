(ns chaos.main-test
  (:require [chaos.main :as main]
            [clojure.string :as str]
            [clojure.test :refer [deftest is]])
  (:import (java.io StringReader StringWriter)))

(defn- loaded [text]
  (let [said (StringWriter.)]
    [(binding [*err* said, *ns* *ns*]
       (main/load-status
        #(Compiler/load (StringReader. text) "chaos/workload/mine.clj" "mine.clj")))
     (str said)]))

(deftest should-not-call-a-namespace-that-does-not-compile-a-violation
  (doseq [text ["(defn f [" "(no-such-function 1)"]
          :let [[status said] (loaded text)]]
    (is (= 4 status))
    (is (str/includes? said "chaos/workload/mine.clj:"))))

(deftest should-say-nothing-of-what-loads
  (is (= [nil ""] (loaded "(+ 1 1)"))))
