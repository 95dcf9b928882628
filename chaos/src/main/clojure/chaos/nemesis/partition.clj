(ns chaos.nemesis.partition
  "Partitions: who does not hear whom, as a table of shapes. A shape is a pure function of

    {:nodes :master :clients :seed}     nodes and clients as ids of the mesh

  to {:cuts [[from to] ...], and what else the history should say}; its cuts are in place from
  the start of the window to its end. :isolated names a master that most sentinels cannot
  reach, so that a failover is expected and its stages are measured; where the master can still
  be reached by some, it is not named.

  Clients are cut off only where the shape says so; else they reach every node."
  (:require [chaos.client :as client]
            [chaos.nemesis.heal :as heal]
            [chaos.nemesis.times :as times]
            [chaos.net :as net]
            [chaos.net.rules :as rules]
            [chaos.random :as random]))

(def time-s-min times/time-s-min)

(defn- others [nodes node] (vec (remove #{node} nodes)))

(defn- apart
  "Two groups that do not hear each other."
  [a b]
  {:groups [(vec a) (vec b)] :cuts (rules/both-ways a b)})

(defn- with-isolated [{:keys [groups] :as shape} {:keys [nodes master]}]
  (let [side (first (filter #(some #{master} %) groups))]
    (cond-> shape
      (< (* 2 (count (filter (set nodes) side))) (count nodes)) (assoc :isolated master))))

;; ---- shapes ----

(defn master-and-clients
  "The master, its sentinel and half of the clients on one side, everybody else on the other.
  Stock Redis keeps acknowledging on both."
  [{:keys [nodes master clients]}]
  (let [half (quot (count clients) 2)]
    (assoc (apart (cons master (take half clients))
                  (concat (others nodes master) (drop half clients)))
           :isolated master)))

(defn master-alone
  "The master and its sentinel without any client."
  [{:keys [nodes master clients]}]
  (assoc (apart [master] (concat (others nodes master) clients)) :isolated master))

(defn minority
  "As many nodes as still leave a majority, drawn by seed, without clients."
  [{:keys [nodes clients seed] :as all}]
  (let [few (take (quot (dec (count nodes)) 2) (random/order nodes seed :minority))]
    (with-isolated (apart few (concat (remove (set few) nodes) clients)) all)))

(defn halves
  "The nodes, drawn by seed, and the clients in two halves."
  [{:keys [nodes clients seed] :as all}]
  (let [drawn (random/order nodes seed :halves)
        half  (quot (count nodes) 2)]
    (with-isolated (apart (concat (take half drawn) (take-nth 2 clients))
                     (concat (drop half drawn) (take-nth 2 (rest clients))))
              all)))

(defn bridge
  "Two halves that do not hear each other, and one node that hears and is heard by both."
  [{:keys [nodes seed]}]
  (let [[node & rest] (random/order nodes seed :bridge)
        half          (quot (count rest) 2)]
    (assoc (apart (take half rest) (drop half rest)) :bridge node)))

(defn hears
  "Whom each node hears in a ring of majorities: itself and its neighbours, as many as make a
  majority. Among five, one on either side; among three, its predecessor alone, so that no two
  nodes hear each other. No two nodes hear the same majority."
  [ring]
  (let [n        (count ring)
        majority (inc (quot n 2))
        back     (quot majority 2)]
    (into {} (for [p (range n)]
               [(ring p) (set (for [k (range majority)] (ring (mod (+ p (- back) k) n))))]))))

(defn ring
  "Every node hears a majority, no two the same one."
  [{:keys [nodes seed]}]
  (let [around (hears (random/order nodes seed :ring))]
    {:hears around
     :cuts  (for [to nodes, from nodes :when (not ((around to) from))] [from to])}))

(defn one-way-in
  "The other nodes are not heard by the master; what it says arrives. Clients reach it."
  [{:keys [nodes master]}]
  {:deaf master :cuts (rules/links (others nodes master) [master])})

(defn one-way-out
  "The master is not heard by the other nodes; it hears them. Clients reach it."
  [{:keys [nodes master]}]
  {:mute master :cuts (rules/links [master] (others nodes master))})

(defn replicas-cut
  "The master's server from the servers of its replicas; every sentinel sees them all."
  [{:keys [nodes master]}]
  {:unfollowed master
   :cuts (rules/both-ways [[master :server]] (map #(vector % :server) (others nodes master)))})

(defn sentinels-cut
  "Every sentinel from every server, their own node's as well; servers and clients are whole."
  [{:keys [nodes]}]
  {:blind (vec nodes)
   :cuts  (rules/both-ways (map #(vector % :sentinel) nodes) (map #(vector % :server) nodes))})

(defn master-unseen
  "Every sentinel from the master's server alone: it goes on serving clients and replicas while
  it is replaced."
  [{:keys [nodes master]}]
  {:isolated master
   :cuts (rules/both-ways (map #(vector % :sentinel) nodes) [[master :server]])})

;; ---- packages ----

(defn start!
  "An operation's function that puts the shape in place."
  [shape {:keys [seed clients]}]
  (fn [{:keys [cluster state]} _]
    (let [{:keys [cuts isolated] :as all}
          (shape {:nodes (:nodes cluster) :master (heal/master! cluster) :seed seed
                  :clients (mapv client/client-id (range clients))})]
      (when isolated (swap! state assoc :isolated isolated))
      (net/change! (:net cluster) rules/cut cuts)
      (dissoc all :cuts))))

(def ^:private shapes
  "Fault -> its shape, how it reads after \"we found n writes lost\", and what stock Redis must
  be caught with, if anything is certain."
  {:partition      {:shape master-and-clients :stock #{:lost :stale-ack}
                    :phrase "while the master and half of the clients were cut off"}
   :isolate-master {:shape master-alone
                    :phrase "while the master was cut off from everybody"}
   :minority       {:shape minority :phrase "while a minority of the nodes was cut off"}
   :halves         {:shape halves
                    :phrase "while the nodes and the clients were cut in two halves"}
   :bridge         {:shape bridge
                    :phrase "while one node was the only bridge between the others"}
   :ring           {:shape ring
                    :phrase "while every node heard another majority"}
   :one-way-in     {:shape one-way-in :phrase "while the master heard no other node"}
   :one-way-out    {:shape one-way-out :phrase "while no other node heard the master"}
   :replicas-cut   {:shape replicas-cut
                    :phrase "while the master was cut from its replicas only"}
   :sentinels-cut  {:shape sentinels-cut
                    :phrase "while the sentinels were cut from all servers"}
   :master-unseen  {:shape master-unseen :stock #{:lost}
                    :phrase "while the sentinels were cut from the master's server only"}})

(defn package
  "A function of options to the package of one fault of the table."
  [fault]
  (let [{:keys [shape phrase stock]} (or (shapes fault) (throw (ex-info "no such shape" {})))
        begin (keyword (str "start-" (name fault)))]
    (fn [{:keys [time-s] :as opts}]
      {:nemesis         {begin (start! shape opts) :heal heal/heal!}
       :generator       (times/once (times/window opts fault (* 0.45 time-s))
                                    {:f begin} {:f :heal})
       :final-generator {:f :heal}
       :needs           #{:links}
       :time-s-min      time-s-min
       :phrase          phrase
       :expects         (when stock {:stock stock})
       :perf            {:name (name fault) :starts #{begin} :ends #{:heal}}})))

(def faults "Fault -> function of options giving its package."
  (into {} (map (juxt identity package)) (keys shapes)))
