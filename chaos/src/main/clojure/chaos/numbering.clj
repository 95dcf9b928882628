(ns chaos.numbering
  "Which node lives at an address. A numbering is a function of a kind (:server or :sentinel) and
  an address {:host :port} giving the node's number, or nil of an address that nobody has. A
  cluster has one, and whoever meets an address, client, listener or observer, asks that one:
  two numberings of one cluster would be two nodes, or one node that is not there."
  (:require [clojure.string :as str])
  (:import (java.net InetAddress UnknownHostException)))

(defn by-host
  "The numbering of clusters that we start: the last octet of the address, for example 2 of
  127.0.1.2. The port does not matter, nor does the kind."
  [_ {:keys [host]}]
  (some-> (re-matches #"\d+\.\d+\.\d+\.(\d+)" (str host)) second parse-long))

(defn resolved
  "The address with its host as a number, by which two names of one host are one."
  [{:keys [host port]}]
  {:host (try (.getHostAddress (InetAddress/getByName host)) (catch UnknownHostException _ host))
   :port port})

(defn of-places
  "The numbering of a cluster of which {[kind node] address} is known."
  [places]
  (let [numbers (into {} (map (fn [[[kind node] address]] [[kind (resolved address)] node])) places)
        look-up (memoize (fn [kind address] (numbers [kind (resolved address)])))]
    (fn [kind address] (look-up kind (select-keys address [:host :port])))))

(defn parse-switch
  "{:master name :old address :new address} of the text of a +switch-master, for example
  \"mymaster 127.0.1.1 6379 127.0.1.2 6379\"."
  [text]
  (let [[master old-host old-port new-host new-port] (str/split text #" ")
        address (fn [host port] {:host host :port (some-> port parse-long)})]
    {:master master :old (address old-host old-port) :new (address new-host new-port)}))

(defn switch
  "The nodes {:old :new} that the text of a +switch-master names."
  [number text]
  (update-vals (dissoc (parse-switch text) :master) #(number :server %)))

(defn switched
  "The nodes {:old :new} of a message, which has them beside its :text; one that was stored
  before it had comes from a cluster of ours."
  [{:keys [text] :as message}]
  (if (contains? message :new)
    (select-keys message [:old :new])
    (switch by-host text)))
