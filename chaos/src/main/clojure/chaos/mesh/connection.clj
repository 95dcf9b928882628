(ns chaos.mesh.connection
  "One connection through the mesh: two sockets and two pipes, one for each direction, each
  with a queue that is bounded by no longer reading. Everything here runs on the one thread
  that owns the mesh, with `now` as an argument; what may pass is asked of chaos.net.rules."
  (:require [chaos.net.rules :as rules])
  (:import (java.io IOException)
           (java.nio ByteBuffer)
           (java.nio.channels SelectionKey Selector SocketChannel)
           (java.util ArrayDeque HashSet)))

(set! *warn-on-reflection* true)

(def ^:private queue-bytes-max (* 1024 1024))

(defn- pipe [from to]
  {:keys (rules/keys-of [from to]) :queue (ArrayDeque.) :bytes (volatile! 0) :eof (volatile! false)
   :chunks (volatile! 0) :last-due (volatile! Long/MIN_VALUE) :bucket (volatile! nil)})

(defn connection
  "from and to are endpoints, see chaos.net.rules; kind is the port that was called."
  [from to kind channel]
  {:from from :to to :kind kind :caller channel :callee (volatile! nil) :dialled (volatile! false)
   :closed (volatile! false) :there (pipe from to) :back (pipe to from)})

(defn close! [mesh conn abort?]
  (when-not @(:closed conn)
    (vreset! (:closed conn) true)
    (.remove ^HashSet (:conns mesh) conn)
    (doseq [^SocketChannel ch [(:caller conn) @(:callee conn)] :when ch]
      (try
        (when abort? (.setOption ch java.net.StandardSocketOptions/SO_LINGER (Integer/valueOf 0)))
        (.close ch)
        (catch IOException _ nil)))))

;; ---- what may move now ----

(defn- due-now? [{:keys [queue]} now]
  (when-let [[due _] (.peek ^ArrayDeque queue)] (<= (long due) (long now))))

(defn- allowance
  "Bytes that may be written to the pipe's far side now."
  [rules {:keys [keys bucket]} now]
  (if-let [rate (rules/rate rules keys)]
    (long (:tokens (vswap! bucket rules/refilled rate now)))
    Long/MAX_VALUE))

(defn- reads? [rules {:keys [keys bytes eof]}]
  (and (rules/keys-pass? rules keys) (not @eof) (< (long @bytes) (long queue-bytes-max))))

(defn- writes? [rules pipe now]
  (and (due-now? pipe now)
       (rules/keys-pass? rules (:keys pipe))
       (pos? (long (allowance rules pipe now)))))

(defn- set-interest! [mesh ^SocketChannel ch ops]
  (when-let [^SelectionKey key (and ch (.isOpen ch) (.keyFor ch ^Selector (:selector mesh)))]
    (when (.isValid key) (.interestOps key (int ops)))))

(defn refresh!
  "Tells the selector what each side may do under the rules of now."
  [mesh {:keys [there back caller callee dialled closed]} now]
  (when-not @closed
    (let [rules @(:rules mesh)
          ops   (fn [in out] (bit-or (if (reads? rules in) SelectionKey/OP_READ 0)
                                     (if (writes? rules out now) SelectionKey/OP_WRITE 0)))]
      (cond
        @dialled (do (set-interest! mesh caller (ops there back))
                     (set-interest! mesh @callee (ops back there)))
        @callee  (do (set-interest! mesh caller 0)
                     (set-interest! mesh @callee SelectionKey/OP_CONNECT))
        :else    (set-interest! mesh caller 0)))))

;; ---- moving bytes ----

(defn- write-some!
  "Writes at most `most` bytes of chunk; returns how many it took."
  [^SocketChannel to ^ByteBuffer chunk most]
  (let [limit (.limit chunk)
        some  (min (long most) (.remaining chunk))]
    (.limit chunk (int (+ (.position chunk) some)))
    (let [n (.write to chunk)]
      (.limit chunk limit)
      n)))

(defn flush!
  "Writes what is due and allowed of pipe p to its far side, and hands on its end."
  [mesh conn {:keys [keys bytes eof bucket] :as p} ^SocketChannel to now]
  (let [^ArrayDeque queue (:queue p)
        rules @(:rules mesh)]
    (when (rules/keys-pass? rules keys)
      (loop []
        (let [most (long (allowance rules p now))]
          (when (and (pos? most) (due-now? p now))
            (let [[_ ^ByteBuffer chunk] (.peek queue)
                  n (write-some! to chunk most)]
              (vswap! bytes - n)
              (when @bucket (vswap! bucket rules/spent n))
              (when-not (.hasRemaining chunk)
                (.poll queue)
                (recur))))))
      (when (and @eof (.isEmpty queue))
        (when (.isConnected to) (.shutdownOutput to))
        (when (and @(:eof (:there conn)) @(:eof (:back conn)))
          (close! mesh conn false))))))

(defn- enqueue! [mesh {:keys [keys queue bytes chunks last-due]} ^bytes chunk now]
  (let [due (rules/due-ns @(:rules mesh) keys (vswap! chunks inc) now @last-due)]
    (vreset! last-due due)
    (when (< (long now) (long due)) (vswap! (:latest-due mesh) max due))
    (vswap! bytes + (alength chunk))
    (.add ^ArrayDeque queue [due (ByteBuffer/wrap chunk)])))

(defn pull!
  "Reads once from the near side of pipe p into its queue, shows the bytes to (note chunk),
  and writes on what is due."
  [mesh conn {:keys [eof] :as p} ^SocketChannel from ^SocketChannel to now note]
  (let [^ByteBuffer buffer (:buffer mesh)
        n (.read from (.clear buffer))]
    (if (neg? n)
      (vreset! eof true)
      (let [chunk (byte-array n)]
        (.get (.flip buffer) chunk)
        (note chunk)
        (enqueue! mesh p chunk now)))
    (flush! mesh conn p to now)))
