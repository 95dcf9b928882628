(ns chaos.workload.set
  "Each client adds elements that nobody else ever adds, each as a key of its own
  (SET set:<element> <element>), and one operation in ten reads a recent element from the
  master. At the end every node is read in full. An acknowledged element that is not there
  was lost; one that was certainly not added and is there is dirty; a read that began after
  the acknowledgement and did not see the element was stale.

  It sees lost, phantom and late-seen writes. It does not see reordered writes, since no two
  adds touch the same key, nor staleness shorter than the pauses between its few reads."
  (:require [chaos.checker.certificate :as certificate]
            [chaos.checker.unique-adds :as checker]
            [chaos.client :as client]
            [chaos.cluster :as cluster]
            [chaos.random :as random]
            [chaos.resp :as resp]
            [chaos.workload.support :as support])
  (:import (java.io IOException)))

(def ^:private key-prefix "set:")

(def ^:private reads-share 0.1)
(def ^:private recent
  "How many of a thread's last slots a read chooses from, the later ones more often. Threads
  drift apart by tens of slots, so a narrower choice would mostly ask for what is yet to come."
  200)

;; ---- what is done: thread t of n owns the elements t, t + n, t + 2n, ... ----

(defn- add-slot? [seed t i] (<= reads-share (random/unit seed :set-read t i)))

(defn- recent-element
  "An element that some thread was to add in one of its slots before i, or nil."
  [{:keys [seed clients]} t i]
  (let [other (int (* clients (random/unit seed :set-whom t i)))
        back  (random/unit seed :set-which t i)
        from  (- i 1 (long (* recent back back)))
        slot  (first (filter #(add-slot? seed other %) (range from -1 -1)))]
    (when slot (+ other (* clients slot)))))

(defn operation
  "Operation i of thread t: an add, or a read of a recent element."
  [{:keys [seed clients] :as opts} t i]
  (let [read (when-not (add-slot? seed t i) (recent-element opts t i))]
    (if read
      {:f :read :value read}
      {:f :add :value (+ t (* clients i))})))

;; ---- doing it ----

(defn- invoke! [client {:keys [f value] :as op}]
  (case f
    :add  (client/execute! client op ["SET" (str key-prefix value) value]
                           (fn [reply]
                             (if (= "OK" reply) {} {:type :info :error [:reply reply]})))
    :read (client/with-master! client op
            (fn [conn _]
              {:present? (some? (client/must! conn "GET" (str key-prefix value)))}))))

(defn- scan-page
  "One SCAN page: [next-cursor {element value}]."
  [conn cursor]
  (let [[cursor keys] (resp/must! conn "SCAN" cursor "MATCH" (str key-prefix "*") "COUNT" 2000)
        values        (when (seq keys) (apply resp/must! conn "MGET" keys))
        element       #(parse-long (subs % (count key-prefix)))]
    [cursor (zipmap (map element keys) (map #(some-> % parse-long) values))]))

(defn read-node!
  "All elements that a node holds, by SCAN and MGET; :corrupt are those whose value is not
  the one that was written."
  [cluster {:keys [node] :as op}]
  (try
    (with-open [conn (resp/connect (assoc (cluster/direct cluster :server node) :timeout-ms 5000))]
      (loop [cursor "0", found {}]
        (let [[cursor page] (scan-page conn cursor)
              found (into found page)]
          (if (not= "0" cursor)
            (recur cursor found)
            (assoc op :type :ok
                   :value (vec (sort (keys found)))
                   :corrupt (vec (sort (keep (fn [[k v]] (when (not= k v) k)) found)))
                   :role (:role (cluster/role cluster node)))))))
    (catch IOException e (assoc op :type :info :error (str e)))))

(defn workload [opts]
  {:needs           #{"SET" "GET" "MGET" "SCAN"}
   :invoke          invoke!
   :read-node       read-node!
   :generator       (support/paced opts :set (fn [t _ i] (operation opts t i)))
   :final-generator (map (fn [j] {:f :final-read :node j}) cluster/nodes)
   :checker         checker/check
   :recheck         certificate/holds?})
