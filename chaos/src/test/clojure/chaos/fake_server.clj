(ns chaos.fake-server
  "A server of literal replies on loopback, for tests of what clients make of them."
  (:require [chaos.resp :as resp])
  (:import (java.io IOException)
           (java.net InetAddress ServerSocket Socket)))

(defn- encode [reply]
  (cond (resp/error? reply)  (str "-" (:message reply) "\r\n")
        (integer? reply)     (str ":" reply "\r\n")
        (nil? reply)         "*-1\r\n"
        (sequential? reply)  (apply str "*" (count reply) "\r\n" (map encode reply))
        (keyword? reply)     (str "+" (name reply) "\r\n")
        :else                (str "$" (count reply) "\r\n" reply "\r\n")))

(defn- serve! [^Socket socket answer]
  (try
    (with-open [socket socket]
      (let [conn (resp/->Connection socket (.getInputStream socket) (.getOutputStream socket)
                                    "127.0.0.1" 0)]
        (loop []
          (let [reply (answer (resp/read conn) conn)]
            (when-not (= ::hang-up reply)
              (when-not (= ::silence reply)
                (.write (.getOutputStream socket) (.getBytes ^String (encode reply)))
                (.flush (.getOutputStream socket)))
              (recur))))))
    (catch IOException _ nil)))

(defn with-server
  "Calls (body address). (answer args conn) gives the reply to a command: a keyword is a
  simple string, nil a nil array, ::hang-up ends the connection and ::silence says nothing."
  [answer body]
  (with-open [listener (ServerSocket. 0 50 (InetAddress/getByName "127.0.0.1"))]
    (doto (Thread. ^Runnable
                   #(try
                      (loop []
                        (let [socket (.accept listener)]
                          (doto (Thread. ^Runnable (fn [] (serve! socket answer)))
                            (.setDaemon true)
                            (.start))
                          (recur)))
                      (catch IOException _ nil)))
      (.setDaemon true)
      (.start))
    (body {:host "127.0.0.1" :port (.getLocalPort listener)})))

(defn push!
  "Sends an unasked reply on the connection that `answer` was given."
  [conn reply]
  (let [out (:out conn)]
    (.write ^java.io.OutputStream out (.getBytes ^String (encode reply)))
    (.flush ^java.io.OutputStream out)))
