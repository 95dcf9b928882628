(ns chaos.docs-test
  "What docs/CHAOS.md says: its example, taken from the page and run, and its table of faults; and
  the table of lies of docs/CHAOS-SELFTEST.md."
  (:require [chaos.db.watchword :as watchword]
            [chaos.nemesis :as nemesis]
            [chaos.planted.lies :as lies]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [deftest is testing]]))

(defn- page
  ([] (page "CHAOS.md"))
  ([name] (slurp (io/file (watchword/root) "docs" name))))

(defn- code-blocks [] (map second (re-seq #"(?s)```clojure\n(.*?)```" (page))))

(defn- example
  "The workload of the page, its namespaces made from the text."
  []
  (let [[workload checker] (code-blocks)]
    (binding [*ns* *ns*] (load-string checker))
    (dosync (commute @#'clojure.core/*loaded-libs* conj 'chaos.checker.tickets))
    (binding [*ns* *ns*] (load-string workload))
    ((resolve 'chaos.workload.tickets/workload) {:seed 1 :clients 2 :rate 10})))

(defn- drawn [& tickets]
  (vec (map-indexed #(assoc %2 :index %1 :time %1)
                    (mapcat (fn [p ticket]
                              (let [op {:process p :f :draw}]
                                [(assoc op :type :invoke) (assoc op :type :ok :value ticket)]))
                            (range) tickets))))

(deftest should-run-the-example-of-the-page
  (let [{:keys [checker recheck needs]} (example)
        twice (drawn 1 2 2)
        {:keys [valid? anomalies]} (checker twice {})]
    (is (= #{"INCR"} needs))
    (is (= [false {:drawn-twice 1}] [valid? (update-vals anomalies :count)]))
    (is (recheck twice (get-in anomalies [:drawn-twice :shown 0])))
    (testing "and nothing else is flagged"
      (is (true? (:valid? (checker (drawn 1 2 3) {}))))
      (is (= :unknown (:valid? (checker [] {})))))))

(defn- faults-of-the-page
  "The second column of its table, whatever group stands in the first."
  []
  (for [[_ fault] (re-seq #"(?m)^\| (?:`[a-z-]+` )?\| `([a-z-]+)` \|" (page))] (keyword fault)))

(deftest should-name-every-fault-in-the-table-and-nothing-else
  (is (= (sort (keys nemesis/faults)) (sort (faults-of-the-page)))))

(defn- lies-of-the-page
  "Lie -> the set of classes that its table says it is found as."
  []
  (into {} (for [line (str/split-lines (page "CHAOS-SELFTEST.md"))
                 :let [[_ lie _ _ classes] (map str/trim (str/split line #"\|"))]
                 :when (some-> lie keyword lies/lies :found-as)]
             [(keyword lie) (set (map keyword (str/split classes #", ")))])))

(deftest should-say-what-each-lie-is-found-as
  (is (= (into {} (for [[lie {:keys [found-as]}] lies/lies :when found-as] [lie found-as]))
         (lies-of-the-page))))
