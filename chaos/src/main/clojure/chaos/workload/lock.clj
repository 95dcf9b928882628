(ns chaos.workload.lock
  "A lock as people build it (SET key token NX PX ttl, released by WATCH, GET, MULTI, DEL,
  EXEC; option :release :lua, --release lua, uses a script), around a resource that only one
  holder may touch. The resource is an object of the harness and notes each access. After taking
  the lock a holder draws a fencing token (INCR of a counter beside the lock) and shows it at
  each access. One holder in twenty stays longer than the lock lasts, as after a long pause, and
  accesses the resource once more without looking at the clock.

  The resource takes every access and says of each whether one that fences would have: the
  same run shows what a lock does alone and with fencing.

  All clocks are one clock here, that of the harness, so it does not see what drift between
  machines does to a lock; and a holder ends its claim `margin-ms` before the server may. A holder
  looks at the clock right before it comes in; one that stalls between the two comes in late, and
  the checker blames no lock for it."
  (:require [chaos.checker.lock :as checker]
            [chaos.client :as client]
            [chaos.random :as random]
            [chaos.workload.support :as support])
  (:import (java.util.concurrent.locks LockSupport)))

(def ttl-ms 250)
(def ^:private margin-ms 10)
(def ^:private clients-per-lock 3)
(def ^:private long-holders 0.05)

(defn operation
  "Operation i of thread t: hold a lock for some milliseconds."
  [{:keys [seed clients]} t i]
  (let [locks (max 1 (quot clients clients-per-lock))
        draw  #(random/unit seed :lock % t i)]
    {:f :guard
     :value {:lock    (int (* locks (draw :which)))
             :hold-ms (if (< (draw :long) long-holders)
                        (+ ttl-ms (* ttl-ms (draw :for)))
                        (+ 2 (* 20 (draw :for))))}}))

;; ---- the guarded resource ----

(defn resource
  "Notes accesses; times are nanoseconds since it was made."
  []
  {:origin (System/nanoTime) :newest (atom {})})

(defn- now [{:keys [origin]}] (- (System/nanoTime) origin))

(defn access!
  "One access with a fencing token: {:at :accepted?}. A fencing resource accepts it unless it
  has seen a greater token, or the same from another holder."
  [{:keys [newest] :as resource} lock fence token]
  (let [fits?   (fn [[top holder]]
                  (or (nil? top) (< top fence) (and (= top fence) (= holder token))))
        [before] (swap-vals! newest update lock #(if (fits? %) [fence token] %))]
    {:at (now resource) :accepted? (fits? (before lock))}))

;; ---- the lock ----

(defn- lock-key [lock] (str "lock:" lock))
(defn- fence-key [lock] (str "lock:fence:" lock))

(defn- acquire!
  "The lock, with :until, the time of the resource until which the holder may rely on it:
  counted from before the request was sent, so that it ends before the server's ttl."
  [resource client op lock token]
  (let [sent (now resource)]
    (client/with-master! client op
      (fn [conn commit!]
        (commit!)
        (if (= "OK" (client/must! conn "SET" (lock-key lock) token "NX" "PX" ttl-ms))
          {:until (+ sent (* 1000000 (- ttl-ms margin-ms)))}
          {:type :fail :error :held})))))

(defn- fence! [client op lock]
  (client/with-master! client op
    (fn [conn commit!]
      (commit!)
      {:fence (client/must! conn "INCR" (fence-key lock))})))

(defn- release-by-watch! [client op lock token]
  (client/with-master! client op
    (fn [conn commit!]
      (client/must! conn "WATCH" (lock-key lock))
      (if (not= token (client/must! conn "GET" (lock-key lock)))
        (do (client/must! conn "UNWATCH") {:type :fail :error :not-ours})
        (if (client/transact! conn commit! [["DEL" (lock-key lock)]])
          {}
          {:type :fail :error :conflict})))))

(def ^:private release-script
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1])
   else return 0 end")

(defn- release-by-script! [client op lock token]
  (client/with-master! client op
    (fn [conn commit!]
      (commit!)
      (if (= 1 (client/must! conn "EVAL" release-script 1 (lock-key lock) token))
        {}
        {:type :fail :error :not-ours}))))

(def release-default :watch)

(def release-variants
  "Option :release -> how a lock is released."
  {:watch {:release release-by-watch! :needs #{"WATCH" "UNWATCH" "MULTI" "EXEC" "GET" "DEL"}}
   :lua   {:release release-by-script! :needs #{"EVAL"}}})

(defn- variant [{:keys [release] :or {release release-default}}]
  (or (release-variants release)
      (throw (ex-info (str "unknown kind of release " release) {:exit 2}))))

(defn- hold!
  "The critical section: an access, the work, another access."
  [resource {:keys [lock hold-ms]} token fence until]
  (let [entered (access! resource lock fence token)
        _       (LockSupport/parkNanos (long (* 1e6 hold-ms)))
        left    (access! resource lock fence token)]
    {:lock lock :token token :fence fence :until until
     :enter (:at entered) :leave (:at left)
     :accepted [(:accepted? entered) (:accepted? left)]}))

(defn- guard!
  "What did not get as far as the resource is :fail: the guarded work did not happen, though
  the lock may stand until its ttl. A lost answer is :info, as everywhere."
  [resource release! client {:keys [process time value] :as op}]
  (let [lock  (:lock value)
        token (str process "-" time)
        taken (acquire! resource client op lock token)
        fence (when (= :ok (:type taken)) (fence! client op lock))]
    (cond
      (nil? fence)                      taken
      (not= :ok (:type fence))          (select-keys fence (conj (keys op) :node :error))
      (<= (:until taken) (now resource)) (assoc op :type :fail :error :too-late)
      :else
      (let [held (hold! resource value token (:fence fence) (:until taken))]
        (assoc op :type :ok :node (:node taken) :value held
               :released (:type (release! client op lock token)))))))

(defn workload
  "Options besides the common ones: :release, :watch (default) or :lua."
  [opts]
  (let [{:keys [release needs]} (variant opts)
        resource (resource)]
    {:needs           (into #{"SET" "INCR"} needs)
     :invoke          (fn [client op] (guard! resource release client op))
     :generator       (support/paced opts :lock (fn [t _ i] (operation opts t i)))
     :final-generator nil
     :read-node       nil
     :checker         checker/check
     :recheck         checker/recheck}))
