(ns chaos.interpreter
  "Runs a generator against the world. One scheduler (the caller's thread) owns the
  generator and the history; each client thread and the nemesis do one operation at a time.
  Every operation and every observer's event gets its index and its line on disk here, in
  the order in which the scheduler saw them.

  A client whose operation ends :info is retired: the thread goes on under a new process
  number with a new client, since the old one may still be doing what it was asked."
  (:refer-clojure :exclude [run!])
  (:require [chaos.failure :as failure]
            [chaos.generator :as gen])
  (:import (java.util.concurrent ArrayBlockingQueue LinkedBlockingQueue TimeUnit)))

(def ^:private poll-ns-max 20000000)

(defn- work!
  "Performs the operations of the queue until its end. What `perform` throws is unsure for the
  history. A :bug in what clients do ends the run besides: nobody may take it for a refusal of
  the system. What a fault throws was not done, and the verdict says so."
  [thread ^ArrayBlockingQueue queue perform ^LinkedBlockingQueue completions]
  (loop []
    (let [op (try (.take queue) (catch InterruptedException _ ::end))]
      (when-not (= ::end op)
        (.add completions
              (try {:thread thread :op (perform op)}
                   (catch Throwable t
                     {:thread thread
                      :op     (assoc op :type :info :error [:harness (str t)])
                      :bug    (when (and (integer? thread) (failure/bug? t)) t)})))
        (recur)))))

(defn- worker!
  "A thread that takes operations from its queue and offers completions: {:queue :runner}."
  [thread perform completions]
  (let [queue (ArrayBlockingQueue. 1)]
    {:queue  queue
     :runner (doto (Thread. ^Runnable #(work! thread queue perform completions)
                            (str "chaos-worker-" thread))
               (.setDaemon true)
               (.start))}))

(def ^:private idle-ms-max "How soon a worker ends that has nothing to do." 200)
(def ^:private interrupted-ms-max 3000)

(defn- end!
  "Ends the workers. One that is still at something is interrupted, so that a fault that was
  under way is not made after everything has been taken down."
  [workers]
  (doseq [{:keys [queue]} workers] (.offer ^ArrayBlockingQueue queue ::end))
  (doseq [{:keys [^Thread runner]} workers]
    (.join runner idle-ms-max)
    (when (.isAlive runner) (.interrupt runner)))
  (doseq [{:keys [^Thread runner]} workers] (.join runner interrupted-ms-max)))

(defn- context [{:keys [threads free workers]} now]
  {:time now :threads threads :free free :workers workers})

(defn- retire [process clients] (if (integer? process) (+ process clients) process))

(defn- record! [state op]
  (let [op (assoc op :index (:index state))]
    ((:write! state) op)
    (-> state (update :index inc) (update :history conj! op))))

(defn- in-run-time
  "An observer's event, whose :at and :invoked are System/nanoTime values, in time since the
  run began."
  [{:keys [at invoked] :as event} origin now]
  (cond-> (-> event (dissoc :at) (assoc :time (if at (- at origin) now)))
    invoked (assoc :invoked (- invoked origin))))

(defn- must-be-no-bug!
  "Throws what a client's operation threw, if that was a mistake in code of ours."
  [{:keys [bug op]}]
  (when bug
    (throw (ex-info (str "operation " (:f op) " of workload " (some-> (:workload op) name)
                         " threw " (failure/sentence (failure/of bug)))
                    {} bug))))

(defn- complete [state {:keys [thread op event] :as done} now]
  (if event
    (record! state (in-run-time event (:origin state) now))
    (let [retired? (and (integer? (:process op)) (= :info (:type op)))
          state    (-> (record! state (assoc op :time now))
                       (update :free conj thread))]
      (must-be-no-bug! done)
      (if retired?
        (update-in state [:workers thread] retire (:clients state))
        state))))

(defn- thread-of [state process]
  (some (fn [[thread p]] (when (= p process) thread)) (:workers state)))

(defn- dispatch! [state op queues]
  (let [thread (thread-of state (:process op))
        op     (if (= :nemesis thread) (assoc op :type :info) op)
        state  (-> (record! state op) (update :free disj thread))]
    (.put ^ArrayBlockingQueue (queues thread) op)
    state))

(defn- wait-ns ^long [until now]
  (if until
    (max 0 (min (long poll-ns-max) (- (long until) (long now))))
    (long poll-ns-max)))

(defn run!
  "Runs to the end of the generator, or until (stop?) is true. Options:

    :generator   see chaos.generator
    :clients     number of client threads
    :perform     thread -> (fn [op] completed-op); also for :nemesis
    :write!      called with each operation of the history
    :on-op       called with each completion, for progress
    :on-start    called with a function that takes an observer's event
    :stop?       asked often

  Returns the history as a vector; throws when a client's operation threw what is a mistake in
  code (chaos.failure/bug?). No operation is under way any more when it returns or throws,
  but for one that heeds no interrupt."
  [{:keys [generator clients perform write! on-op on-start stop?]}]
  (let [origin      (System/nanoTime)
        completions (LinkedBlockingQueue.)
        threads     (conj (vec (range clients)) :nemesis)
        workers     (into {} (map (fn [t] [t (worker! t (perform t) completions)])) threads)
        queues      (update-vals workers :queue)
        now!        #(- (System/nanoTime) origin)]
    (try
      (on-start (fn [event] (.add completions {:event event})))
      (loop [gen generator
             state {:origin origin :index 0 :history (transient []) :write! write! :clients clients
                    :threads threads :free (set threads) :workers (zipmap threads threads)}]
        (if-let [done (.poll completions)]
          (do (when (:op done) (on-op (:op done)))
              (recur gen (complete state done (now!))))
          (let [now    (now!)
                answer (when-not (stop?) (gen/op gen (context state now)))]
            (cond
              (and (nil? answer) (or (stop?) (every? (:free state) threads)))
              (persistent! (:history state))

              (or (nil? answer) (= :wait (first answer)))
              (let [[_ until gen'] (or answer [:wait nil nil])
                    done (.poll completions (wait-ns until now) TimeUnit/NANOSECONDS)]
                (when (:op done) (on-op (:op done)))
                (recur gen' (if done (complete state done (now!)) state)))

              :else
              (let [[op gen'] answer]
                (recur gen' (dispatch! state op queues)))))))
      (finally
        (end! (vals workers))))))
