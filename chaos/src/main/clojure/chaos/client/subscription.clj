(ns chaos.client.subscription
  "A client's ear for +switch-master: one connection, PSUBSCRIBEd at one sentinel, on a thread
  of its own; when the connection is lost another sentinel is tried. Nothing is hidden: what
  came, and from when to when which sentinel was listened to, can be taken by `drain!`.

  Publishing is at most once, and a message published while nobody listens is gone, so only
  the links that `drain!` returns tell what should have come. A link is found dead by a PING
  that is not answered: it may have been dead for `dead-after-ns` before its end is noted."
  (:require [chaos.client.discovery :as discovery]
            [chaos.numbering :as numbering]
            [chaos.random :as random]
            [chaos.resp :as resp])
  (:import (java.io IOException)
           (java.net SocketTimeoutException)
           (java.util.concurrent.locks LockSupport)))

(def ^:private channel "+switch-master")
(def ^:private read-timeout-ms 250)
(def dead-after-ns 1000000000)
(def ^:private retry-ns 50000000)
(def ^:private kept-max "Entries kept of each kind between two drains." 1000)

(defn- numbering-of [spec] (:number spec numbering/by-host))

(defn- ours?
  "Whether a message is of the master that this client follows: sentinels may watch others."
  [{:keys [master] :or {master discovery/master-name}} text]
  (= master (:master (numbering/parse-switch text))))

(defn- note! [log kind entry]
  (swap! log update kind #(vec (take-last kept-max (conj % entry)))))

(defn- begin-link! [log sentinel]
  (swap! log (fn [{:keys [count] :as state}]
               (assoc state
                      :count (inc count)
                      :link {:n count :sentinel sentinel :since (System/nanoTime)}))))

(defn- end-link! [log]
  (swap! log (fn [{:keys [link] :as state}]
               (cond-> (assoc state :link nil)
                 link (update :links conj (assoc link :until (System/nanoTime)))))))

(defn- subscribed [{:keys [from]} sentinel]
  (try
    (let [conn (resp/connect (assoc sentinel :from from :timeout-ms read-timeout-ms))]
      (try
        (when (= ["psubscribe" channel 1] (resp/call! conn "PSUBSCRIBE" channel)) conn)
        (catch IOException _ (resp/close! conn) nil)))
    (catch IOException _ nil)))

(defn- next-message
  "One message of the connection, or nil after a while without one."
  [conn]
  (let [message (try (resp/read conn) (catch SocketTimeoutException _ nil))]
    (when (resp/error? message) (throw (IOException. (str (:message message)))))
    message))

(defn- listen! [conn node {:keys [spec log running on-switch]}]
  (loop [heard (System/nanoTime), pinged? false]
    (when @running
      (let [[kind _ _ text] (next-message conn)
            now             (System/nanoTime)]
        (when (and (= "pmessage" kind) (ours? spec text))
          (note! log :deliveries
                 (merge {:link (get-in @log [:link :n]) :sentinel node :text text :at now}
                        (numbering/switch (numbering-of spec) text)))
          (on-switch (dissoc (numbering/parse-switch text) :master)))
        (cond
          kind                                   (recur now false)
          (< (long dead-after-ns) (- now heard)) nil
          pinged?                                (recur heard true)
          :else                                  (do (resp/send! conn ["PING"])
                                                     (recur heard true)))))))

(defn- abandoned?
  "Whether a subscription that must be drained has not been for too long: its cell is gone."
  [{:keys [spec drained]}]
  (let [{:keys [abandoned-after-ns]} spec]
    (and abandoned-after-ns (< abandoned-after-ns (- (System/nanoTime) @drained)))))

(defn- keep-listening! [{:keys [spec log running conn] :as subscription}]
  (loop [attempt 0]
    (when (and @running (not (abandoned? subscription)))
      (let [sentinels (:sentinels spec)
            order     (random/order sentinels (:seed spec) :subscription)
            sentinel  (nth order (mod attempt (count order)))]
        (if-let [opened (subscribed spec sentinel)]
          (try
            (reset! conn opened)
            (let [node ((numbering-of spec) :sentinel sentinel)]
              (begin-link! log node)
              (listen! opened node subscription))
            (catch IOException _ nil)
            (finally (end-link! log) (resp/close! opened)))
          (LockSupport/parkNanos retry-ns))
        (recur (inc attempt))))))

(defn start!
  "Begins to listen. spec is that of a client: :sentinels, :from, :seed, :number; with
  :abandoned-after-ns the subscription ends by itself, at its next loss of connection, when
  nobody drained it for so long. (on-switch {:old :new}) is called on the listening thread
  for each message."
  [spec on-switch]
  (let [subscription {:spec spec :on-switch on-switch :running (atom true) :conn (atom nil)
                      :drained (atom (System/nanoTime))
                      :log (atom {:deliveries [] :links [] :link nil :count 0})}]
    (doto (Thread. ^Runnable #(keep-listening! subscription)
                   (str "chaos-subscription-" (:from spec)))
      (.setDaemon true)
      (.start))
    subscription))

(defn stop! [{:keys [running conn]}]
  (reset! running false)
  (resp/close! @conn))

(defn drain!
  "What came since the last call, with ages in nanoseconds before this call:

    :deliveries  [{:link n :sentinel j :text :old :new :ago}], old and new being nodes
    :links       [{:n :sentinel j :since-ago :until-ago}], ended ones and the one that
                 stands, whose :until-ago is nil; n counts the links of the subscription"
  [{:keys [log drained]}]
  (reset! drained (System/nanoTime))
  (let [[{:keys [deliveries links link]}] (swap-vals! log assoc :deliveries [] :links [])
        now (System/nanoTime)
        ago #(when % (- now %))]
    {:deliveries (mapv (fn [{:keys [at] :as d}] (-> d (dissoc :at) (assoc :ago (ago at))))
                       deliveries)
     :links      (mapv (fn [{:keys [n sentinel since until]}]
                         {:n n :sentinel sentinel :since-ago (ago since) :until-ago (ago until)})
                       (cond-> links link (conj link)))}))
