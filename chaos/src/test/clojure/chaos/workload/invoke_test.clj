(ns chaos.workload.invoke-test
  "What workloads say to a server: every operation of every workload and variant, one after
  another, against one stock Redis behind a sentinel of literal replies. All must succeed and
  every checker must be content. Like chaos.live-test it needs stock Redis, and fails without."
  (:require [chaos.client :as client]
            [chaos.db.stock :as stock]
            [chaos.db.system :as system]
            [chaos.fake-server :as fake]
            [chaos.generator :as gen]
            [chaos.resp :as resp]
            [chaos.simulation :as simulation]
            [chaos.workload :as workload]
            [clojure.java.io :as io]
            [clojure.test :refer [deftest is testing]])
  (:import (java.io File)
           (java.net InetAddress ServerSocket)))

(def ^:private opts {:seed 3 :clients 4 :rate 40 :time-s 5 :system :stock})

(defn- free-port []
  (with-open [socket (ServerSocket. 0 1 (InetAddress/getByName "127.0.0.1"))]
    (.getLocalPort socket)))

(defn- await-answer! [address]
  (let [deadline (+ (System/nanoTime) 20000000000)]
    (loop []
      (cond (= "PONG" (resp/ask address "PING")) true
            (< deadline (System/nanoTime))       (throw (ex-info "no server" {}))
            :else                                (do (Thread/onSpinWait) (recur))))))

(defn- with-redis
  "Calls (body address) with an empty stock server."
  [body]
  (let [dir     (doto (io/file "target" (str "invoke-" (System/nanoTime))) (.mkdirs))
        file    (io/file (.getAbsoluteFile ^File dir) "server.conf")
        address {:host "127.0.0.1" :port (free-port)}
        _       (spit file (str "port " (:port address) "\nbind 127.0.0.1\nsave \"\"\n"
                                "dir " (system/quoted (.getParent file)) "\nlogfile server.log\n"))
        argv    (system/argv (stock/system) :server file)
        process (.start (ProcessBuilder. ^java.util.List argv))]
    (try
      (await-answer! address)
      (body address)
      (finally (.waitFor (.destroyForcibly process))))))

(defn- sentinel
  "Names the server as the master and as its own replica."
  [{:keys [host port]}]
  (fn [[word sub channel] _]
    (cond (= "PSUBSCRIBE" word)              ["psubscribe" sub 1]
          (= "PING" word)                    ["pong" ""]
          (= "REPLICAS" sub)                 [["name" "r" "ip" host "port" (str port)]]
          (= "GET-MASTER-ADDR-BY-NAME" sub)  [host (str port)])))

(defn- operations [{:keys [generator final-generator]}]
  (simulation/invocations
   (simulation/run simulation/perfect
                   (gen/clients (gen/phases (gen/time-limit (:time-s opts) generator)
                                            final-generator)))))

(defn- found-master!
  "The operation by (attempt), again while no master was found: a sentinel has 200 ms to
  answer, which a busy machine may not give it, and nothing was sent yet."
  [attempt]
  (first (drop-while #(= :no-master (:error %)) (repeatedly 50 attempt))))

(defn- performed
  "The history of the operations, performed one after another."
  [{:keys [invoke]} clients ops]
  (reduce (fn [history {:keys [process] :as op}]
            (let [index (count history)
                  op    (assoc op :index index :time (* 1000000 index))
                  done  (found-master! #(invoke (clients process) op))]
              (conj history op (assoc done :index (inc index) :time (* 1000000 (inc index))))))
          [] ops))

(defn- run-alone! [address name more]
  (fake/with-server (sentinel address)
    (fn [sentinel-address]
      (let [load    ((workload/workloads name) (merge opts more))
            ops     (remove #(= :final-read (:f %)) (operations load))
            clients (mapv #(client/client {:sentinels [sentinel-address] :seed % :from "127.0.0.1"})
                          (range (:clients opts)))]
        (try
          (let [history (performed load clients ops)]
            {:history history :found ((:checker load) history opts)})
          (finally (run! client/close! clients)))))))

(defn- ways [name]
  (concat [{}]
          (for [[option {:keys [of ways default]}] workload/variants
                :when (= of name), way (keys (dissoc ways default))]
            {option way})))

(defn- by-nodes?
  "Whether a workload is judged by reads of a cluster's nodes, past the mesh. Here is no cluster
  that could be read, so its checker has nothing to say, and only its operations are looked at."
  [name]
  (some? (:read-node ((workload/workloads name) opts))))

(def ^:private names (sort (keys workload/workloads)))

(deftest should-be-content-with-one-server-that-nothing-happens-to
  (with-redis
    (fn [address]
      (doseq [name (remove by-nodes? names), more (ways name)]
        (testing [name more]
          (resp/ask address "FLUSHALL")
          (let [{:keys [history found]} (run-alone! address name more)
                failed (remove #{:mismatch} (keep :error history))]
            (is (= [true {}] ((juxt :valid? :anomalies) found)))
            (is (= [] failed))
            (is (< 100 (get-in found [:counts :ok])))))))))

(deftest should-perform-what-is-judged-by-reads-of-nodes
  (with-redis
    (fn [address]
      (doseq [name (filter by-nodes? names), more (ways name)]
        (testing [name more]
          (let [{:keys [history]} (run-alone! address name more)
                of (fn [type] (count (filter #(= type (:type %)) history)))]
            (is (< 100 (of :ok)))
            (is (= (of :invoke) (of :ok))))))
      (run-alone! address :durability {:fsync :everysec})
      (is (= "everysec" (second (resp/ask address "CONFIG" "GET" "appendfsync")))))))
