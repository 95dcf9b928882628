(ns chaos.foreign.elle
  "The op strings of Elle's tests: `ax1ry12` appends 1 to x and reads [1 2] from y, in one
  transaction. A key is a letter other than a and r, an element a digit; a read without elements
  read nil, which is the empty list.

  A line is `PROCESS TYPE STRING`, one event each in their order; or a string alone: a
  transaction that ended :ok, by a client of its own, at the same time as all others, so that
  nothing but what it read says when it was."
  (:require [clojure.string :as str]))

(def ^:private micro-op #"([ar])([b-qs-z])(\d*)")
(def ^:private transaction #"(?:[ar][b-qs-z]\d*)+")

(defn fits? [line]
  (boolean (re-matches #"\s*(?:\d+\s+\S+\s+)?(?:[ar][b-qs-z]\d*)+\s*" line)))

(defn- problem [line message] (ex-info message {:line line}))

(defn- micro-ops [line text called?]
  (when-not (re-matches transaction text)
    (throw (problem line (str "no op string: " text))))
  (mapv (fn [[whole f key digits]]
          (let [elements (mapv #(Character/digit ^char % 10) digits)]
            (cond
              (and (= "a" f) (not= 1 (count elements)))
              (throw (problem line (str "an append has one digit: " whole)))
              (= "a" f)                        [:append (keyword key) (first elements)]
              (or called? (empty? elements))   [:r (keyword key) nil]
              :else                            [:r (keyword key) elements])))
        (re-seq micro-op text)))

(defn- event [line process type text]
  (when-not (contains? #{"invoke" "ok" "fail" "info"} type)
    (throw (problem line "TYPE must be invoke, ok, fail or info")))
  {:process (parse-long process) :type (keyword type) :f :txn :line line
   :value (micro-ops line text (= "invoke" type))})

(defn- words [i text]
  (let [line (inc i), parts (str/split (str/trim text) #"\s+")]
    (cond
      (or (str/blank? text) (re-find #"^\s*(;|#(\s|$))" text)) nil
      (= 1 (count parts)) [:alone line (first parts)]
      (and (= 3 (count parts)) (re-matches #"\d+" (first parts))) (into [:event line] parts)
      :else (throw (problem line "neither STRING nor PROCESS TYPE STRING")))))

(defn operations [lines _]
  (let [found  (keep identity (map-indexed words lines))
        kinds  (into #{} (map first) found)
        client (fn [type] (fn [i [_ line text]] (event line (str i) type text)))]
    (case kinds
      #{:event} (map (fn [[_ line process type text]]
                       (event line process (str/replace type #"^:" "") text))
                     found)
      #{:alone} (concat (map-indexed (client "invoke") found) (map-indexed (client "ok") found))
      #{}       []
      (throw (problem (second (last found)) "strings alone and with a process do not mix")))))
