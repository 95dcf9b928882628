(ns chaos.mesh
  "A network that can be broken without privileges. Node j listens on 127.0.0.j and tells
  everybody that it lives at 127.0.1.j; this proxy listens there, on every port the node
  uses, and passes bytes on. Whoever calls binds its socket to an address of its own
  (`bind-source-addr` of a server is 127.0.0.i, of a sentinel 127.0.2.i; a client's is the
  socket's local address), so the proxy knows both endpoints of each link and can cut it one
  way or both, delay it, slow it, or reset it.

  A cut swallows nothing: the proxy stops reading, bytes pile up in kernel buffers, and
  after the heal they flow on, as TCP's retransmissions would have it. What differs from a
  real blackhole, and cannot be seen here: a connect() over a cut link succeeds at once and
  then hangs, instead of hanging at once; acknowledgements of TCP itself are never lost; and
  a one-way cut leaves the reverse direction's bytes flowing.

  One thread owns all sockets; the rules (chaos.net.rules) are an immutable map in an atom. An
  exception that nobody expected ends that thread and every connection: `failure` then tells,
  and no change is taken for made.
  Taps note the first bytes and the first order that a server receives from given sentinels,
  which is how a report can say when an old master was first spoken to."
  (:require [chaos.mesh.connection :as connection]
            [chaos.net.rules :as rules])
  (:import (java.io IOException)
           (java.net InetSocketAddress StandardSocketOptions)
           (java.nio ByteBuffer)
           (java.nio.channels SelectionKey Selector ServerSocketChannel SocketChannel)
           (java.nio.charset StandardCharsets)
           (java.util HashSet)
           (java.util.concurrent ConcurrentLinkedQueue)))

(set! *warn-on-reflection* true)

;; ---- addresses and endpoints ----

(defn node-address [j] (str "127.0.0." j))
(defn public-address [j] (str "127.0.1." j))
(defn sentinel-source [j] (str "127.0.2." j))

(def ^:private first-client 100)

(defn endpoint-of
  "The endpoint that calls from this source address."
  [third-octet id]
  (cond (<= first-client id) [id :client]
        (= 2 third-octet)    [id :sentinel]
        :else                [id :server]))

(defn source-of
  "The address that an endpoint calls from."
  [[id kind]]
  (if (= :sentinel kind) (sentinel-source id) (node-address id)))

(defn- caller-of [^SocketChannel channel]
  (let [^InetSocketAddress peer (.getRemoteAddress channel)
        octets (.getAddress (.getAddress peer))
        octet  #(bit-and 0xff (long (aget octets (int %))))]
    (endpoint-of (octet 2) (octet 3))))

(defn- callee-of [j kind] [j (if (= :server kind) :server :sentinel)])

;; ---- taps ----

(def ^:private order-words ["SLAVEOF" "REPLICAOF" "FENCE" "FOLLOW"])

(defn- note-tap! [mesh {[i caller] :from [j _] :to :keys [kind]} ^bytes chunk now]
  (when (and (= :server kind) (= :sentinel caller))
    (when-let [{:keys [froms seen report]} (get @(:taps mesh) j)]
      (when (froms i)
        (let [text (String. chunk StandardCharsets/ISO_8859_1)]
          (doseq [what [:contact :order]
                  :when (and (not (@seen what))
                             (or (= what :contact)
                                 (some #(.contains text ^String %) order-words)))]
            (swap! seen conj what)
            (report {:what what :from i :to j :at now})))))))

;; ---- the owner's work ----

(defn- dial!
  "Opens the far side once both directions pass: a handshake needs both."
  [mesh {[j _] :to :keys [from kind callee closed there back] :as conn}]
  (when (and (not @closed) (nil? @callee)
             (every? #(rules/keys-pass? @(:rules mesh) (:keys %)) [there back]))
    (let [ch (SocketChannel/open)]
      (vreset! callee ch)
      (.configureBlocking ch false)
      (.setOption ch StandardSocketOptions/TCP_NODELAY Boolean/TRUE)
      (.bind ch (InetSocketAddress. ^String (source-of from) 0))
      (.register ch ^Selector (:selector mesh) SelectionKey/OP_CONNECT [conn :callee])
      (.connect ch (InetSocketAddress. ^String (node-address j)
                                       (int (get-in mesh [:ports kind])))))))

(defn- accept! [mesh ^ServerSocketChannel server j kind now]
  (when-let [ch (.accept server)]
    (.configureBlocking ch false)
    (.setOption ch StandardSocketOptions/TCP_NODELAY Boolean/TRUE)
    (let [conn (connection/connection (caller-of ch) (callee-of j kind) kind ch)]
      (.add ^HashSet (:conns mesh) conn)
      (.register ch ^Selector (:selector mesh) 0 [conn :caller])
      (try (dial! mesh conn)
           (connection/refresh! mesh conn now)
           (catch IOException _ (connection/close! mesh conn true))))))

(defn- serve-key! [mesh ^SelectionKey key now]
  (let [[conn side] (.attachment key)
        {:keys [there back ^SocketChannel caller callee dialled]} conn
        ^SocketChannel callee @callee
        ops (.readyOps key)
        on? (fn [op] (pos? (bit-and ops (int op))))]
    (when (on? SelectionKey/OP_CONNECT)
      (.finishConnect callee)
      (vreset! dialled true))
    (when (on? SelectionKey/OP_READ)
      (if (= side :caller)
        (connection/pull! mesh conn there caller callee now #(note-tap! mesh conn % now))
        (connection/pull! mesh conn back callee caller now (constantly nil))))
    (when (and (on? SelectionKey/OP_WRITE) (not @(:closed conn)))
      (if (= side :caller)
        (connection/flush! mesh conn back caller now)
        (connection/flush! mesh conn there callee now)))
    (connection/refresh! mesh conn now)))

(defn- handle-key! [mesh ^SelectionKey key now]
  (let [attachment (.attachment key)]
    (if (map? attachment)
      (accept! mesh (.channel key) (:j attachment) (:kind attachment) now)
      (try
        (when (.isValid key) (serve-key! mesh key now))
        (catch IOException _ (connection/close! mesh (first attachment) true))))))

(defn- next-task! [mesh] (.poll ^ConcurrentLinkedQueue (:tasks mesh)))

(defn- run-tasks!
  "Does what other threads want done, and hands each what its task threw, or nil."
  [mesh]
  (loop []
    (when-let [{:keys [task done]} (next-task! mesh)]
      (deliver done (try (task) nil (catch Throwable t t)))
      (recur))))

(defn- refresh-all! [mesh now]
  (vreset! (:swept mesh) now)
  (doseq [conn (vec (:conns mesh))]
    (try (dial! mesh conn)
         (connection/refresh! mesh conn now)
         (catch IOException _ (connection/close! mesh conn true)))))

(defn- by-the-clock?
  "Whether bytes may come due without a socket event: under a timed rule, and after one until
  everything was looked at once more when its last byte had come due."
  [mesh]
  (or (rules/timed? @(:rules mesh)) (<= (long @(:swept mesh)) (long @(:latest-due mesh)))))

(defn- serve! [mesh]
  (let [^Selector selector (:selector mesh)]
    (while (.isOpen selector)
      (.select selector (if (by-the-clock? mesh) 1 100))
      (run-tasks! mesh)
      (when (.isOpen selector)
        (let [now (System/nanoTime)]
          (doseq [key (vec (.selectedKeys selector))] (handle-key! mesh key now))
          (.clear (.selectedKeys selector))
          (when (by-the-clock? mesh) (refresh-all! mesh now)))))))

(defn- listen! [mesh j kind port]
  (let [server (ServerSocketChannel/open)]
    (.configureBlocking server false)
    (.setOption server StandardSocketOptions/SO_REUSEADDR Boolean/TRUE)
    (.bind server (InetSocketAddress. ^String (public-address j) (int port)))
    (.register server ^Selector (:selector mesh) SelectionKey/OP_ACCEPT {:j j :kind kind})
    server))

(defn- shut! [mesh]
  (doseq [conn (vec (:conns mesh))] (connection/close! mesh conn true))
  (doseq [^ServerSocketChannel server @(:servers mesh)] (.close server))
  (.close ^Selector (:selector mesh)))

(defn- own!
  "The life of the owner's thread. Its death is told before anybody can meet its effects."
  [mesh]
  (try
    (serve! mesh)
    (catch Throwable t
      (reset! (:failure mesh) t)
      (loop []
        (when-let [{:keys [done]} (next-task! mesh)]
          (deliver done t)
          (recur)))
      (shut! mesh))))

;; ---- what the rest of the harness calls, from any thread ----

(defn start!
  "Listens for nodes on the ports, a map of kind (:server, :sentinel, :raft) to number."
  [nodes ports]
  (let [mesh {:selector (Selector/open) :ports ports :rules (atom rules/all-open)
              :taps (atom {}) :conns (HashSet.) :tasks (ConcurrentLinkedQueue.)
              :latest-due (volatile! Long/MIN_VALUE) :swept (volatile! (System/nanoTime))
              :buffer (ByteBuffer/allocateDirect 65536)
              :servers (atom []) :failure (atom nil)}]
    (try
      (doseq [j nodes, [kind port] ports]
        (swap! (:servers mesh) conj (listen! mesh j kind port)))
      (catch Throwable t (shut! mesh) (throw t)))
    (assoc mesh :thread (doto (Thread. ^Runnable #(own! mesh) "chaos-mesh")
                          (.setDaemon true)
                          (.start)))))

(defn failure
  "What ended the mesh although nobody had asked for its end, or nil."
  [mesh]
  @(:failure mesh))

(def ^:private task-ms-max 5000)

(defn- on-owner!
  "Runs task on the mesh's thread and waits for it, so that a fault is in place on return.
  Throws when it is not."
  [mesh task]
  (let [done (promise)]
    (.add ^ConcurrentLinkedQueue (:tasks mesh) {:task task :done done})
    (.wakeup ^Selector (:selector mesh))
    (when-let [t (failure mesh)] (deliver done t))
    (when-let [thrown (deref done task-ms-max (IOException. "no answer"))]
      (throw (ex-info (str "the mesh could not do it: " thrown) {} thrown)))))

(defn change!
  "Replaces the rules by (apply f rules args), at once for every open connection."
  [mesh f & args]
  (on-owner! mesh (fn [] (apply swap! (:rules mesh) f args) (refresh-all! mesh (System/nanoTime)))))

(defn heal! [mesh] (change! mesh (constantly rules/all-open)))

(defn reset-links!
  "Aborts (RST) every connection over any of the links, [from to] of ids or endpoints, in the
  direction in which it was opened. Returns how many there were."
  [mesh links]
  (let [links  (set links)
        broken (atom 0)]
    (on-owner! mesh
               (fn [] (doseq [conn (vec (:conns mesh))
                              :when (some links (:keys (:there conn)))]
                        (swap! broken inc)
                        (connection/close! mesh conn true))))
    @broken))

(defn tap!
  "Calls report once with the first bytes (:contact) and once with the first order (:order)
  that sentinels on the nodes `froms` send to the server of node j, from now on. :at is a
  System/nanoTime value."
  [mesh j froms report]
  (swap! (:taps mesh) assoc j {:froms (set froms) :seen (atom #{}) :report report}))

(defn stop!
  "Ends the mesh and every connection; one that has died is closed already."
  [mesh]
  (when-not (failure mesh)
    (on-owner! mesh #(shut! mesh)))
  (.join ^Thread (:thread mesh) 5000))
