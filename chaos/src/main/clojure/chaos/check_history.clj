(ns chaos.check-history
  "`chaos check-history`: our checkers on anybody's histories, one verdict per file. It exists
  so that they can be held against the verdicts of Knossos, Porcupine and Elle; the formats are
  in docs/formats/histories.md.

  Every certificate is looked at again by the checker's independent recheck. A file with one that
  it cannot confirm has no answer, whatever the checker says: one of the two is wrong, or the
  recheck found no end.

  Exit status: 0 valid, 1 some file is not, 2 a file or the command line is damaged, 4 some file
  got no answer. With several files the first of 2, 1, 4 that applies."
  (:require [chaos.checker.calibration :as calibration]
            [chaos.checker.linear.models :as models]
            [chaos.checker.linear.self-test :as self-test]
            [chaos.checker.linearizable :as linearizable]
            [chaos.checker.list-append :as list-append]
            [chaos.foreign :as foreign]
            [chaos.registry :as registry]
            [clojure.edn :as edn]
            [clojure.string :as str]
            [clojure.tools.cli :as tools])
  (:import (clojure.lang ExceptionInfo)))

;; ---- what is checked ----

(defn- pair? [value] (and (vector? value) (= 2 (count value))))

(defn- micro-op? [value] (and (sequential? value) (#{:r :append} (first value))))

(defn- linear [name]
  {:fs      (:fs (models/model name))
   :judge   (fn [history opts] (linearizable/check history (assoc opts :model name)))
   :recheck linearizable/recheck
   :shape   (fn [{:keys [f type value]}]
              (case f
                :cas          (when (and (= :invoke type) (not (pair? value))) "[old new]")
                (:put :append) (when (and (= :invoke type) (not (string? value))) "a string")
                nil))})

(defn- emptied
  "The operation with nil reads as what they say in Elle: the list was empty."
  [{:keys [type] :as op}]
  (cond-> op
    (= :ok type) (update :value (fn [mops]
                                  (mapv (fn [[f k v]] [f k (if (= :r f) (vec v) v)]) mops)))))

(def checkers
  "Name -> {:fs operations it knows, :judge (fn [history opts] result), :recheck (fn [history
  certificate] boolean), :shape (fn [op]) what the value should have been, or nil}."
  {:cas-register (linear :cas-register)
   :kv           (linear :kv)
   :mutex        (linear :mutex)
   :list-append  {:fs      #{:txn}
                  :judge   (fn [history {:keys [initial]}]
                             (when (some? initial)
                               (throw (registry/usage-error "list-append begins with empty lists")))
                             (list-append/check (mapv emptied history) {:final-reads? false}))
                  :recheck (fn [history certificate]
                             (list-append/recheck (mapv emptied history) certificate))
                  :shape   (fn [{:keys [value]}]
                             (when-not (and (sequential? value) (every? micro-op? value))
                               "[[:append k v] [:r k [v]] ...]"))}})

(defn- checker-of
  "The checker asked for, or the one that knows the first operation."
  [path wanted {:keys [f line]}]
  (or wanted
      (some (fn [[name {:keys [fs]}]] (when (fs f) name)) (sort-by key checkers))
      (throw (registry/usage-error (str path ":" line ": no model knows " f)))))

(defn- fitting!
  "Throws at the first operation that the checker cannot mean."
  [path name history]
  (let [{:keys [fs shape]} (checkers name)]
    (doseq [{:keys [f line value] :as op} history]
      (when-not (fs f)
        (throw (registry/usage-error (str path ":" line ": model " (clojure.core/name name)
                                          " knows " (str/join ", " (sort fs)) ", not " f))))
      (when-let [meant (shape op)]
        (throw (registry/usage-error (str path ":" line ": " f " takes " meant ", not "
                                          (pr-str value))))))))

;; ---- what is printed ----

(def ^:private words {true "valid  ", false "INVALID", :unknown "unknown"})

(defn- op-line
  "One operation of a certificate, with its lines in the file."
  [history {:keys [f value process type call return error]}]
  (let [line #(:line (nth history %))]
    (str "      "
         (when call (str "lines " (line call) "-" (if return (line return) "...") "  "))
         "process " process "  " (name f)
         (when (some? value) (str " " (pr-str value)))
         (when (= :read f) (when (nil? value) " nil"))
         (when-not (= :ok type) (str "  (" (name type) (when error (str " " error)) ")")))))

(defn- certificate-lines [history {:keys [class key explanation ops]}]
  (concat [(str "    " (name class) (when (some? key) (str ", key " (pr-str key))) ": "
                explanation)]
          (map #(op-line history %) ops)))

(defn- file-lines [path {:keys [model history seconds] {:keys [valid? because counts] :as result}
                         :result}]
  (cons (format "%s  %s  %s, %d operations, %d keys, %.3f s"
                (words valid?) path (name model)
                (count (filter #(= :invoke (:type %)) history)) (:keys counts) seconds)
        (concat (when because [(str "    " because)])
                (for [[_ {:keys [shown]}] (sort-by key (:anomalies result)), shown shown
                      line (certificate-lines history shown)]
                  line))))

(defn- confirmed
  "The result, or that nothing is known if one of its certificates does not hold."
  [recheck history {:keys [anomalies] :as result}]
  (let [denied (remove #(recheck history %) (mapcat :shown (vals anomalies)))]
    (if-let [{:keys [class key]} (first denied)]
      (assoc result :valid? :unknown :anomalies {}
             :because (str "a certificate of " (name class)
                           (when (some? key) (str ", key " (pr-str key)))
                           " could not be confirmed"))
      result)))

(defn judge
  "{:model :format :history :result :seconds} of a file."
  [path {:keys [model] :as opts}]
  (let [{:keys [history format]} (foreign/read-file path opts)
        begun                    (System/nanoTime)
        model                    (checker-of path model (first history))]
    (fitting! path model history)
    (let [{:keys [judge recheck]} (checkers model)
          result  (judge history (select-keys opts [:initial :time-limit-s]))
          seconds (/ (- (System/nanoTime) begun) 1e9)]
      {:model model :format format :history history :seconds seconds
       :result (confirmed recheck history result)})))

(defn- check-file!
  "Prints one file's verdict and returns its exit status."
  [path opts]
  (try
    (let [judged (judge path opts)]
      (run! println (file-lines path judged))
      ({true 0, false 1, :unknown 4} (get-in judged [:result :valid?])))
    (catch ExceptionInfo e
      (if (= 2 (:exit (ex-data e)))
        (binding [*out* *err*]
          (println (ex-message e))
          2)
        (throw e)))))

(defn- worst [statuses] (or (some (set statuses) [2 1 4]) 0))

;; ---- the command ----

(defn- seconds-option [text] (let [s (parse-double text)] (when (and s (<= 0.001 s 86400)) s)))

(defn- edn-option [text]
  (try
    (edn/read-string text)
    (catch RuntimeException _ (throw (registry/usage-error (str "no EDN: " text))))))

(defn- named [registry what] #(registry/parse-one what registry %))

(def ^:private options
  [[nil "--model NAME" "cas-register, kv, mutex or list-append (default: the one that fits)"
    :parse-fn (named checkers "model")]
   [nil "--format NAME" "edn, etcd-log or elle (default: told from the first line)"
    :parse-fn (named foreign/formats "format")]
   [nil "--initial EDN" "value of every object before the first write (default: nil; kv: \"\")"
    :parse-fn edn-option]
   [nil "--independent" "values are [key value], each key an object of its own"]
   [nil "--time-limit S" "seconds for one file, past which it is unknown" :id :time-limit-s
    :default 60.0 :parse-fn seconds-option :validate [some? "must be 0.001 to 86400"]]
   [nil "--calibrate" "how fast this machine is, and our checker on it"]
   [nil "--self-test N" "N random small histories against the definition"
    :parse-fn parse-long :validate [#(and % (<= 1 % 100000000)) "must be 1 to 100000000"]]
   [nil "--seed N" "of the self-test" :default 1 :parse-fn parse-long
    :validate [some? "must be an integer"]]
   ["-h" "--help" "this text"]])

(defn- self-test! [{n :self-test :keys [seed]}]
  (let [{:keys [valid invalid wrong]} (self-test/run n seed)]
    (println (str (+ valid invalid) " histories, seeds " seed " to " (+ seed n -1) ": " valid
                  " valid, " invalid " not; our checker was wrong on " (count wrong)))
    (run! prn wrong)
    (if (seq wrong) 1 0)))

(defn- usage [summary]
  (str "chaos check-history [options] FILE...   histories of others, judged by our checkers\n\n"
       "Options:\n" summary))

(defn main
  "The exit status of a command line."
  [args]
  (let [{:keys [options arguments errors summary]} (tools/parse-opts args options)]
    (cond
      (:help options)      (do (println (usage summary)) 0)
      (seq errors)         (throw (registry/usage-error (str/join "\n" errors)))
      (:self-test options) (self-test! options)
      (:calibrate options) (do (run! println (calibration/lines)) 0)
      (empty? arguments)   (throw (registry/usage-error "check-history takes one file or more"))
      :else                (worst (mapv #(check-file! % options) arguments)))))
