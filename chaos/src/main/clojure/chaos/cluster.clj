(ns chaos.cluster
  "Nodes (three, or as many as asked for), each a server and a sentinel, as real processes
  on a network that can be broken: start, kill, pause, restart, wait, look. The harness itself
  looks past every fault, so that a partition never hides a node from it."
  (:require [chaos.client :as client]
            [chaos.cluster.files :as files]
            [chaos.cluster.programs :as programs]
            [chaos.cluster.shape :as shape]
            [chaos.db.system :as system]
            [chaos.disk :as disk]
            [chaos.failure :as failure]
            [chaos.net :as net]
            [chaos.net.network :as network]
            [chaos.net.proxy :as proxy]
            [chaos.numbering :as numbering]
            [chaos.resp :as resp]
            [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (clojure.lang ExceptionInfo)
           (java.io File)
           (java.util.concurrent TimeUnit)))

(defn lacks
  "What this machine lacks to run the default network, as a sentence, or nil."
  []
  (proxy/complaint))

;; ---- looking ----

(defn- address
  "By the network; of a cluster that is not ours, where it was found (:places)."
  [{:keys [net places]} host-of kind node]
  (if places
    (places [kind node])
    {:host (host-of net kind node) :port ((network/ports net) kind)}))

(defn direct
  "Where the harness itself calls, past every fault."
  [cluster kind node]
  (address cluster network/listen kind node))

(defn public
  "Where clients and other nodes call."
  [cluster kind node]
  (address cluster network/public kind node))

(defn client-source
  "The address that the client with this id calls from; see chaos.client/client-id."
  [{:keys [net]} id]
  (network/source net [id :client]))

(defn sentinels
  "The sentinels: as many as nodes, unless the cluster is not ours."
  [cluster]
  (:sentinels cluster (:nodes cluster)))

(defn master-name "What the sentinels call the master." [cluster]
  (:master-name cluster client/master-name))

(defn numbering
  "See chaos.numbering."
  [cluster]
  (:number cluster numbering/by-host))

(defn node-at
  "The node whose server has this public address."
  [cluster host port]
  ((numbering cluster) :server {:host host :port port}))

(defn role
  "{:role \"master\"} or {:role \"slave\" :master j :link \"connected\" :offset n} of a server;
  nil when it does not answer."
  [cluster node]
  (when-let [[role a b c d] (resp/ask (direct cluster :server node) "ROLE")]
    (if (= role "master")
      {:role role :offset a :replicas (count b)}
      {:role role :master (node-at cluster (str a) b) :port b :link c :offset d})))

(defn named-master
  "The node that the sentinel of `node` names as master, or nil."
  [cluster node]
  (when-let [[host port] (resp/ask (direct cluster :sentinel node)
                                   "SENTINEL" "GET-MASTER-ADDR-BY-NAME" (master-name cluster))]
    (node-at cluster host (parse-long port))))

(defn primary
  "The node that most sentinels name as master, or nil."
  [cluster]
  (let [asked (sentinels cluster)
        votes (frequencies (keep #(named-master cluster %) asked))]
    (some (fn [[node n]] (when (< (count asked) (* 2 n)) node)) votes)))

(defn info-field
  "The value of one field of INFO of a server, or nil."
  [cluster node field]
  (some->> (resp/ask (direct cluster :server node) "INFO")
           str/split-lines
           (some #(when (str/starts-with? % (str field ":")) (subs % (inc (count field)))))))

(defn commands
  "Names of the commands that the servers have, a set in upper case."
  [cluster]
  (into #{} (map str/upper-case) (resp/ask (direct cluster :server 1) "COMMAND" "LIST")))

(defn- agreed
  "{:master node :replicas [role ...]} when all sentinels name one master, it says that it is
  one, and every other node is somebody's connected replica; else nil."
  [{:keys [nodes] :as cluster}]
  (let [[master & others] (distinct (map #(named-master cluster %) (sentinels cluster)))
        roles    (into {} (map (juxt identity #(role cluster %))) nodes)
        replicas (vals (dissoc roles master))]
    (when (and master
               (empty? others)
               (= "master" (:role (roles master)))
               (every? #(and (= "slave" (:role %)) (= "connected" (:link %))) replicas))
      {:master master :replicas replicas})))

(defn- stable?
  "One master named by all sentinels, and all others its own connected replicas."
  [cluster]
  (when-let [{:keys [master replicas]} (agreed cluster)]
    (every? #(= master (:master %)) replicas)))

(defn- caught-up?
  "All offsets equal: true only of a cluster that nobody writes to."
  [{:keys [nodes] :as cluster}]
  (= 1 (count (distinct (map #(:offset (role cluster %)) nodes)))))

(defn- sentinels-ready? [{:keys [nodes] :as cluster}]
  (every? (fn [j]
            (let [ask #(resp/ask (direct cluster :sentinel j) "SENTINEL" % (master-name cluster))]
              (and (= (dec (count nodes)) (count (ask "REPLICAS")))
                   (<= (dec (count (sentinels cluster))) (count (ask "SENTINELS")))
                   (some-> (ask "CKQUORUM") (str/starts-with? "OK")))))
          (sentinels cluster)))

(defn await!
  "Asks until (ready?) is true, at most s seconds. Returns whether it was."
  [s ready?]
  (let [deadline (+ (System/nanoTime) (long (* s 1e9)))]
    (loop []
      (cond (ready?)                        true
            (< deadline (System/nanoTime))  false
            :else                           (do (Thread/sleep 50) (recur))))))

(defn await-stable!
  "For a cluster under load: roles and links are as they should be, and sentinels agree."
  [cluster s]
  (await! s #(and (stable? cluster) (sentinels-ready? cluster))))

(defn await-settled!
  "For a cluster at rest: one master for all sentinels, and every node holds what it holds. A
  replica of a replica will do: stock Redis is left with such after some planned failovers."
  [cluster s]
  (await! s #(and (agreed cluster) (caught-up? cluster))))

;; ---- acting ----

(defn- unless-stopped!
  "(act!), which makes something that stop! takes away; refused once the cluster is stopped, so
  that nothing is left of a fault that was under way, or of an interrupted start."
  [{:keys [stopped processes] :as cluster} act!]
  (locking processes
    (when @stopped (throw (ex-info (str "the cluster in " (:dir cluster) " is stopped") {:exit 4})))
    (act!)))

(defn- start-now! [cluster kind node]
  (let [argv    (network/command (:net cluster) kind node
                                 (system/argv (:system cluster) kind
                                              (files/config-file cluster kind node)))
        dir     (files/node-dir cluster node)
        process (programs/launch! argv dir (io/file dir (str (name kind) ".out"))
                                  (system/environment (:system cluster)
                                                      (count (:nodes cluster))))]
    (swap! (:processes cluster) assoc [kind node] process)
    process))

(defn start!
  "Starts the server or the sentinel of a node with the configuration file it has."
  [cluster kind node]
  (unless-stopped! cluster #(start-now! cluster kind node)))

(defn alive? [cluster kind node]
  (boolean (some-> ^Process (get @(:processes cluster) [kind node]) .isAlive)))

(defn pid [cluster kind node]
  (some-> ^Process (get @(:processes cluster) [kind node]) .pid))

(defn- signal! [cluster kind node signal] (programs/signal! (pid cluster kind node) signal))

(defn pause!
  "SIGSTOP: the process keeps its sockets and its memory, and does nothing until resume!."
  [cluster kind node]
  (swap! (:paused cluster) conj [kind node])
  (signal! cluster kind node "STOP"))

(defn resume! [cluster kind node]
  (swap! (:paused cluster) disj [kind node])
  (when (alive? cluster kind node) (signal! cluster kind node "CONT")))

(defn kill!
  "SIGKILL, and waits until the process is gone. A paused one dies as well."
  [cluster kind node]
  (swap! (:paused cluster) disj [kind node])
  (when-let [^Process process (get @(:processes cluster) [kind node])]
    (.destroyForcibly process)
    (.waitFor process 10 TimeUnit/SECONDS)))

(defn terminate!
  "SIGTERM, as an operator would stop it, and SIGKILL if it is not gone after ten seconds."
  [cluster kind node]
  (when-let [^Process process (get @(:processes cluster) [kind node])]
    (.destroy process)
    (when-not (.waitFor process 10 TimeUnit/SECONDS) (kill! cluster kind node))))

(defn await-answering! [cluster kind node s]
  (await! s #(= "PONG" (resp/ask (direct cluster kind node) "PING"))))

(defn on-stop!
  "Remembers how to undo a fault that would outlive the processes, in case the run ends before
  its own way back. (undo) must be safe to repeat. Undoes it at once, and throws, when the run
  has ended already."
  [cluster key undo]
  (try
    (unless-stopped! cluster #(swap! (:undos cluster) assoc key undo))
    (catch ExceptionInfo e (undo) (throw e))))

(defn undo!
  "Undoes what on-stop! remembers under key; nothing if there is none."
  [cluster key]
  (when-let [undo (get @(:undos cluster) key)]
    (swap! (:undos cluster) dissoc key)
    (undo)))

(defn disk "The disk of a node, for chaos.disk." [cluster node] (get @(:disks cluster) node))

(defn- mount-disks! [{:keys [nodes disk-kind disks] :as cluster}]
  (when disk-kind
    (doseq [j nodes]
      (let [disk (disk/disk disk-kind (files/disk-dir cluster j))]
        (unless-stopped! cluster #(do (swap! disks assoc j disk) (disk/mount! disk)))))))

(defn- must! [cluster what ok?]
  (when-not ok?
    (net/must-live! (:net cluster))
    (throw (ex-info (str (name (:name cluster)) ": " what "; see the logs in " (:dir cluster))
                    {:exit 4}))))

(defn- boot! [{:keys [nodes] :as cluster}]
  (mount-disks! cluster)
  (doseq [j nodes] (files/write-config! cluster :server j (when (not= j 1) 1)))
  (doseq [j nodes] (start! cluster :server j))
  (doseq [j nodes]
    (must! cluster (str "server " j " does not answer") (await-answering! cluster :server j 20)))
  (must! cluster "replicas do not connect"
         (await! 20 #(every? (fn [j] (= "connected" (:link (role cluster j)))) (rest nodes))))
  (doseq [j nodes] (files/write-config! cluster :sentinel j 1))
  (doseq [j nodes] (start! cluster :sentinel j))
  (must! cluster "sentinels do not find each other and the replicas"
         (await! 40 #(sentinels-ready? cluster))))

(defn stop!
  "Undoes faults, kills every process, paused ones as well, frees the disks and ends the mesh;
  from now on nothing can be started. Each step is tried whatever the others throw, the first of
  which is thrown at the end. Safe to repeat."
  [{:keys [processes stopped] :as cluster}]
  (locking processes (reset! stopped true))
  (failure/each!
   (concat (for [key (keys @(:undos cluster))] #(undo! cluster key))
           (for [[kind node] @(:paused cluster)] #(resume! cluster kind node))
           (for [^Process process (vals @processes)] #(.destroyForcibly process))
           (for [^Process process (vals @processes)] #(.waitFor process 10 TimeUnit/SECONDS))
           (for [disk (vals @(:disks cluster))] #(disk/free! disk))
           [#(net/stop! (:net cluster))])))

(defn cluster!
  "Starts a cluster of the system, with files under dir, and waits until it is ready. Node 1
  is the first master. on-start gets the cluster before any process runs, so that whoever
  interrupts can stop it. shape = {:nodes :server-lines :disk-kind :net :client-ids}: directives
  that every server gets beside its own, the kind of disk (chaos.disk) that a fault wants, the
  network (chaos.net), who else is on it; and :own, a cluster found by chaos.db.own that is
  only waited for."
  ([system-name system dir on-start]
   (cluster! system-name system dir on-start (shape/shape {} {})))
  ([system-name system ^File dir on-start {:keys [net own] :as shape}]
   (let [net     (net/start! net shape)
         cluster (merge shape own
                        {:number (if own (numbering/of-places (:places own)) numbering/by-host)
                         :name system-name :system system :dir (.getAbsoluteFile dir) :net net
                         :ports (network/ports net) :processes (atom {}) :paused (atom #{})
                         :disks (atom {}) :undos (atom {}) :stopped (atom false)})]
     (try (on-start cluster)
          (if own
            (must! cluster "the cluster is not stable" (await-stable! cluster 20))
            (boot! cluster))
          cluster
          (catch Throwable t (stop! cluster) (throw t))))))
