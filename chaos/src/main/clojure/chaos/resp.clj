(ns chaos.resp
  "A small blocking RESP2 client: one socket, bound to a source address of our choice,
  because the mesh tells links apart by who calls. Replies are Clojure values: simple and
  bulk strings are strings, integers longs, arrays vectors, nil bulk and nil array nil,
  and an error reply is an `ErrorReply`. Nothing here judges what a failure means; that is
  `chaos.client`'s only job. Not safe for several threads at once."
  (:refer-clojure :exclude [read])
  (:import (java.io BufferedInputStream BufferedOutputStream Closeable EOFException IOException
                    InputStream OutputStream)
           (java.net InetSocketAddress Socket)
           (java.nio.charset StandardCharsets)))

(set! *warn-on-reflection* true)

(def ^:private max-bulk-bytes (* 64 1024 1024))
(def ^:private max-line-bytes 65536)

(defrecord ErrorReply [message])

(defn error? [reply] (instance? ErrorReply reply))

(defrecord Connection [^Socket socket ^InputStream in ^OutputStream out host port]
  Closeable
  (close [_] (try (.close socket) (catch IOException _ nil))))

(defn connect
  "Opens a connection. :from is the source address (nil: the system chooses); :timeout-ms
  bounds the connect and each read. Throws IOException."
  ^Connection [{:keys [host port from timeout-ms]}]
  (let [socket (Socket.)]
    (try
      (.setTcpNoDelay socket true)
      (.setSoTimeout socket (int timeout-ms))
      (when from (.bind socket (InetSocketAddress. ^String from 0)))
      (.connect socket (InetSocketAddress. ^String host (int port)) (int timeout-ms))
      (->Connection socket
                    (BufferedInputStream. (.getInputStream socket) 65536)
                    (BufferedOutputStream. (.getOutputStream socket) 16384)
                    host port)
      (catch Throwable t (.close socket) (throw t)))))

(defn close! [conn] (when conn (.close ^Connection conn)))

(defn- utf8 ^bytes [s] (.getBytes (str s) StandardCharsets/UTF_8))

(defn send!
  "Writes one command. After this call returns or throws, the server may have it."
  [^Connection conn args]
  (let [^OutputStream out (:out conn)]
    (.write out (utf8 (str "*" (count args) "\r\n")))
    (doseq [arg args]
      (let [b (utf8 arg)]
        (.write out (utf8 (str "$" (alength b) "\r\n")))
        (.write out b)
        (.write out (utf8 "\r\n"))))
    (.flush out)))

(defn- read-line-text ^String [^InputStream in]
  (let [line (StringBuilder.)]
    (loop []
      (let [b (.read in)]
        (cond (neg? b)  (throw (EOFException. "connection closed"))
              (= b 13)  (do (.read in) (.toString line))
              (< max-line-bytes (.length line)) (throw (IOException. "reply line too long"))
              :else     (do (.append line (char b)) (recur)))))))

(defn- read-bulk [^InputStream in ^long length]
  (when (< (long max-bulk-bytes) length) (throw (IOException. "bulk reply too long")))
  (let [body (.readNBytes in (int length))]
    (when (< (alength body) length) (throw (EOFException. "connection closed")))
    (.readNBytes in 2)
    (String. body StandardCharsets/UTF_8)))

(defn- number ^long [text]
  (or (parse-long text) (throw (IOException. (str "not a RESP2 number: " text)))))

(defn- read-reply [^InputStream in]
  (let [line (read-line-text in)
        text (if (= "" line) "" (subs line 1))]
    (case (first line)
      \+ text
      \- (->ErrorReply text)
      \: (number text)
      \$ (let [n (number text)] (when-not (neg? n) (read-bulk in n)))
      \* (let [n (number text)]
           (when-not (neg? n) (vec (repeatedly n #(read-reply in)))))
      (throw (IOException. (str "not a RESP2 reply: " line))))))

(defn read
  "Reads one reply. Throws IOException (SocketTimeoutException included)."
  [^Connection conn]
  (read-reply (:in conn)))

(defn call!
  "Sends one command and reads its reply."
  [conn & args]
  (send! conn args)
  (read conn))

(defn must!
  "As call!, but an error reply is thrown as an IOException."
  [conn & args]
  (let [reply (apply call! conn args)]
    (if (error? reply) (throw (IOException. (str (:message reply)))) reply)))

(defn ask
  "One command on a connection of its own. nil when anything at all goes wrong: for
  pollers, which ask again, never for operations of a history."
  [address & args]
  (try
    (with-open [conn (connect (merge {:timeout-ms 1000} address))]
      (let [reply (apply call! conn args)]
        (when-not (error? reply) reply)))
    (catch IOException _ nil)))
