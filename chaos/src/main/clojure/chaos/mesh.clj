(ns chaos.mesh
  "A network that can be broken without privileges. Node j listens on 127.0.0.j and tells
  everybody that it lives at 127.0.1.j; this proxy listens there, on every port the node
  uses, and passes bytes on. Whoever calls binds its socket to an address of its own
  (127.0.0.i: `bind-source-addr` of a node, the socket's local address of a client), so the
  proxy knows each link i->j and can cut it one way or both, delay it, or reset it.

  A cut swallows nothing: the proxy stops reading, bytes pile up in kernel buffers, and
  after the heal they flow on, as TCP's retransmissions would have it. What differs from a
  real blackhole, and cannot be seen here: a connect() over a cut link succeeds at once and
  then hangs, instead of hanging at once; acknowledgements of TCP itself are never lost; and
  a one-way cut leaves the reverse direction's bytes flowing.

  One thread owns all sockets; the rules are an immutable map in an atom, made by the pure
  functions below. Taps note the first bytes and the first order that a node receives from
  given nodes, which is how a report can say when an old master was first spoken to."
  (:import (java.io IOException)
           (java.net InetSocketAddress StandardSocketOptions)
           (java.nio ByteBuffer)
           (java.nio.channels SelectionKey Selector ServerSocketChannel SocketChannel)
           (java.nio.charset StandardCharsets)
           (java.util ArrayDeque HashSet)
           (java.util.concurrent ConcurrentLinkedQueue)))

(set! *warn-on-reflection* true)

;; ---- rules, pure ----

(def all-open {:cuts #{} :delays-ms {}})

(defn cut-one-way
  "No bytes from any of froms to any of tos."
  [rules froms tos]
  (update rules :cuts into (for [i froms, j tos :when (not= i j)] [i j])))

(defn cut-between
  "No bytes between members of different groups."
  [rules groups]
  (reduce (fn [r [a b]] (cut-one-way r a b))
          rules
          (for [a groups, b groups :when (not= a b)] [a b])))

(defn delayed
  "Bytes from i to j arrive ms milliseconds late."
  [rules i j ms]
  (assoc-in rules [:delays-ms [i j]] ms))

(defn passes? [rules link] (not (contains? (:cuts rules) link)))

(defn node-address [j] (str "127.0.0." j))
(defn public-address [j] (str "127.0.1." j))

(defn- id-of [^SocketChannel channel]
  (let [^InetSocketAddress peer (.getRemoteAddress channel)]
    (bit-and 0xff (long (aget (.getAddress (.getAddress peer)) 3)))))

;; ---- one connection: two pipes, each with a queue that is bounded by no longer reading ----

(def ^:private queue-bytes-max (* 1024 1024))

(defn- pipe [link] {:link link :queue (ArrayDeque.) :bytes (volatile! 0) :eof (volatile! false)})

(defn- connection [i j kind channel]
  {:i i :j j :kind kind :caller channel :callee (volatile! nil) :dialled (volatile! false)
   :replica (volatile! false) :closed (volatile! false) :there (pipe [i j]) :back (pipe [j i])})

(defn- close! [mesh conn abort?]
  (when-not @(:closed conn)
    (vreset! (:closed conn) true)
    (.remove ^HashSet (:conns mesh) conn)
    (doseq [^SocketChannel ch [(:caller conn) @(:callee conn)] :when ch]
      (try
        (when abort? (.setOption ch StandardSocketOptions/SO_LINGER (Integer/valueOf 0)))
        (.close ch)
        (catch IOException _ nil)))))

(defn- due-now? [pipe now]
  (when-let [[due _] (.peek ^ArrayDeque (:queue pipe))] (<= (long due) (long now))))

(defn- set-interest! [mesh ^SocketChannel ch ops]
  (when-let [^SelectionKey key (and ch (.isOpen ch) (.keyFor ch ^Selector (:selector mesh)))]
    (when (.isValid key) (.interestOps key (int ops)))))

(defn- refresh! [mesh conn now]
  (when-not @(:closed conn)
    (let [rules   @(:rules mesh)
          reads?  (fn [{:keys [link bytes eof]}]
                    (and (passes? rules link) (not @eof) (< (long @bytes) (long queue-bytes-max))))
          writes? (fn [{:keys [link] :as p}] (and (passes? rules link) (due-now? p now)))
          ops     (fn [in out] (bit-or (if (reads? in) SelectionKey/OP_READ 0)
                                       (if (writes? out) SelectionKey/OP_WRITE 0)))
          {:keys [there back caller callee dialled]} conn]
      (cond
        @dialled (do (set-interest! mesh caller (ops there back))
                     (set-interest! mesh @callee (ops back there)))
        @callee  (do (set-interest! mesh caller 0)
                     (set-interest! mesh @callee SelectionKey/OP_CONNECT))
        :else    (set-interest! mesh caller 0)))))

(defn- dial!
  "Opens the far side once both directions pass: a handshake needs both."
  [mesh {:keys [i j kind callee closed] :as conn}]
  (when (and (not @closed) (nil? @callee)
             (passes? @(:rules mesh) [i j]) (passes? @(:rules mesh) [j i]))
    (let [ch (SocketChannel/open)]
      (vreset! callee ch)
      (.configureBlocking ch false)
      (.setOption ch StandardSocketOptions/TCP_NODELAY Boolean/TRUE)
      (.bind ch (InetSocketAddress. ^String (node-address i) 0))
      (.register ch ^Selector (:selector mesh) SelectionKey/OP_CONNECT [conn :callee])
      (.connect ch (InetSocketAddress. ^String (node-address j)
                                       (int (get-in mesh [:ports kind])))))))

;; ---- taps ----

(def ^:private order-words ["SLAVEOF" "REPLICAOF" "FENCE" "FOLLOW"])

(defn- note-tap! [mesh {:keys [i j kind replica]} ^String text now]
  (when (and (= :server kind) (< (long i) 100))
    (when (.contains text "REPLCONF") (vreset! replica true))
    (when-let [{:keys [froms seen report]} (get @(:taps mesh) j)]
      (when (and (froms i) (not @replica))
        (doseq [what [:contact :order]
                :when (and (not (@seen what))
                           (or (= what :contact) (some #(.contains text ^String %) order-words)))]
          (swap! seen conj what)
          (report {:what what :from i :to j :at now}))))))

;; ---- moving bytes ----

(defn- flush-pipe! [mesh conn {:keys [link bytes eof] :as p} ^SocketChannel to now]
  (let [^ArrayDeque queue (:queue p)]
    (when (passes? @(:rules mesh) link)
      (loop []
        (when (due-now? p now)
          (let [[_ ^ByteBuffer chunk] (.peek queue)]
            (vswap! bytes - (.write to chunk))
            (when-not (.hasRemaining chunk)
              (.poll queue)
              (recur)))))
      (when (and @eof (.isEmpty queue))
        (when (.isConnected to) (.shutdownOutput to))
        (when (and @(:eof (:there conn)) @(:eof (:back conn)))
          (close! mesh conn false))))))

(defn- pull! [mesh conn {:keys [link bytes eof] :as p} ^SocketChannel from ^SocketChannel to now]
  (let [^ByteBuffer buffer (:buffer mesh)
        n (.read from (.clear buffer))]
    (if (neg? n)
      (vreset! eof true)
      (let [copy  (byte-array n)
            delay (get-in @(:rules mesh) [:delays-ms link] 0)]
        (.get (.flip buffer) copy)
        (when (identical? p (:there conn))
          (note-tap! mesh conn (String. copy StandardCharsets/ISO_8859_1) now))
        (vswap! bytes + n)
        (.add ^ArrayDeque (:queue p) [(+ (long now) (long (* 1e6 (double delay))))
                                      (ByteBuffer/wrap copy)])))
    (flush-pipe! mesh conn p to now)))

(defn- accept! [mesh ^ServerSocketChannel server j kind now]
  (when-let [ch (.accept server)]
    (.configureBlocking ch false)
    (.setOption ch StandardSocketOptions/TCP_NODELAY Boolean/TRUE)
    (let [conn (connection (id-of ch) j kind ch)]
      (.add ^HashSet (:conns mesh) conn)
      (.register ch ^Selector (:selector mesh) 0 [conn :caller])
      (try (dial! mesh conn)
           (refresh! mesh conn now)
           (catch IOException _ (close! mesh conn true))))))

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
        (pull! mesh conn there caller callee now)
        (pull! mesh conn back callee caller now)))
    (when (and (on? SelectionKey/OP_WRITE) (not @(:closed conn)))
      (if (= side :caller)
        (flush-pipe! mesh conn back caller now)
        (flush-pipe! mesh conn there callee now)))
    (refresh! mesh conn now)))

(defn- handle-key! [mesh ^SelectionKey key now]
  (let [attachment (.attachment key)]
    (if (map? attachment)
      (accept! mesh (.channel key) (:j attachment) (:kind attachment) now)
      (try
        (when (.isValid key) (serve-key! mesh key now))
        (catch IOException _ (close! mesh (first attachment) true))))))

(defn- run-tasks! [mesh]
  (loop []
    (when-let [task (.poll ^ConcurrentLinkedQueue (:tasks mesh))]
      (task)
      (recur))))

(defn- refresh-all! [mesh now]
  (doseq [conn (vec (:conns mesh))]
    (try (dial! mesh conn)
         (refresh! mesh conn now)
         (catch IOException _ (close! mesh conn true)))))

(defn- serve! [mesh]
  (let [^Selector selector (:selector mesh)]
    (while (.isOpen selector)
      ;; Delayed bytes come due without a socket event, so with delays we look every ms.
      (.select selector (if (empty? (:delays-ms @(:rules mesh))) 100 1))
      (run-tasks! mesh)
      (when (.isOpen selector)
        (let [now (System/nanoTime)]
          (doseq [key (vec (.selectedKeys selector))] (handle-key! mesh key now))
          (.clear (.selectedKeys selector))
          (when (seq (:delays-ms @(:rules mesh))) (refresh-all! mesh now)))))))

(defn- listen! [mesh j kind port]
  (let [server (ServerSocketChannel/open)]
    (.configureBlocking server false)
    (.setOption server StandardSocketOptions/SO_REUSEADDR Boolean/TRUE)
    (.bind server (InetSocketAddress. ^String (public-address j) (int port)))
    (.register server ^Selector (:selector mesh) SelectionKey/OP_ACCEPT {:j j :kind kind})
    server))

;; ---- what the rest of the harness calls, from any thread ----

(defn start!
  "Listens for nodes on the ports, a map of kind (:server, :sentinel, :raft) to number."
  [nodes ports]
  (let [mesh    {:selector (Selector/open) :ports ports :rules (atom all-open) :taps (atom {})
                 :conns (HashSet.) :tasks (ConcurrentLinkedQueue.)
                 :buffer (ByteBuffer/allocateDirect 65536)}
        servers (vec (for [j nodes, [kind port] ports] (listen! mesh j kind port)))
        thread  (doto (Thread. ^Runnable #(serve! mesh) "chaos-mesh") (.setDaemon true) (.start))]
    (assoc mesh :servers servers :thread thread)))

(defn- on-owner!
  "Runs task on the mesh's thread and waits for it, so that a fault is in place on return."
  [mesh task]
  (let [done (promise)]
    (.add ^ConcurrentLinkedQueue (:tasks mesh) (fn [] (try (task) (finally (deliver done true)))))
    (.wakeup ^Selector (:selector mesh))
    (deref done 5000 false)))

(defn change!
  "Replaces the rules by (apply f rules args), at once for every open connection."
  [mesh f & args]
  (on-owner! mesh (fn [] (apply swap! (:rules mesh) f args) (refresh-all! mesh (System/nanoTime)))))

(defn heal! [mesh] (change! mesh (constantly all-open)))

(defn reset-links!
  "Aborts (RST) every connection over any of the links, given as [from to]."
  [mesh links]
  (on-owner! mesh
             (fn [] (doseq [conn (vec (:conns mesh))
                            :when ((set links) [(:i conn) (:j conn)])]
                      (close! mesh conn true)))))

(defn tap!
  "Calls report once with the first bytes (:contact) and once with the first order (:order)
  that sentinels on the nodes `froms` send to the server of node j, from now on. :at is a
  System/nanoTime value."
  [mesh j froms report]
  (swap! (:taps mesh) assoc j {:froms (set froms) :seen (atom #{}) :report report}))

(defn stop! [mesh]
  (on-owner! mesh (fn []
                    (doseq [conn (vec (:conns mesh))] (close! mesh conn true))
                    (doseq [^ServerSocketChannel server (:servers mesh)] (.close server))
                    (.close ^Selector (:selector mesh))))
  (.join ^Thread (:thread mesh) 5000))
