(ns chaos.planted.wire
  "RESP2 as a proxy needs it: bytes to frames and back, whole or in pieces. A frame keeps the
  very bytes it came in, {:bytes :value}, so that what is passed on truthfully is passed on
  unchanged. Values are those of `chaos.resp`, except that strings are ISO 8859-1, one
  character a byte: a proxy does not know what the bytes mean.

  Bytes that no RESP speaker would send throw, and so does what exceeds a limit; the
  connection they came from is then closed. RESP3 is not understood: nobody here says HELLO."
  (:require [chaos.resp :as resp]
            [clojure.string :as str])
  (:import (java.io ByteArrayOutputStream)
           (java.nio.charset StandardCharsets)
           (java.util Arrays)))

(set! *warn-on-reflection* true)

(def ^:private bulk-bytes-max (* 64 1024 1024))
(def ^:private line-bytes-max 65536)
(def ^:private items-max (* 1024 1024))
(def ^:private depth-max 8)

(defn text
  "The bytes from a to b, one character each."
  ^String [^bytes bs a b]
  (String. bs (int a) (int (- (long b) (long a))) StandardCharsets/ISO_8859_1))

(defn latin1 ^bytes [s] (.getBytes (str s) StandardCharsets/ISO_8859_1))

(defn- refuse [message] (throw (ex-info (str "not RESP2: " message) {})))

;; ---- bytes to values: each reader answers [value next-position], or nil when bytes miss ----

(defn- line-end
  "Position of the CR LF at or after `from`, or nil when it has not come yet."
  [^bytes bs from]
  (let [end (alength bs)]
    (loop [i (long from)]
      (when (< (long line-bytes-max) (- i (long from))) (refuse "a line too long"))
      (cond (<= (dec end) i)                                        nil
            (and (= 13 (aget bs i)) (= 10 (aget bs (inc i)))) i
            :else                                                   (recur (inc i))))))

(defn- count-of [limit word]
  (let [n (parse-long word)]
    (when-not (and n (<= -1 n limit)) (refuse (str "a length of " word)))
    n))

(defn- bulk [^bytes bs from length]
  (let [end (+ (long from) (long length))]
    (when (<= (+ end 2) (alength bs))
      [(text bs from end) (+ end 2)])))

(declare value-at)

(defn- items [bs from n depth]
  (loop [at from, found []]
    (if (= n (count found))
      [found at]
      (when-let [[value next] (value-at bs at (inc (long depth)))]
        (recur next (conj found value))))))

(defn- value-at [^bytes bs from depth]
  (when (< (long depth-max) (long depth)) (refuse "nested too deeply"))
  (when-let [end (line-end bs from)]
    (let [word (text bs (inc (long from)) end)
          next (+ 2 (long end))]
      (case (char (aget bs from))
        \+ [word next]
        \- [(resp/->ErrorReply word) next]
        \: [(or (parse-long word) (refuse (str "an integer " word))) next]
        \$ (let [n (count-of bulk-bytes-max word)] (if (= -1 n) [nil next] (bulk bs next n)))
        \* (let [n (count-of items-max word)] (if (= -1 n) [nil next] (items bs next n depth)))
        (refuse (str "a type of " (int (aget bs from))))))))

(defn- inline-at
  "A command typed as a line of words."
  [^bytes bs from]
  (when-let [end (line-end bs from)]
    [(vec (remove str/blank? (str/split (text bs from end) #" +"))) (+ 2 (long end))]))

(defn- reply-at [bs from] (value-at bs from 0))

(defn- command-at [^bytes bs from]
  (when (< (long from) (alength bs))
    (if (= (int \*) (aget bs from))
      (when-let [[args :as found] (value-at bs from 0)]
        (when-not (and (vector? args) (every? string? args)) (refuse "a command of non-strings"))
        found)
      (inline-at bs from))))

(defn- frames [at ^bytes bs]
  (loop [from 0, found []]
    (if-let [[value next] (at bs from)]
      (recur (long next)
             (conj found {:value value :bytes (Arrays/copyOfRange bs (int from) (int next))}))
      [found (Arrays/copyOfRange bs (int from) (alength bs))])))

(defn replies
  "[frames rest]: the whole replies at the beginning of the bytes, and the bytes after them."
  [bs]
  (frames reply-at bs))

(defn commands
  "As `replies`, for commands; :value is a vector of strings."
  [bs]
  (frames command-at bs))

(defn join ^bytes [byte-arrays]
  (let [out (ByteArrayOutputStream.)]
    (doseq [^bytes bs byte-arrays] (.write out bs 0 (alength bs)))
    (.toByteArray out)))

;; ---- values to bytes ----

(defn- bulk-text [s] (str "$" (count s) "\r\n" s "\r\n"))

(defn command
  "The bytes of a command, a sequence of strings."
  ^bytes [args]
  (latin1 (apply str "*" (count args) "\r\n" (map bulk-text args))))

(defn- reply-text [value]
  (cond (keyword? value)     (str "+" (name value) "\r\n")
        (resp/error? value)  (str "-" (:message value) "\r\n")
        (integer? value)     (str ":" value "\r\n")
        (nil? value)         "$-1\r\n"
        (sequential? value)  (apply str "*" (count value) "\r\n" (map reply-text value))
        :else                (bulk-text value)))

(defn reply
  "The bytes of a reply: a keyword is a simple string, nil a nil bulk, and bytes are themselves."
  ^bytes [value]
  (if (bytes? value) value (latin1 (reply-text value))))

(defn array-header ^bytes [n] (latin1 (str "*" n "\r\n")))
