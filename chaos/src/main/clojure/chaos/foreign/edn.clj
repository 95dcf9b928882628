(ns chaos.foreign.edn
  "Histories of Jepsen and Knossos: operation maps in a vector, in a list, or one after another,
  with or without the tag of a record. The key-value lines of Porcupine's test data are such
  maps, with a :key.

  With :independent every value is [key value], as jepsen.independent prints its tuples.
  What is not of a client (the nemesis, whose process is a keyword) is left out."
  (:require [clojure.edn :as edn]
            [clojure.string :as str])
  (:import (clojure.lang LineNumberingPushbackReader)
           (java.io StringReader)))

(defn fits? [line] (boolean (re-find #"^\s*([\[(]|\{|#)" line)))

(defn- problem [line message] (ex-info message {:line line}))

(defn- peek-char [^LineNumberingPushbackReader in]
  (let [c (.read in)]
    (when-not (neg? c)
      (.unread in c)
      (char c))))

(defn- skip-blank! [^LineNumberingPushbackReader in]
  (when-let [c (peek-char in)]
    (cond
      (or (Character/isWhitespace ^char c) (= \, c)) (do (.read in) (recur in))
      (= \; c) (do (.readLine in) (recur in)))))

(defn- read-form! [^LineNumberingPushbackReader in line]
  (try
    (edn/read {:default (fn [_ form] form)} in)
    (catch RuntimeException e
      (throw (problem line (str "no EDN: " (ex-message e)))))))

(defn- forms
  "[line form] of every operation in the text."
  [text]
  (let [in     (LineNumberingPushbackReader. (StringReader. text))
        _      (skip-blank! in)
        close  ({\[ \], \( \)} (peek-char in))]
    (when close (.read in))
    (loop [found []]
      (skip-blank! in)
      (let [line (.getLineNumber in), c (peek-char in)]
        (cond
          (and (nil? c) close)
          (throw (problem line (str "the file ends before its \"" close "\"")))
          (nil? c)
          found
          (= close c)
          (do (.read in)
              (skip-blank! in)
              (when (peek-char in)
                (throw (problem (.getLineNumber in) (str "something follows the \"" close "\""))))
              found)
          :else
          (recur (conj found [line (read-form! in line)])))))))

(defn- split-key [{:keys [value type] :as op} line]
  (cond
    (and (vector? value) (= 2 (count value))) (assoc op :key (first value) :value (second value))
    (= :invoke type) (throw (problem line "with --independent every value is [key value]"))
    :else op))

(defn- operation [[line form] independent?]
  (cond
    (not (map? form))
    (throw (problem line (str "not an operation: " (pr-str form))))
    (not (contains? #{:invoke :ok :fail :info} (:type form)))
    (throw (problem line ":type must be :invoke, :ok, :fail or :info"))
    (not (contains? form :process))
    (throw (problem line "no :process"))
    (integer? (:process form))
    (cond-> (assoc (into {} form) :line line)
      independent? (split-key line))))

(defn operations [lines {:keys [independent]}]
  (keep #(operation % independent) (forms (str/join "\n" lines))))
