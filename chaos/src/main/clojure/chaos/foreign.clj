(ns chaos.foreign
  "Histories that others wrote, as histories of ours, so that anyone can hold our checkers
  against theirs. docs/formats/histories.md has the formats with examples.

  A reader is a function of the lines of a file and the options to operations in order, each with
  :line. What it cannot read it throws as `(problem line message)`; here that becomes
  FILE:LINE: message, with exit status 2. A file that is damaged is never judged."
  (:require [chaos.foreign.edn :as edn]
            [chaos.foreign.elle :as elle]
            [chaos.foreign.etcd :as etcd]
            [chaos.registry :as registry]
            [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (clojure.lang ExceptionInfo)
           (java.io File IOException)
           (java.nio.charset MalformedInputException StandardCharsets)
           (java.nio.file Files)))

(def formats
  "Name -> {:read (fn [lines opts] operations), :opts that it takes, :fits? (fn [line]) for the
  first line that is neither empty nor a comment}. The first that fits is taken, in this order."
  (array-map
   :etcd-log {:read etcd/operations :fits? etcd/fits? :opts #{}}
   :edn      {:read edn/operations :fits? edn/fits? :opts #{:independent}}
   :elle     {:read elle/operations :fits? elle/fits? :opts #{}}))

(defn- damaged [file line message]
  (registry/usage-error (str file (when line (str ":" line)) ": " message)))

(defn- telling? [line] (not (or (str/blank? line) (re-find #"^\s*(;|#(\s|$))" line))))

(defn- format-of [file lines]
  (let [line (first (filter telling? lines))]
    (when-not line (throw (damaged file nil "holds no operations")))
    (or (some (fn [[name {:keys [fits?]}]] (when (fits? line) name)) formats)
        (throw (damaged file (inc (.indexOf ^java.util.List lines line))
                        (str "not of a known format: "
                             (str/join ", " (map name (keys formats)))))))))

(defn- paired!
  "Throws at the first event that does not belong: a call while another is open, an end without
  a call, or an end of something else."
  [operations]
  (reduce (fn [open {:keys [process type f line]}]
            (let [called (open process)]
              (cond
                (and (= :invoke type) called)
                (throw (ex-info (str "process " process " calls again before its operation ended")
                                {:line line}))
                (= :invoke type)
                (assoc open process f)
                (nil? called)
                (throw (ex-info (str "process " process " ends what it did not call")
                                {:line line}))
                (not= f called)
                (throw (ex-info (str "process " process " called " called " and ends " f)
                                {:line line}))
                :else
                (dissoc open process))))
          {} operations)
  operations)

(defn- lines-of [^File file]
  (try
    (vec (Files/readAllLines (.toPath file) StandardCharsets/UTF_8))
    (catch MalformedInputException _ (throw (damaged file nil "is not UTF-8 text")))
    (catch IOException _             (throw (damaged file nil "cannot be read")))))

(defn read-file
  "{:format :history} of a file. opts: :format (else it is told from the first line),
  :independent (values are [key value])."
  [path opts]
  (let [file   (io/file path)
        lines  (lines-of file)
        format (or (:format opts) (format-of path lines))
        {:keys [read] takes :opts} (formats format)]
    (when (and (:independent opts) (not (takes :independent)))
      (throw (damaged path nil (str "--independent means nothing for " (name format)))))
    (try
      (let [operations (paired! (vec (read lines opts)))]
        (when (empty? operations) (throw (damaged path nil "holds no operations")))
        {:format  format
         :history (vec (map-indexed #(assoc %2 :index %1) operations))})
      (catch ExceptionInfo e
        (throw (if-let [line (:line (ex-data e))]
                 (damaged path line (ex-message e))
                 e))))))
