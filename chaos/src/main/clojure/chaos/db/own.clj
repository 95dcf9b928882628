(ns chaos.db.own
  "A cluster that somebody else runs, found through its sentinels (--nodes): any system that
  speaks the SENTINEL API. We have no hand on its processes and none on its network, so only
  faults that need neither can be had. Every key that the workloads write stays there."
  (:require [chaos.db.system :as system]
            [chaos.numbering :as numbering]
            [chaos.registry :as registry]
            [chaos.resp :as resp]
            [clojure.string :as str]))

;; ---- finding it ----

(defn parse-addresses
  "\"host:port,host:port\" as addresses; IPv6 hosts are in square brackets."
  [text]
  (vec (for [part (str/split text #"," -1)
             :let [[_ v6 host port] (re-matches #"(?:\[(.+)\]|([^:\[\]]+)):(\d+)" (str/trim part))]]
         (if (and port (<= 1 (parse-long port) 65535))
           {:host (or v6 host) :port (parse-long port)}
           (throw (registry/usage-error (str "\"" part "\" is not host:port")))))))

(defn- ask-any [sentinels & args] (some #(apply resp/ask % args) sentinels))

(defn- lacking! [& words] (throw (ex-info (apply str words) {:exit 3})))

(defn- entry-address [entry]
  (let [{:strs [ip port]} (apply hash-map entry)] {:host ip :port (parse-long port)}))

(defn- each-once
  "Addresses, without those that are another name of one before."
  [addresses]
  (vals (into (sorted-map)
              (for [named (vals (group-by (comp numbering/resolved second)
                                          (map-indexed vector addresses)))]
                (first named)))))

(defn numbered
  "Servers as nodes 1, 2, ... by address, so that a node has the same number in every run, and
  sentinels in the order given; each once, by whatever names it was listed. The numbers of
  sentinels have nothing to do with those of servers: who lives beside whom is not known."
  [servers sentinels]
  (let [servers   (sort-by (juxt :host :port) (each-once servers))
        sentinels (each-once sentinels)]
    {:nodes     (vec (range 1 (inc (count servers))))
     :sentinels (vec (range 1 (inc (count sentinels))))
     :places    (into {} (concat (map-indexed (fn [i a] [[:server (inc i)] a]) servers)
                                 (map-indexed (fn [i a] [[:sentinel (inc i)] a]) sentinels)))}))

(defn- must-be-empty! [master]
  (let [keys (resp/ask master "DBSIZE")]
    (when-not (and keys (zero? keys))
      (lacking! "the master at " (:host master) ":" (:port master) " holds "
                (or keys "an unknown number of")
                " keys; a run needs an empty cluster, since it cannot tell them from its own"))))

(defn attach!
  "The cluster of this master name behind these sentinels: {:nodes :sentinels :places
  :master-name}. Throws with exit status 3, saying what is missing."
  [sentinels master-name]
  (doseq [{:keys [host port] :as sentinel} sentinels]
    (when-not (= "PONG" (resp/ask sentinel "PING"))
      (lacking! "no sentinel answers at " host ":" port)))
  (let [[host port] (ask-any sentinels "SENTINEL" "GET-MASTER-ADDR-BY-NAME" master-name)
        _           (when-not host (lacking! "the sentinels know no master \"" master-name "\""))
        master      {:host host :port (parse-long port)}
        replicas    (map entry-address (ask-any sentinels "SENTINEL" "REPLICAS" master-name))]
    (must-be-empty! master)
    (assoc (numbered (cons master replicas) sentinels) :master-name master-name)))

;; ---- as a system ----

(defn- not-ours! [] (throw (ex-info "this cluster was not started by us" {:exit 3})))

(defrecord Own []
  system/Database
  (lacks [_] nil)
  (argv [_ _ _] (not-ours!))
  (environment [_ _] (not-ours!))
  (config [_ _ _] (not-ours!))
  (claims [_] #{}))

(defn system [] (->Own))
