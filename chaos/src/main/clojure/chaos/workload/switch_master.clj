(ns chaos.workload.switch-master
  "Each client thread subscribes to +switch-master at a sentinel, on a connection of its own
  that outlives the client (whatever the client's style), writes a key through the master,
  and one operation in five tells what was heard since. At the end each tells once more and
  hangs up.

  It sees messages that a listener should have got and did not, and masters that acknowledge
  writes although the word of their replacement is out. It does not see how clients act on
  the message (style :subscribe of chaos.client does), and the times of messages are those at
  which the harness's thread read them."
  (:require [chaos.checker.switch-master :as checker]
            [chaos.client :as client]
            [chaos.client.subscription :as subscription]
            [chaos.generator :as gen]
            [chaos.numbering :as numbering]
            [chaos.workload.support :as support]))

(def ^:private tell-every 5)
(def ^:private abandoned-after-ns 120000000000)

(defn operation
  "Operation i of thread t."
  [t i]
  (if (= (dec tell-every) (mod i tell-every))
    {:f :switch :value nil}
    {:f :write :key t :value i}))

(defn- listener
  "The number of a client as a listener: its own, or that of the address that is only its."
  [{:keys [id from]}]
  (or id (numbering/by-host :client {:host from})))

(defn- subscription!
  "The subscription of the client's thread, begun if there is none. One thread calls for one
  listener."
  [subscriptions spec]
  (or (@subscriptions (listener spec))
      (let [begun (subscription/start! (assoc spec :abandoned-after-ns abandoned-after-ns)
                                       (constantly nil))]
        (swap! subscriptions assoc (listener spec) begun)
        begun)))

(defn- tell! [subscriptions client {:keys [final?] :as op}]
  (let [spec         (:spec client)
        subscription (subscription! subscriptions spec)
        heard        (subscription/drain! subscription)]
    (when final? (subscription/stop! subscription))
    (assoc op :type :ok :value (assoc heard :subscriber (listener spec)))))

(defn- write! [client {:keys [key value] :as op}]
  (client/with-master! client op
    (fn [conn commit!]
      (commit!)
      (client/must! conn "SET" (str "switch-master:" key) value)
      {})))

(defn workload [opts]
  (let [subscriptions (atom {})]
    {:needs           #{"SET"}
     :invoke          (fn [client {:keys [f] :as op}]
                        (if (= :switch f)
                          (tell! subscriptions client op)
                          (do (subscription! subscriptions (:spec client))
                              (write! client op))))
     :generator       (support/paced opts :switch-master (fn [t _ i] (operation t i)))
     :final-generator (gen/each-thread (fn [_] {:f :switch :value nil :final? true}))
     :read-node       nil
     :severe          #{:out-of-order :wrong-final :undelivered}
     :checker         checker/check
     :recheck         checker/recheck}))
