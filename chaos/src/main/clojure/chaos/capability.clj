(ns chaos.capability
  "What this machine can do to a cluster, found out by doing it on a small scale and undoing it
  at once. A fault names what it needs (:needs); one whose needs are not met is refused before
  anything starts, with the reason, and never becomes a run without faults.

  Three kinds of names: of the machine (below), of the network that was chosen (:links :delays
  :resets, see chaos.net), and :processes, which we have when we started the cluster."
  (:require [chaos.cgroup :as cgroup]
            [chaos.cluster :as cluster]
            [chaos.disk :as disk]
            [chaos.shell :as shell]
            [clojure.string :as str])
  (:import (java.lang ProcessHandle)))

(defn- netns-complaint []
  (let [ns (str "chaos-" (.pid (ProcessHandle/current)) "-probe")]
    (try
      (shell/complaint ["ip" "netns" "add" ns]
                       ["ip" "-n" ns "link" "add" "br0" "type" "bridge"]
                       ["ip" "-n" ns "link" "add" "v0" "type" "veth" "peer" "name" "v1"])
      (finally (shell/run! ["ip" "netns" "del" ns])))))

(defn- nft-complaint []
  (let [ns (str "chaos-" (.pid (ProcessHandle/current)) "-nft")]
    (try
      (shell/complaint ["ip" "netns" "add" ns]
                       ["ip" "netns" "exec" ns "nft" "add" "table" "bridge" "chaos"])
      (finally (shell/run! ["ip" "netns" "del" ns])))))

(def ^:private probes
  "Name -> [what it is good for, function giving a complaint or nil]."
  {:mesh       ["the proxy mesh: every fault of the network, no privileges" cluster/lacks]
   :signals    ["kill and pause" #(shell/complaint ["kill" "-l"])]
   :netns      ["a network namespace per process, with root" netns-complaint]
   :nft        ["cuts inside the kernel (--net netns)" nft-complaint]
   :cgroup-cpu ["cpu-throttle" cgroup/complaint]
   :tmpfs      ["disk-full" #(disk/complaint :tmpfs)]
   :loop-mount ["slow-disk and power-cut" #(disk/complaint :ext4)]})

(defn- try-out [capability]
  (let [[good-for complain] (probes capability)
        complaint (complain)]
    {:name capability :have (nil? complaint) :why (or complaint good-for)}))

(def ^:private found
  "Each probed once, when first asked for: the machine does not change under a run."
  (into {} (map (fn [capability] [capability (delay (try-out capability))])) (keys probes)))

(defn probe
  "[{:name :have :why}] of everything, by name. :why is what it is good for, or the complaint."
  []
  (mapv #(deref (val %)) (sort-by key found)))

(defn lines
  "The probe's findings, to print."
  [capabilities]
  (for [{:keys [name have why]} capabilities]
    (format "%-3s %-10s %s" (if have "yes" "no") (clojure.core/name name) why)))

(defn- of-machine [need] (some-> (found need) deref))

(defn refusal
  "Why a fault with these needs cannot be had, given what the chosen network and system offer
  (a set), or nil. look: need -> {:have :why} of the machine, nil for what is not its business."
  ([fault needs offered] (refusal fault needs offered of-machine))
  ([fault needs offered look]
   (let [complaint (fn [need]
                     (let [{:keys [have why] :as seen} (look need)]
                       (cond (or (offered need) have) nil
                             seen                     (str (name need) ": " why)
                             (= :processes need)      "processes: we did not start this cluster"
                             :else (str (name need) ": the chosen network cannot do it"))))]
     (when-let [missing (seq (keep complaint (sort needs)))]
       (str "nemesis " (name fault) " cannot be had here; " (str/join "; " missing))))))
