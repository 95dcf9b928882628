(ns chaos.failure
  "What went wrong inside the harness, as data that can be stored and read back. It tells
  nothing of the system under test, so whatever it spoils becomes :unknown and never a pass,
  and never a violation either."
  (:require [clojure.string :as str])
  (:import (java.io PrintWriter StringWriter)))

(defn trace
  "The stack trace of t, with its causes, as text."
  [^Throwable t]
  (let [text (StringWriter.)]
    (.printStackTrace t (PrintWriter. text true))
    (str text)))

(defn of
  "{:class :message} of t."
  [^Throwable t]
  {:class (.getName (class t)) :message (ex-message t)})

(defn each!
  "Calls every step, whatever the others throw, and throws the first of these at the end: for
  ways back, of which each must be tried."
  [steps]
  (let [thrown (mapv (fn [step!] (try (step!) nil (catch Throwable t t))) steps)]
    (when-let [t (first (remove nil? thrown))] (throw t))))

(defn sentence [{:keys [class message]}]
  (if (str/blank? message) class (str class ": " message)))
