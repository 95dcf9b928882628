(ns chaos.foreign-test
  "Files in each format: what becomes of them, and that a damaged one is refused by its line."
  (:require [chaos.foreign :as foreign]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is]])
  (:import (clojure.lang ExceptionInfo)
           (java.io File)))

(defn- with-file
  "f of a new file that holds the lines, which is deleted afterwards."
  [lines f]
  (let [file (File/createTempFile "history" ".txt")]
    (try
      (spit file (str/join "\n" lines))
      (f (str file))
      (finally (io/delete-file file)))))

(defn- read-lines [opts & lines] (with-file lines #(foreign/read-file % opts)))

(defn- events
  "[process type f value] of each operation in the file."
  [opts & lines]
  (map (juxt :process :type :f :value) (:history (apply read-lines opts lines))))

(defn- refused-at
  "What was said, with its line, of a file that was refused with exit status 2."
  [opts & lines]
  (with-file lines
    (fn [path]
      (try
        (foreign/read-file path opts)
        :read
        (catch ExceptionInfo e
          (when (= 2 (:exit (ex-data e)))
            (subs (ex-message e) (count path))))))))

(deftest should-read-maps-in-a-vector-a-list-or-one-after-another
  (let [maps ["{:process 0, :type :invoke, :f :read, :value nil} ; a comment"
              "{:process 0, :type :ok, :f :read, :value 1}"]]
    (are [lines] (= [[0 :invoke :read nil] [0 :ok :read 1]] (apply events {} lines))
      maps
      (concat ["["] maps ["]"])
      (concat ["; first a comment" "("] maps [")" ""])
      (map #(str "#jepsen.history.Op" %) maps)
      (conj maps "{:process :nemesis, :type :info, :f :start}"))))

(deftest should-split-values-into-key-and-value-when-told-to
  (let [{:keys [history]} (read-lines {:independent true}
                                      "{:process 0, :type :invoke, :f :cas, :value [3 [1 2]]}"
                                      "{:process 0, :type :info, :f :cas, :value :timeout}")]
    (is (= [[3 [1 2]] [nil :timeout]] (map (juxt :key :value) history)))))

(deftest should-read-the-lines-of-a-log
  (is (= [[0 :invoke :read nil] [0 :ok :read nil] [1 :invoke :cas [3 4]] [1 :fail :cas [3 4]]]
         (events {}
                 "INFO  jepsen.util - 0\t:invoke\t:read\tnil"
                 "2014-06-02 11:20:01,001 INFO  jepsen.util - 0   :ok  :read   nil"
                 "INFO  jepsen.core - Snarfing log files"
                 "INFO  jepsen.util - :nemesis\t:info\t:start\t\"cut off\""
                 "INFO  jepsen.util - 1\t:invoke\t:cas\t[3 4]"
                 "INFO  jepsen.util - 1\t:fail\t:cas\t[3 4]"))))

(deftest should-take-a-refused-comparison-of-a-log-for-an-observation-and-a-timeout-not
  (let [ends (fn [f value & end]
               (-> (read-lines {}
                               (str "INFO  jepsen.util - 1\t:invoke\t" f "\t" value)
                               (str "INFO  jepsen.util - 1\t" (str/join "\t" end)))
                   :history peek (select-keys [:type :error])))]
    (is (= {:type :fail :error :mismatch} (ends ":cas" "[3 4]" ":fail" ":cas" "[3 4]")))
    (is (= {:type :info :error :timed-out} (ends ":cas" "[3 4]" ":fail" ":cas" ":timed-out")))
    (is (= {:type :info :error :timed-out} (ends ":write" "3" ":info" ":write" ":timed-out")))
    (is (= {:type :fail :error :timed-out} (ends ":read" "nil" ":fail" ":read" ":timed-out")))))

(deftest should-read-the-op-strings-of-elle
  (is (= [[0 :invoke :txn [[:append :x 1] [:r :y nil]]]
          [0 :ok :txn [[:append :x 1] [:r :y [1 2]]]]
          [1 :invoke :txn [[:r :x nil]]]
          [1 :info :txn [[:r :x nil]]]]
         (events {} "0 invoke ax1ry" "; between" "0 :ok ax1ry12" "1 invoke rx" "1 info rx")))
  (is (= [[0 :invoke :txn [[:append :x 1]]] [1 :invoke :txn [[:r :x nil]]]
          [0 :ok :txn [[:append :x 1]]]     [1 :ok :txn [[:r :x [1]]]]]
         (events {} "ax1" "rx1"))
      "strings alone are all at the same time"))

(deftest should-name-the-line-that-is-damaged
  (are [said opts lines] (str/includes? (str (apply refused-at opts lines)) said)
    ":2: no EDN"                {} ["[{:process 0, :type :invoke, :f :read}" "{:process 0, :ty"]
    ":2: the file ends before"  {} ["[{:process 0, :type :invoke, :f :read}" ""]
    ":2: something follows"     {} ["[{:process 0, :type :invoke, :f :read}]" "{}"]
    ":1: not an operation: 4"   {} ["[4]"]
    ":1: :type must be"         {} ["{:process 0, :f :read}"]
    ":1: no :process"           {} ["{:type :ok, :f :read}"]
    ":1: with --independent"    {:independent true} ["{:process 0, :type :invoke, :f :read}"]
    ":2: not a line of"         {} ["INFO  jepsen.util - 0\t:invoke\t:read\tnil" "INFO  jepsen.ut"]
    ":1: not PROCESS :TYPE"     {} ["INFO  jepsen.util - 0\t:invoke\t:re"]
    ":1: no value: [1"          {} ["INFO  jepsen.util - 0\t:invoke\t:cas\t[1"]
    ":2: no op string: ax1b"    {} ["0 invoke ax1" "0 ok ax1b"]
    ":1: an append has one"     {} ["ax12"]
    ":1: TYPE must be"          {} ["0 done ax1"]
    ":2: strings alone"         {} ["ax1" "0 invoke ax2"]
    ":2: process 0 calls again" {} ["0 invoke ax1" "0 invoke ax2"]
    ":1: process 0 ends what"   {} ["0 ok ax1"]
    ":2: process 0 called :read and ends :write"
    {} ["{:process 0, :type :invoke, :f :read}" "{:process 0, :type :ok, :f :write}"]
    ":1: not of a known format" {} ["three little pigs"]
    ": holds no operations"     {} ["; nothing"]
    ": --independent means"     {:independent true} ["0 invoke ax1"]))

(deftest should-refuse-what-is-no-text-or-not-there
  (is (= 2 (try (foreign/read-file "no/such/file" {})
                (catch ExceptionInfo e (:exit (ex-data e))))))
  (let [file (File/createTempFile "history" ".bin")]
    (try
      (with-open [out (io/output-stream file)] (.write out (byte-array [-61 40 -1])))
      (is (= 2 (try (foreign/read-file (str file) {})
                    (catch ExceptionInfo e (:exit (ex-data e))))))
      (finally (io/delete-file file)))))
