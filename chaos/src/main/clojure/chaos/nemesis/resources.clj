(ns chaos.nemesis.resources
  "A machine that has too little: CPU, room on the disk, a disk that answers, power. They need
  root and what chaos.capability finds. Snapshots are on (`save 1 1`), so that a disk matters;
  what a write's acknowledgement promises about disks is the system's own business."
  (:require [chaos.cgroup :as cgroup]
            [chaos.cluster :as cluster]
            [chaos.disk :as disk]
            [chaos.generator :as gen]
            [chaos.nemesis.heal :as heal]
            [chaos.nemesis.kill :as kill]
            [chaos.nemesis.times :as times]))

(def ^:private cpu-percent "A twentieth of one CPU." 5)
(def ^:private frozen-s 0.4)
(def ^:private thawed-s 0.2)
(def ^:private snapshots ["save 1 1"])

;; ---- what is done ----

(defn- throttle! [{:keys [cluster]} _]
  (let [master (heal/master! cluster)
        undo   (cgroup/throttle! (str "n" master) (cluster/pid cluster :server master) cpu-percent)]
    (cluster/on-stop! cluster :cpu undo)
    {:throttled master :cpu-percent cpu-percent}))

(defn- unthrottle! [{:keys [cluster]} _]
  (cluster/undo! cluster :cpu)
  {:throttled nil})

(defn- fill! [{:keys [cluster]} _]
  (let [master (heal/master! cluster)
        disk   (cluster/disk cluster master)]
    (cluster/on-stop! cluster :full #(disk/empty! disk))
    {:full master :bytes (disk/fill! disk)}))

(defn- empty-again! [{:keys [cluster]} _]
  (cluster/undo! cluster :full)
  {:full nil})

(defn- freeze! [{:keys [cluster]} _]
  (let [master (heal/master! cluster)
        disk   (cluster/disk cluster master)]
    (cluster/on-stop! cluster :frozen #(disk/thaw! disk))
    (disk/freeze! disk)
    {:frozen master}))

(defn- thaw! [{:keys [cluster]} _]
  (cluster/undo! cluster :frozen)
  {:frozen nil})

(defn- cut-power!
  "Every process of every node is killed, and each disk keeps only what had reached it."
  [{:keys [cluster] :as context} _]
  (let [nodes (:nodes cluster)]
    (doseq [kind [:server :sentinel], node nodes] (kill/down! context kind node))
    (doseq [node nodes] (disk/cut-power! (cluster/disk cluster node)))
    {:killed-all nodes :power :cut}))

;; ---- packages ----

(defn- lasting [fault [begin begin!] [end end!] more]
  (fn [{:keys [time-s] :as opts}]
    (merge {:nemesis         {begin begin! end end!}
            :generator       (times/once (times/window opts fault (* 0.45 time-s))
                                         {:f begin} {:f end})
            :final-generator {:f end}
            :time-s-min      times/time-s-min
            :perf            {:name (name fault) :starts #{begin} :ends #{end}}}
           more)))

(defn- slow-disk-package [opts]
  {:nemesis         {:freeze-disk freeze! :thaw-disk thaw!}
   :generator       [(gen/pause (:start (times/window opts :slow-disk 0)))
                     (times/until-window
                      (update opts :time-s - (:start (times/window opts :slow-disk 0)))
                      (cycle [{:f :freeze-disk} (gen/pause frozen-s)
                              {:f :thaw-disk} (gen/pause thawed-s)]))
                     {:f :thaw-disk}]
   :final-generator {:f :thaw-disk}
   :needs           #{:processes :loop-mount}
   :disk            :ext4
   :server-lines    snapshots
   :time-s-min      times/time-s-min
   :phrase          "while the master's disk stalled again and again"
   :perf            {:name "slow disk" :starts #{:freeze-disk} :ends #{:thaw-disk}}})

(def faults
  {:cpu-throttle (lasting :cpu-throttle [:throttle-cpu throttle!] [:unthrottle-cpu unthrottle!]
                          {:needs  #{:processes :cgroup-cpu}
                           :phrase "while the master had a twentieth of a CPU"})
   :disk-full    (lasting :disk-full [:fill-disk fill!] [:empty-disk empty-again!]
                          {:needs  #{:processes :tmpfs} :disk :tmpfs :server-lines snapshots
                           :phrase "while the master's disk was full"})
   :slow-disk    slow-disk-package
   :power-cut    (lasting :power-cut [:cut-power cut-power!] [:restart kill/restart!]
                          {:needs  #{:processes :loop-mount} :disk :ext4 :server-lines snapshots
                           :forgets? true
                           :phrase "when the power of every node was cut"})})
