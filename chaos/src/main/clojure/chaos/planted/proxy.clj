(ns chaos.planted.proxy
  "A TCP proxy before one server that tells its clients the truth, except where its lie (see
  chaos.planted.lies) says otherwise. Each client has a connection of its own to the server.

  All that comes passes `chaos.planted.relay` one by one, under a lock: so what happens
  through an honest proxy happens in one order, and a lie may remember what it has seen of
  all clients. The price is one core; that is enough for some thousand commands a second."
  (:require [chaos.planted.relay :as relay]
            [chaos.planted.wire :as wire])
  (:import (java.io IOException InputStream)
           (java.net InetAddress InetSocketAddress ServerSocket Socket)
           (java.util.concurrent Executors ScheduledExecutorService ThreadFactory TimeUnit)))

(set! *warn-on-reflection* true)

(def ^:private unparsed-bytes-max (* 64 1024 1024))
(def ^:private connect-ms 2000)

(defn- daemon ^Thread [label ^Runnable task]
  (doto (Thread. task (str "chaos-planted-" label)) (.setDaemon true)))

(defn- close-quietly! [^java.io.Closeable socket]
  (try (.close socket) (catch IOException _ nil)))

(defn- write! [^Socket socket ^bytes bs]
  (try
    (doto (.getOutputStream socket) (.write bs) (.flush))
    (catch IOException _ (close-quietly! socket))))

(declare step!)

(defn- perform! [{:keys [sockets ^ScheduledExecutorService timer] :as proxy} [kind c payload]]
  (let [{:keys [client server]} (get @sockets c)]
    (case kind
      :up    (some-> server (write! payload))
      :down  (some-> client (write! payload))
      :cut   (run! close-quietly! (remove nil? [client server]))
      :later (.schedule timer ^Runnable #(step! proxy relay/due payload)
                        (long c) TimeUnit/MILLISECONDS))))

(defn- step!
  "Applies a function of the relay and performs what it asks for. The lock keeps effects in
  the order of the decisions."
  [{:keys [relay lock] :as proxy} f & args]
  (locking lock
    (let [[relay' effects] (apply f @relay args)]
      (reset! relay relay')
      (doseq [effect effects] (perform! proxy effect)))))

(defn- note!
  "Applies a function of the relay that asks for nothing."
  [proxy f c]
  (step! proxy (fn [relay] [(f relay c) []])))

(defn- pump!
  "Feeds the frames that come from the socket to (take! frame), until it ends."
  [^Socket socket parse take!]
  (let [^InputStream in (.getInputStream socket)
        buffer (byte-array 65536)]
    (loop [left (byte-array 0)]
      (let [n (.read in buffer)]
        (when (pos? n)
          (let [[frames left] (parse (wire/join [left (java.util.Arrays/copyOf buffer n)]))]
            (run! take! frames)
            (when (<= (alength ^bytes left) (long unparsed-bytes-max))
              (recur left))))))))

(defn- drop! [{:keys [sockets] :as proxy} c]
  (let [{:keys [client server]} (get @sockets c)]
    (note! proxy relay/closed c)
    (swap! sockets dissoc c)
    (run! close-quietly! (remove nil? [client server]))))

(defn- pumping
  "A task that pumps one direction of connection c and ends both when it ends."
  [proxy c socket parse event]
  (fn []
    (try
      (pump! socket parse #(step! proxy event c %))
      (catch IOException _ nil)
      (finally (when-not (= :own c) (drop! proxy c))))))

(defn- dial ^Socket [{:keys [host port]}]
  (doto (Socket.)
    (.setTcpNoDelay true)
    (.connect (InetSocketAddress. ^String host (int port)) (int connect-ms))))

(defn- serve! [{:keys [sockets target] :as proxy} c ^Socket client]
  (try
    (.setTcpNoDelay client true)
    (let [server (dial target)]
      (swap! sockets assoc c {:client client :server server})
      (note! proxy relay/opened c)
      (.start (daemon (str "client-" c) (pumping proxy c client wire/commands relay/command)))
      (.start (daemon (str "server-" c) (pumping proxy c server wire/replies relay/reply))))
    (catch IOException _ (close-quietly! client))))

(defn- accept! [proxy ^ServerSocket listener]
  (try
    (loop [c 0]
      (serve! proxy c (.accept listener))
      (recur (inc c)))
    (catch IOException _ nil)))

(defn- timer ^ScheduledExecutorService []
  (Executors/newSingleThreadScheduledExecutor
   (reify ThreadFactory (newThread [_ task] (daemon "timer" task)))))

(defn start!
  "Begins to listen on loopback, before the server at target {:host :port}. The lie strikes at
  moments named by seed. :address of what is returned is where clients go."
  [{:keys [target lie seed]}]
  (let [listener (ServerSocket. 0 100 (InetAddress/getByName "127.0.0.1"))
        own      (dial target)
        proxy    {:target target :listener listener :timer (timer) :lock (Object.)
                  :relay (atom (relay/relay lie seed)) :sockets (atom {:own {:server own}})
                  :address {:host "127.0.0.1" :port (.getLocalPort listener)}}]
    (.start (daemon "server-own" (pumping proxy :own own wire/replies relay/reply)))
    (.start (daemon "listener" #(accept! proxy listener)))
    proxy))

(defn rest-from-lying! [proxy]
  (step! proxy (fn [relay] [(relay/rest-from-lying relay) []])))

(defn strikes
  "How often the lie has struck so far."
  [proxy]
  (:strikes @(:relay proxy)))

(defn stop!
  "Closes every connection. What was to happen later does not."
  [{:keys [listener timer sockets]}]
  (close-quietly! listener)
  (.shutdownNow ^ScheduledExecutorService timer)
  (doseq [{:keys [client server]} (vals @sockets), socket [client server] :when socket]
    (close-quietly! socket)))
