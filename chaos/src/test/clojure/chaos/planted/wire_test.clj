(ns chaos.planted.wire-test
  "Bytes to frames and back: whole, torn at every boundary, and wrong."
  (:require [chaos.planted.wire :as wire]
            [chaos.random :as random]
            [chaos.resp :as resp]
            [clojure.test :refer [are deftest is testing]])
  (:import (java.util Arrays)))

(defn- pieces
  "The bytes cut at the positions."
  [^bytes bs cuts]
  (map (fn [[a b]] (Arrays/copyOfRange bs (int a) (int b)))
       (partition 2 1 (concat [0] (sort cuts) [(alength bs)]))))

(defn- parsed
  "[frames rest] after all pieces have come."
  [parse pieces]
  (reduce (fn [[found left] piece]
            (let [[frames left] (parse (wire/join [left piece]))] [(into found frames) left]))
          [[] (byte-array 0)]
          pieces))

(defn- values [parse text] (map :value (first (parse (wire/latin1 text)))))

(deftest should-read-every-kind-of-reply
  (are [value text] (= [value] (values wire/replies text))
    "OK"                            "+OK\r\n"
    (resp/->ErrorReply "ERR what")  "-ERR what\r\n"
    -12                             ":-12\r\n"
    "a\r\nb"                        "$4\r\na\r\nb\r\n"
    ""                              "$0\r\n\r\n"
    nil                             "$-1\r\n"
    nil                             "*-1\r\n"
    []                              "*0\r\n"
    ["a" [1 nil] "b"]               "*3\r\n$1\r\na\r\n*2\r\n:1\r\n$-1\r\n+b\r\n"))

(deftest should-read-commands-as-arrays-and-as-lines
  (are [args text] (= args (values wire/commands text))
    [["GET" "a"] ["PING"]]  "*2\r\n$3\r\nGET\r\n$1\r\na\r\n*1\r\n$4\r\nPING\r\n"
    [["GET" "a"]]           "GET  a\r\n"
    [[]]                    "\r\n"
    []                      "*1\r\n$4\r\nPIN"))

(deftest should-refuse-what-is-not-resp
  (are [parse text] (thrown? clojure.lang.ExceptionInfo (parse (wire/latin1 text)))
    wire/replies  "hello\r\n"
    wire/replies  ":one\r\n"
    wire/replies  "$-2\r\n"
    wire/replies  "$99999999999\r\n"
    wire/replies  "*x\r\n"
    wire/replies  (apply str (repeat 20 "*1\r\n"))
    wire/replies  (apply str "+" (repeat 70000 "a"))
    wire/commands "*1\r\n:1\r\n"
    wire/commands "*-1\r\n"))

;; ---- random replies, named by a seed ----

(defn- text-of [seed path]
  (apply str (for [i (range (int (* 12 (random/unit seed path :length))))]
               (char (int (* 256 (random/unit seed path :char i)))))))

(defn- value-of [seed path depth]
  (case (int (* (if (< depth 3) 6 5) (random/unit seed path :kind)))
    0 (keyword (str "word" (int (* 1000 (random/unit seed path :word)))))
    1 (resp/->ErrorReply "ERR of some kind")
    2 (- (long (* 2000000 (random/unit seed path :integer))) 1000000)
    3 nil
    4 (text-of seed path)
    5 (vec (for [i (range (int (* 5 (random/unit seed path :size))))]
             (value-of seed (conj path i) (inc depth))))))

(defn- as-read [value]
  (cond (keyword? value) (name value)
        (vector? value)  (mapv as-read value)
        :else            value))

(defn- cuts-of [seed n]
  (for [i (range (int (* 20 (random/unit seed :cuts))))] (long (* n (random/unit seed :cut i)))))

(deftest should-read-random-replies-however-they-are-torn
  (doseq [seed (range 400)]
    (let [sent  (vec (for [i (range 8)] (value-of seed [i] 0)))
          bytes (wire/join (map wire/reply sent))
          [frames left] (parsed wire/replies (pieces bytes (cuts-of seed (alength bytes))))]
      (testing (str "seed " seed)
        (is (= (map as-read sent) (map :value frames)))
        (is (zero? (alength ^bytes left)))
        (is (Arrays/equals bytes (wire/join (map :bytes frames))))))))

(deftest should-read-commands-torn-at-every-single-boundary
  (let [sent  [["SET" "a" "\r\n$1\r\n"] ["GET" ""] ["RPUSH" "list" "\u00ff" "2"]]
        bytes (wire/join (map wire/command sent))
        read  #(map :value (first (parsed wire/commands (pieces bytes %))))]
    (doseq [cut (range (inc (alength bytes)))]
      (is (= sent (read [cut])) cut))
    (is (= sent (read (range (alength bytes)))))))
