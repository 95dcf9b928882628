(ns chaos.store-test
  "What is on disk can be read back, also when the writer was stopped in the middle."
  (:require [chaos.store :as store]
            [clojure.java.io :as io]
            [clojure.test :refer [deftest is]])
  (:import (clojure.lang ExceptionInfo)))

(defn- new-dir [] (doto (io/file "target" (str "store-" (System/nanoTime))) (.mkdirs)))

(def ^:private ops
  [{:index 0 :time 5 :type :invoke :process 0 :f :add :value 1}
   {:index 1 :time 9 :type :info :process 0 :f :add :value 1 :error :timeout}])

(defn- written [file ops]
  (let [write! (store/history-writer! file)]
    (doseq [op ops] (write! op))
    (write!)
    file))

(deftest should-read-back-what-was-written
  (is (= ops (store/load-history (written (io/file (new-dir) "history.edn") ops)))))

(deftest should-drop-a-last-line-that-was-cut-off
  (let [file (written (io/file (new-dir) "history.edn") ops)]
    (spit file "{:index 2 :time 1" :append true)
    (is (= ops (store/load-history file)))))

(deftest should-name-a-damaged-line-in-the-middle
  (let [file (io/file (new-dir) "history.edn")]
    (spit file "{:index 0}\n{:index 1 :time\n{:index 2}\n")
    (is (thrown-with-msg? ExceptionInfo #"line 2 is damaged" (store/load-history file)))))

(deftest should-refuse-a-folder-that-holds-something
  (let [dir (new-dir)]
    (spit (io/file dir "mine") "precious")
    (is (thrown-with-msg? ExceptionInfo #"not empty" (store/new-dir! (.getPath dir) nil 1)))))

(deftest should-read-a-history-that-was-packed
  (let [dir (new-dir)]
    (written (io/file dir "history.edn") ops)
    (store/pack! dir)
    (is (not (.exists (io/file dir "history.edn"))))
    (is (= ops (store/load-history (store/history-file dir))))))
