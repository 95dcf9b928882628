(ns chaos.observer
  "Eyes of a run that are no clients: they write single :info events into the history.

    :sentinel  what the sentinel of a node published: +sdown, +odown, +switch-master, ...
    :role      a server's role when it changes, asked directly every 10 ms (:role), and its
               replication offset four times a second (:offset)
    :mesh      first bytes (:contact) and first order (:order) to a tapped server

  Times are when the harness saw it: a role may be 10 ms older than its event."
  (:require [chaos.cluster :as cluster]
            [chaos.net :as net]
            [chaos.numbering :as numbering]
            [chaos.resp :as resp])
  (:import (java.io IOException)))

(def ^:private role-period-ms 10)
(def ^:private offset-period-ns 250000000)

(defn- event [process f value] {:type :info :process process :f f :value value})

(defn- daemon! [label task]
  (doto (Thread. ^Runnable task (str "chaos-" label)) (.setDaemon true) (.start)))

(defn published
  "The event of what the sentinel of a node published. A switch names nodes beside their
  addresses; nil of one that is another master's, whom the sentinels watch as well."
  [cluster node channel text]
  (let [switch? (= "+switch-master" channel)]
    (when (or (not switch?)
              (= (cluster/master-name cluster) (:master (numbering/parse-switch text))))
      (event :sentinel (keyword channel)
             (merge {:node node :text text}
                    (when switch? (numbering/switch (cluster/numbering cluster) text)))))))

(defn- listen-once! [cluster node report running]
  (try
    (with-open [conn (resp/connect (assoc (cluster/direct cluster :sentinel node) :timeout-ms 500))]
      (resp/send! conn ["PSUBSCRIBE" "*"])
      (while @running
        (when-let [[kind _ channel message] (try (resp/read conn)
                                                 (catch java.net.SocketTimeoutException _ nil))]
          (when (= kind "pmessage")
            (some-> (published cluster node channel message) report)))))
    (catch IOException _ (Thread/sleep 50))))

(defn- offset-of
  "The replication offset in a reply to ROLE: a master's own, or what a replica has applied."
  [[role own _ _ applied]]
  (if (= "master" role) own applied))

(defn- role-connection [cluster node]
  (try (resp/connect (assoc (cluster/direct cluster :server node) :timeout-ms 500))
       (catch IOException _ nil)))

(defn- note-offset!
  "Reports the offset when the last sample is old enough; returns the time of the last one."
  [node reply report sampled]
  (let [now (System/nanoTime)]
    (if (< (- now sampled) offset-period-ns)
      sampled
      (do (report (event :role :offset {:node node :offset (offset-of reply) :role (first reply)}))
          now))))

(defn- watch-role! [cluster node report running]
  (loop [conn nil, last-seen nil, sampled (- (System/nanoTime) offset-period-ns)]
    (when @running
      (let [conn    (or conn (role-connection cluster node))
            reply   (when conn (try (resp/call! conn "ROLE") (catch IOException _ nil)))
            role    (if (vector? reply) (first reply) "silent")
            sampled (if (vector? reply) (note-offset! node reply report sampled) sampled)]
        (when (not= role last-seen)
          (report (event :role :role {:node node :role role})))
        (when-not (vector? reply) (resp/close! conn))
        (Thread/sleep (long role-period-ms))
        (recur (when (vector? reply) conn) role sampled)))))

(defn start!
  "Begins to watch; returns a function that ends it. report takes an event."
  [cluster report]
  (let [running (atom true)
        threads (concat
                 (for [j (cluster/sentinels cluster)]
                   (daemon! (str "sentinel-" j)
                            #(while @running (listen-once! cluster j report running))))
                 (for [j (:nodes cluster)]
                   (daemon! (str "role-" j) #(watch-role! cluster j report running))))]
    (doall threads)
    (fn stop []
      (reset! running false)
      (doseq [^Thread t threads] (.join t 2000)))))

(defn tap!
  "Reports the first contact and the first order of sentinels on `froms` to server j. The
  event's :at is a System/nanoTime value of the moment itself."
  [cluster j froms report]
  (net/tap! (:net cluster) j froms
             (fn [{:keys [what from to at]}]
               (report (assoc (event :mesh what {:from from :node to}) :at at)))))
