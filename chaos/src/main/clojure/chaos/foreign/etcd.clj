(ns chaos.foreign.etcd
  "Logs of the first Jepsen tests of etcd, as in the test data of Porcupine: one line per event,
  `INFO  jepsen.util - PROCESS :TYPE :F VALUE`, perhaps after a date.

  A comparison that ends `:fail` with its values was refused by the store, which is an
  observation (:error :mismatch). A value that is a keyword, as :timed-out, is an error; a write
  or comparison that ends :fail with one may have happened, so it becomes :info.

  Lines of other loggers and of the nemesis are left out."
  (:require [clojure.edn :as edn]
            [clojure.string :as str]))

(def ^:private logged #"^\s*(?:\S+ \S+ )?(?:TRACE|DEBUG|INFO|WARN|ERROR)\s+(\S+)\s+-\s+(.*)$")
(def ^:private event #"(\d+)\s+:(invoke|ok|fail|info)\s+:(\S+)\s+(\S.*?)\s*")

(defn fits? [line] (boolean (re-find logged line)))

(defn- problem [line message] (ex-info message {:line line}))

(defn- value-of [line text]
  (let [value (try (edn/read-string text)
                   (catch RuntimeException _ (throw (problem line (str "no value: " text)))))]
    (if (or (nil? value) (integer? value) (keyword? value) (string? value)
            (and (vector? value) (= 2 (count value)) (every? some? value)))
      value
      (throw (problem line (str "no value: " text))))))

(defn- judged
  "The operation with what its end says of it."
  [{:keys [type f value] :as op}]
  (cond
    (and (= :fail type) (keyword? value) (not= :read f)) (assoc op :type :info :error value)
    (keyword? value)                                     (assoc op :error value)
    (and (= :fail type) (= :cas f))                      (assoc op :error :mismatch)
    :else                                                op))

(defn- operation [line text]
  (when-not (str/blank? text)
    (let [[_ logger words] (or (re-matches logged text)
                               (throw (problem line "not a line of a Jepsen log")))]
      (when (and (= "jepsen.util" logger) (not (str/starts-with? words ":nemesis")))
        (let [[_ process type f value] (or (re-matches event words)
                                           (throw (problem line "not PROCESS :TYPE :F VALUE")))]
          (judged {:process (parse-long process) :type (keyword type) :f (keyword f)
                   :value (value-of line value) :line line}))))))

(defn operations [lines _opts]
  (keep identity (map-indexed (fn [i text] (operation (inc i) text)) lines)))
