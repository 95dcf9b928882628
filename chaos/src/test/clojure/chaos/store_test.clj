(ns chaos.store-test
  "What is on disk can be read back, also when the writer was stopped in the middle."
  (:require [chaos.cell :as cell]
            [chaos.store :as store]
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

(defn- add [e type] [{:type :invoke :process e :f :add :value e}
                     {:type type :process e :f :add :value e :node 1}])

(defn- read-of [node role & elements]
  [{:type :invoke :process 0 :f :final-read :node node}
   {:type :ok :process 0 :f :final-read :node node :role role :value (vec elements) :corrupt []}])

(deftest should-flag-a-loss-planted-in-a-stored-history
  (let [dir     (new-dir)
        history (concat (add 1 :ok) (add 2 :ok) (read-of 1 "slave" 1) (read-of 2 "master" 1)
                        (read-of 3 "slave" 1))]
    (written (io/file dir "history.edn")
             (map-indexed #(assoc %2 :index %1 :time (* 1000000 %1)) history))
    (store/save-edn! (io/file dir "cell.edn")
                     {:system :stock :nemesis :partition :workload :set :claims #{}
                      :seed 1 :clients 10 :rate 1000 :perf {:starts #{} :ends #{}}})
    (let [found (cell/analyze dir)]
      (is (= {:count 1 :first [2]} (get-in found [:adds :lost])))
      (is (= [2] (map :element (:certificates found)))))))
