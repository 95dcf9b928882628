(ns chaos.net
  "Networks that can be broken, by name, and what the rest of the harness asks of one. A new
  network is one namespace under chaos.net.*, a record that is a chaos.net.network/Network, and
  one line in `networks`."
  (:require [chaos.net.elsewhere :as elsewhere]
            [chaos.net.netns :as netns]
            [chaos.net.network :as network]
            [chaos.net.proxy :as proxy]
            [chaos.net.rules :as rules]
            [chaos.registry :as registry]))

(def networks
  "Name -> what starts it from {:nodes :client-ids}, what it offers to faults, and what it needs
  of the machine (chaos.capability)."
  {:mesh  {:start! proxy/start! :offers proxy/offers :needs #{:mesh}}
   :netns {:start! netns/start! :offers netns/offers :needs #{:netns :nft}}})

(def ^:private elsewhere
  "The network of a cluster that is not ours; nobody chooses it by name."
  {:start! elsewhere/start! :offers elsewhere/offers :needs #{}})

(defn network [net] (if (= :elsewhere net) elsewhere (networks net)))

(defn parse
  "One name, as the option --net takes it."
  [text]
  (registry/parse-one "net" networks text))

(defn start! [net opts] ((:start! (network net)) opts))

(defn change!
  "Replaces the rules by (apply f rules args)."
  [net f & args]
  (network/change net #(apply f % args)))

(defn heal! [net] (network/change net (constantly rules/all-open)))
(defn reset-links! [net links] (network/reset-links net links))
(defn tap! [net j froms report] (network/tap net j froms report))

(defn broken? "Whether it has ended although nobody asked for that." [net]
  (some? (network/failure net)))

(defn must-live!
  "Throws with what ended it, if something did: whatever is measured then, it is not the system."
  [net]
  (when-let [t (network/failure net)]
    (throw (ex-info (str "the network of the harness broke: " t) {} t))))

(defn stop! [net] (network/stop net))
