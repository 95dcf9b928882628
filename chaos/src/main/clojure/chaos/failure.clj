(ns chaos.failure
  "What went wrong inside the harness, as data that can be stored and read back. It tells
  nothing of the system under test, so whatever it spoils becomes :unknown and never a pass,
  and never a violation either."
  (:require [clojure.string :as str])
  (:import (clojure.lang ExceptionInfo)
           (java.io IOException PrintWriter StringWriter)))

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

(defn see
  "The end of a sentence about a failure whose stack trace is in a file of this folder; nothing
  without a folder."
  [dir file]
  (when dir (str "; see " dir "/" file)))

(defn bug?
  "Whether t tells of a mistake in code, not of the world: a NullPointerException, a wrong
  arity. What sockets throw is an IOException (time-outs and closed channels are), an interrupt
  ends an operation at the end of a run, and an ex-info was thrown by somebody who meant it."
  [t]
  (not (or (instance? IOException t)
           (instance? InterruptedException t)
           (instance? ExceptionInfo t))))

(defn sentence [{:keys [class message]}]
  (if (str/blank? message) class (str class ": " message)))
