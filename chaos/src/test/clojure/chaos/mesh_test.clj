(ns chaos.mesh-test
  "The proxy itself, with real sockets on loopback. Its rules as values: chaos.net.rules-test."
  (:require [chaos.mesh :as mesh]
            [chaos.net.rules :as rules]
            [clojure.test :refer [deftest is testing]])
  (:import (clojure.lang ExceptionInfo)
           (java.io IOException InputStream)
           (java.net InetAddress InetSocketAddress ServerSocket Socket SocketTimeoutException)))

(defn- address [host port] (InetSocketAddress. ^String host (int port)))

(defn- with-mesh-from
  "Calls (body mesh client server): an accepted pair of sockets, from an address to node 2."
  [from body]
  (with-open [listener (ServerSocket. 0 5 (InetAddress/getByName (mesh/node-address 2)))]
    (let [port (.getLocalPort listener)
          mesh (mesh/start! [2] {:server port})]
      (try
        (with-open [client (doto (Socket.)
                             (.bind (address from 0))
                             (.setSoTimeout 5000)
                             (.connect (address (mesh/public-address 2) port)))
                    server (doto (.accept listener) (.setSoTimeout 5000))]
          (body mesh client server))
        (finally (mesh/stop! mesh))))))

(defn- with-mesh
  "From the server of node 1 to the server of node 2."
  [body]
  (with-mesh-from (mesh/node-address 1) body))

(defn- with-sentinel
  "From the sentinel of node 1 to the server of node 2."
  [body]
  (with-mesh-from (mesh/sentinel-source 1) body))

(defn- write! [^Socket socket ^String text] (.write (.getOutputStream socket) (.getBytes text)))

(defn- read-text [^Socket socket n]
  (String. (.readNBytes ^InputStream (.getInputStream socket) (int n))))

(defn- silent? [^Socket socket]
  (.setSoTimeout socket 50)
  (try (.read (.getInputStream socket)) false
       (catch SocketTimeoutException _ true)
       (finally (.setSoTimeout socket 5000))))

(deftest should-pass-bytes-both-ways-and-show-who-calls
  (with-mesh
    (fn [_ client server]
      (write! client "PING")
      (is (= "PING" (read-text server 4)))
      (write! server "PONG")
      (is (= "PONG" (read-text client 4)))
      (is (= (mesh/node-address 1)
             (.getHostAddress (.getInetAddress ^Socket server)))))))

(deftest should-hold-bytes-during-a-cut-and-deliver-them-after-the-heal
  (with-mesh
    (fn [mesh client server]
      (mesh/change! mesh rules/cut-between [[1] [2]])
      (write! client "late")
      (is (silent? server))
      (mesh/heal! mesh)
      (is (= "late" (read-text server 4))))))

(deftest should-let-the-other-way-pass-in-a-one-way-cut
  (with-mesh
    (fn [mesh client server]
      (mesh/change! mesh rules/cut-one-way [1] [2])
      (write! server "down")
      (is (= "down" (read-text client 4)))
      (write! client "up")
      (is (silent? server)))))

(deftest should-hand-on-the-end-of-a-connection
  (with-mesh
    (fn [_ ^Socket client ^Socket server]
      (.close server)
      (is (= -1 (.read (.getInputStream client)))))))

(deftest should-reset-a-link
  (with-mesh
    (fn [mesh ^Socket client _]
      (mesh/reset-links! mesh [[1 2]])
      (is (thrown? IOException (.read (.getInputStream client)))))))

(deftest should-deliver-delayed-bytes-in-order
  (with-mesh
    (fn [mesh client server]
      (mesh/change! mesh rules/delayed [[1 2]] {:ms 20})
      (doseq [part ["a" "b" "c"]] (write! client part))
      (is (= "abc" (read-text server 3))))))

(defn- elapsed-ms [since] (/ (- (System/nanoTime) since) 1e6))

(deftest should-not-deliver-before-the-delay-is-over
  (with-mesh
    (fn [mesh client server]
      (mesh/change! mesh rules/delayed [[1 2]] {:ms 150 :jitter-ms 50 :seed 7})
      (let [since (System/nanoTime)]
        (write! client "late")
        (is (= "late" (read-text server 4)))
        (is (<= 150 (elapsed-ms since)))
        (write! server "soon")
        (is (= "soon" (read-text client 4)))))))

(deftest should-deliver-what-was-delayed-also-after-the-heal
  (with-mesh
    (fn [mesh client server]
      (mesh/change! mesh rules/delayed [[1 2]] {:ms 1000})
      (write! client "late")
      (is (silent? server))
      (mesh/heal! mesh)
      (is (= "late" (read-text server 4))))))

(deftest should-slow-a-link-to-its-rate
  (with-mesh
    (fn [mesh client server]
      (mesh/change! mesh rules/slowed [[1 2]] 10000)
      (let [text  (apply str (repeat 3000 "x"))
            since (System/nanoTime)]
        (write! client text)
        (is (= text (read-text server 3000)))
        (testing "3000 bytes at 10000 a second, but for a burst of a fiftieth"
          (is (<= 270 (elapsed-ms since))))))))

(deftest should-cut-the-sentinel-of-a-node-and-not-its-server
  (let [cut (fn [mesh] (mesh/change! mesh rules/cut [[[1 :sentinel] [2 :server]]]))]
    (with-mesh
      (fn [mesh client server]
        (cut mesh)
        (write! client "pass")
        (is (= "pass" (read-text server 4)))))
    (with-sentinel
      (fn [mesh client server]
        (cut mesh)
        (write! client "held")
        (is (silent? server))
        (is (= (mesh/sentinel-source 1)
               (.getHostAddress (.getInetAddress ^Socket server))))))))

(deftest should-reset-only-the-links-named
  (with-mesh
    (fn [mesh client server]
      (is (zero? (mesh/reset-links! mesh [[2 1] [1 3] [[1 :sentinel] 2]])))
      (write! client "whole")
      (is (= "whole" (read-text server 5)))
      (is (= 1 (mesh/reset-links! mesh [[[1 :server] [2 :server]]]))))))

(deftest should-tell-of-its-own-death-and-take-no-change-for-made
  (with-sentinel
    (fn [mesh ^Socket client _]
      (is (nil? (mesh/failure mesh)))
      (mesh/tap! mesh 2 [1] (fn [_] (throw (IllegalStateException. "a bug"))))
      (write! client "PING")
      (testing "everybody behind it is hung up on"
        (is (thrown? IOException (.read (.getInputStream client)))))
      (is (= "a bug" (ex-message (mesh/failure mesh))))
      (is (thrown-with-msg? ExceptionInfo #"a bug" (mesh/heal! mesh))))))

(deftest should-outlive-a-change-that-cannot-be-made
  (with-mesh
    (fn [mesh client server]
      (is (thrown-with-msg? ExceptionInfo #"no such rule"
                            (mesh/change! mesh (fn [_] (throw (Exception. "no such rule"))))))
      (write! client "whole")
      (is (= "whole" (read-text server 5)))
      (is (nil? (mesh/failure mesh))))))

(deftest should-leave-nothing-open-when-one-port-is-taken
  (with-open [taken (ServerSocket. 0 1 (InetAddress/getByName (mesh/public-address 3)))]
    (let [port (.getLocalPort taken)]
      (is (thrown? IOException (mesh/start! [2 3] {:server port})))
      (.close (ServerSocket. port 1 (InetAddress/getByName (mesh/public-address 2)))))))

(deftest should-note-first-contact-and-first-order-but-no-replica
  (with-sentinel
    (fn [mesh client server]
      (let [said (promise), ordered (promise)]
        (mesh/tap! mesh 2 [1] (fn [{:keys [what] :as event}]
                                (deliver (if (= what :order) ordered said) event)))
        (write! client "*1\r\n$4\r\nPING\r\n")
        (is (= "*1\r\n$4\r\nPING\r\n" (read-text server 14)))
        (is (= {:what :contact :from 1 :to 2} (dissoc (deref said 5000 nil) :at)))
        (is (not (realized? ordered)))
        (write! client "SLAVEOF 127.0.1.3 1")
        (is (= :order (:what (deref ordered 5000 nil)))))))
  (testing "the server of the same node is no sentinel"
    (with-mesh
      (fn [mesh client server]
        (let [said (promise)]
          (mesh/tap! mesh 2 [1] #(deliver said %))
          (write! client "REPLCONF ACK 1")
          (is (= "REPLCONF ACK 1" (read-text server 14)))
          (is (not (realized? said))))))))
