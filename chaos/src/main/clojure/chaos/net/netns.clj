(ns chaos.net.netns
  "The network of the kernel itself, with root: a namespace for every process, all on one bridge
  in a namespace of its own, where nft drops what a set of address pairs names. Unlike the
  proxy it drops packets, so that TCP retransmits, backs off, and times out as it would between
  machines, and connect() hangs over a cut link.

    chaos-<pid>-sw            the bridge, and the rules
    chaos-<pid>-server-<j>    10.<n>.0.<j>
    chaos-<pid>-sentinel-<j>  10.<n>.2.<j>, its Raft port as well

  The harness is on the bridge too: as itself, from an address that no rule names, and as each
  client. A cut is one transaction of nft. Delays and slow links need netem, which most kernels
  for virtual machines leave out, so they are not offered; nor are taps and resets.

  Namespaces of a program that is gone are swept when the next one starts."
  (:require [chaos.net.network :as network]
            [chaos.net.rules :as rules]
            [chaos.shell :as shell]
            [clojure.string :as str])
  (:import (java.lang ProcessHandle)))

(def offers #{:links})

(def ^:private all-ports {:server 6379 :sentinel 26379 :raft 8379})

(defn- own-pid [] (.pid (ProcessHandle/current)))

(defn- namespace-name [pid & parts] (str/join "-" (into ["chaos" pid] parts)))

;; ---- addresses, pure ----

(defn subnet
  "The second octet for a program with this pid: two runs at once should not share one."
  [pid]
  (+ 64 (mod pid 64)))

(defn- process-of [kind] (if (= :server kind) :server :sentinel))

(defn address
  "The address of an endpoint in a subnet."
  [n [id kind]]
  (str "10." n (if (= :sentinel kind) ".2." ".0.") id))

(defn- endpoints-of
  "The endpoints that one side of a rule stands for."
  [end]
  (cond (vector? end) [end]
        (< end 100)   [[end :server] [end :sentinel]]
        :else         [[end :client]]))

(defn cut-pairs
  "The pairs of addresses, [from to], that the cuts of the rules forbid."
  [n {:keys [cuts]}]
  (into (sorted-set)
        (for [[from to] cuts, f (endpoints-of from), t (endpoints-of to)
              :when (not= f t)]
          [(address n f) (address n t)])))

(defn nft-script
  "One transaction that makes exactly these pairs forbidden."
  [pairs]
  (str "flush set bridge chaos cutset\n"
       (when (seq pairs)
         (str "add element bridge chaos cutset { "
              (str/join ", " (map (fn [[a b]] (str a " . " b)) pairs)) " }\n"))))

;; ---- making and removing ----

(def ^:private table
  (str "table bridge chaos {\n"
       "  set cutset { type ipv4_addr . ipv4_addr; }\n"
       "  chain switch {\n"
       "    type filter hook forward priority 0; policy accept;\n"
       "    ip saddr . ip daddr @cutset drop\n"
       "  }\n}\n"))

(defn stale
  "Of names of namespaces, those of programs that are not alive?."
  [names alive?]
  (filter #(when-let [[_ pid] (re-matches #"chaos-(\d+)-.*" %)] (not (alive? (parse-long pid))))
          names))

(defn- names-here []
  (map #(first (str/split % #"\s+")) (str/split-lines (:out (shell/run! ["ip" "netns" "list"])))))

(defn- remove-all! [names]
  (doseq [ns names] (shell/run! ["ip" "netns" "del" ns])))

(defn- sweep! []
  (remove-all! (stale (names-here) #(.isPresent (ProcessHandle/of %)))))

(defn- ours []
  (filter #(str/starts-with? % (str "chaos-" (own-pid) "-")) (names-here)))

(defn- make-switch! [switch]
  (shell/must! ["ip" "netns" "add" switch])
  (shell/must! ["ip" "-n" switch "link" "add" "br0" "type" "bridge" "stp_state" "0"
                "forward_delay" "0"])
  (shell/must! ["ip" "-n" switch "link" "set" "br0" "up"])
  (shell/must! ["ip" "netns" "exec" switch "nft" "-f" "-"] table))

(defn- plug-in!
  "A cable from the bridge to interface eth0 of the namespace."
  [switch ns port address]
  (shell/must! ["ip" "netns" "add" ns])
  (shell/must! ["ip" "-n" switch "link" "add" port "type" "veth" "peer" "name" "eth0" "netns" ns])
  (shell/must! ["ip" "-n" switch "link" "set" port "master" "br0" "up"])
  (shell/must! ["ip" "-n" ns "addr" "add" (str address "/16") "dev" "eth0"])
  (shell/must! ["ip" "-n" ns "link" "set" "eth0" "up"])
  (shell/must! ["ip" "-n" ns "link" "set" "lo" "up"]))

(defn- cable "The harness's end of its cable." [pid] (str "chaos" (mod pid 10000000)))

(defn- plug-in-harness!
  "The harness's own cable, in the namespace that it runs in: first its own address, which the
  kernel then calls from, then one for each client."
  [switch pid n clients]
  (let [here (cable pid)]
    (shell/must! ["ip" "-n" switch "link" "add" "harness" "type" "veth" "peer" "name" here
                  "netns" pid])
    (shell/must! ["ip" "-n" switch "link" "set" "harness" "master" "br0" "up"])
    (shell/must! ["ip" "addr" "add" (str "10." n ".9.9/16") "dev" here])
    (shell/must! ["ip" "link" "set" here "up"])
    (shell/must! ["ip" "-batch" "-"]
                 (str/join (for [id clients]
                             (str "addr add " (address n [id :client]) "/16 dev " here "\n"))))))

(defrecord Namespaces [pid n rules stopped]
  network/Network
  (change [_ f]
    (shell/must! ["ip" "netns" "exec" (namespace-name pid "sw") "nft" "-f" "-"]
                 (nft-script (cut-pairs n (swap! rules f)))))
  (reset-links [_ _] (throw (ex-info "this network cannot reset connections" {})))
  (tap [_ _ _ _] nil)
  (failure [_] nil)
  (stop [_]
    (when (compare-and-set! stopped false true)
      (shell/run! ["ip" "link" "del" (cable pid)])
      (remove-all! (ours))))
  (ports [_] all-ports)
  (listen [_ kind j] (address n [j (process-of kind)]))
  (public [_ kind j] (address n [j (process-of kind)]))
  (source [_ endpoint] (address n endpoint))
  (command [_ kind j argv]
    (into ["ip" "netns" "exec" (namespace-name pid (name (process-of kind)) j)] argv)))

(defn start! [{:keys [nodes client-ids]}]
  (sweep!)
  (let [pid    (own-pid)
        n      (subnet pid)
        switch (namespace-name pid "sw")]
    (try
      (make-switch! switch)
      (doseq [j nodes, kind [:server :sentinel]]
        (plug-in! switch (namespace-name pid (name kind) j) (str (name kind) j)
                  (address n [j kind])))
      (plug-in-harness! switch pid n client-ids)
      (->Namespaces pid n (atom rules/all-open) (atom false))
      (catch Throwable t (remove-all! (ours)) (throw t)))))
