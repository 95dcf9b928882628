(ns chaos.mesh-test
  "The rules as values, and the proxy itself with real sockets on loopback."
  (:require [chaos.mesh :as mesh]
            [clojure.test :refer [deftest is testing]])
  (:import (java.io IOException InputStream)
           (java.net InetAddress InetSocketAddress ServerSocket Socket SocketTimeoutException)))

(deftest should-cut-both-ways-between-groups-and-nowhere-within
  (let [rules (mesh/cut-between mesh/all-open [[1 101] [2 3]])]
    (is (every? #(not (mesh/passes? rules %)) [[1 2] [2 1] [101 3] [3 101]]))
    (is (every? #(mesh/passes? rules %) [[1 101] [101 1] [2 3] [1 1]]))))

(deftest should-cut-one-way-only
  (let [rules (mesh/cut-one-way mesh/all-open [1] [2])]
    (is (not (mesh/passes? rules [1 2])))
    (is (mesh/passes? rules [2 1]))))

(defn- address [host port] (InetSocketAddress. ^String host (int port)))

(defn- with-mesh
  "Calls (body mesh client server): an accepted pair of sockets, from node 1 to node 2."
  [body]
  (with-open [listener (ServerSocket. 0 5 (InetAddress/getByName (mesh/node-address 2)))]
    (let [port (.getLocalPort listener)
          mesh (mesh/start! [2] {:server port})]
      (try
        (with-open [client (doto (Socket.)
                             (.bind (address (mesh/node-address 1) 0))
                             (.setSoTimeout 5000)
                             (.connect (address (mesh/public-address 2) port)))
                    server (doto (.accept listener) (.setSoTimeout 5000))]
          (body mesh client server))
        (finally (mesh/stop! mesh))))))

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
      (mesh/change! mesh mesh/cut-between [[1] [2]])
      (write! client "late")
      (is (silent? server))
      (mesh/heal! mesh)
      (is (= "late" (read-text server 4))))))

(deftest should-let-the-other-way-pass-in-a-one-way-cut
  (with-mesh
    (fn [mesh client server]
      (mesh/change! mesh mesh/cut-one-way [1] [2])
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
      (mesh/change! mesh mesh/delayed 1 2 20)
      (doseq [part ["a" "b" "c"]] (write! client part))
      (is (= "abc" (read-text server 3))))))

(deftest should-note-first-contact-and-first-order-but-no-replica
  (with-mesh
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
  (testing "a replica that asks for the stream is no sentinel"
    (with-mesh
      (fn [mesh client server]
        (let [said (promise)]
          (mesh/tap! mesh 2 [1] #(deliver said %))
          (write! client "REPLCONF ACK 1")
          (is (= "REPLCONF ACK 1" (read-text server 14)))
          (is (not (realized? said))))))))
