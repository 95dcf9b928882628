(ns chaos.net.elsewhere
  "The network of a cluster that is not ours: nothing in it can be broken, so healing is all
  that it does, and it does nothing. Where its nodes are is the cluster's own knowledge."
  (:require [chaos.net.network :as network]
            [chaos.net.rules :as rules]))

(def offers #{})

(defn- not-ours! [] (throw (ex-info "this network is not ours to break" {:exit 3})))

(defrecord Elsewhere []
  network/Network
  (change [_ f] (when (not= rules/all-open (f rules/all-open)) (not-ours!)))
  (reset-links [_ _] (not-ours!))
  (tap [_ _ _ _] nil)
  (failure [_] nil)
  (stop [_] nil)
  (ports [_] {})
  (listen [_ _ _] (not-ours!))
  (public [_ _ _] (not-ours!))
  (source [_ _] nil)
  (command [_ _ _ _] (not-ours!)))

(defn start! [_] (->Elsewhere))
