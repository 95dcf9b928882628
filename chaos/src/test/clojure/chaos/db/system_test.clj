(ns chaos.db.system-test
  "Generated configuration files, in folders with names that need quotes. A stock server reads one
  of them, so this needs stock Redis, and fails without."
  (:require [chaos.db.stock :as stock]
            [chaos.db.system :as system]
            [chaos.net.network :as network]
            [chaos.resp :as resp]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is]])
  (:import (java.io File)
           (java.net InetAddress ServerSocket)))

(deftest should-quote-what-redis-conf-would-take-apart
  (are [quoted text] (= quoted (system/quoted text))
    "\"/plain/n1\""       "/plain/n1"
    "\"/a b/n1\""         "/a b/n1"
    "\"/a \\\"b\\\"/n1\"" "/a \"b\"/n1"
    "\"/it's/n1\""        "/it's/n1"
    "\"/a\\\\b\""         "/a\\b"))

(defn- free-port []
  (with-open [socket (ServerSocket. 0 1 (InetAddress/getByName "127.0.0.1"))]
    (.getLocalPort socket)))

(def ^:private nowhere
  (reify network/Network
    (ports [_] {:server 1 :sentinel 2})
    (listen [_ _ _] "127.0.0.1")
    (public [_ _ _] "127.0.0.1")
    (source [_ _] "127.0.0.1")))

(defn- path-lines [kind dir]
  (filter #(re-find #"^(dir|logfile) " %)
          (system/config (stock/system) kind
                         {:node 1 :nodes [1 2 3] :master 1 :dir dir :data dir
                          :net nowhere})))

(deftest should-name-every-folder-in-quotes
  (doseq [kind [:server :sentinel]]
    (is (= ["dir \"/a \\\"b\\\"/n1\"" (str "logfile \"/a \\\"b\\\"/n1/" (name kind) ".log\"")]
           (path-lines kind (File. "/a \"b\"/n1"))))))

(deftest should-be-read-by-a-server
  (let [dir     (.getAbsoluteFile (io/file "target" (str "a \"quoted\" 'name' "
                                                         (System/nanoTime))))
        file    (io/file dir "server.conf")
        address {:host "127.0.0.1" :port (free-port)}]
    (.mkdirs ^File dir)
    (spit file (str/join "\n" (concat [(str "port " (:port address)) "bind 127.0.0.1" ""]
                                      (path-lines :server dir))))
    (let [process (.start (ProcessBuilder.
                           ^java.util.List (system/argv (stock/system) :server file)))
          deadline (+ (System/nanoTime) 20000000000)]
      (try
        (while (and (.isAlive process) (not= "PONG" (resp/ask address "PING"))
                    (< (System/nanoTime) deadline))
          (Thread/onSpinWait))
        (is (= ["dir" (str dir)] (resp/ask address "CONFIG" "GET" "dir")))
        (is (.isFile (io/file dir "server.log")))
        (finally (.waitFor (.destroyForcibly process)))))))
