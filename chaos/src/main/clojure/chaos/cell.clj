(ns chaos.cell
  "One cell of a run: one system under one fault, with one or more workloads side by side on
  keys of their own, from an empty cluster to a history on disk. What the history means is
  computed afterwards, from the files alone (`chaos.findings`)."
  (:refer-clojure :exclude [run!])
  (:require [chaos.client :as client]
            [chaos.cluster :as cluster]
            [chaos.cluster.shape :as shape]
            [chaos.db :as db]
            [chaos.db.system :as system]
            [chaos.failure :as failure]
            [chaos.generator :as gen]
            [chaos.interpreter :as interpreter]
            [chaos.machine :as machine]
            [chaos.nemesis :as nemesis]
            [chaos.net :as net]
            [chaos.observer :as observer]
            [chaos.store :as store]
            [chaos.workload :as workload]
            [clojure.java.io :as io]
            [clojure.set :as set]
            [clojure.string :as str])
  (:import (java.io File)))

(def ^:private settle-s-max 40)

;; ---- the plan of a cell, pure ----

(defn- in-turn
  "The generators under `k` of the loads, each operation tagged with its workload."
  [loads k]
  (for [[name load] (sort-by key loads) :when (k load)]
    (gen/tagged {:workload name} (k load))))

(defn generator
  "Load with faults, then everything undone, then the wait until all nodes agree, then the
  final reads of one workload after another. loads: workload name -> workload."
  [{:keys [time-s]} fault loads]
  (let [load (apply gen/mix (in-turn loads :generator))]
    (gen/phases
     (if (:leads? fault)
       (gen/until-done (gen/nemesis (:generator fault)) (gen/clients load))
       (gen/any (gen/nemesis (:generator fault))
                (gen/clients (gen/time-limit time-s load))))
     (gen/nemesis [(:final-generator fault) {:f :settle}])
     (gen/clients (in-turn loads :final-generator)))))

(defn share
  "Rate of one of n workloads that run side by side."
  [rate n]
  (/ rate (double n)))

(defn loads
  "Of the workloads that opts name: {:loads {name workload} :not-tested [{:what :why}]}, given
  the commands (a set of names in upper case) that the system has."
  [{:keys [workloads rate] :as opts} commands]
  (let [opts (assoc opts :rate (share rate (count workloads)) :commands commands)]
    (reduce (fn [found name]
              (let [load    ((workload/workloads name) opts)
                    missing (sort (set/difference (set (:needs load)) commands))]
                (if (seq missing)
                  (update found :not-tested conj
                          {:what (str "workload " (workload/title name opts))
                           :why  (str "the system has no " (str/join ", " missing))})
                  (assoc-in found [:loads name] load))))
            {:loads {} :not-tested []}
            workloads)))

;; ---- performing operations ----

(defn- settle! [{:keys [cluster]} _]
  {:settled (cluster/await-settled! cluster settle-s-max)
   :primary (cluster/primary cluster)})

(defn- nemesis-performer [fault context]
  (let [act (assoc (:nemesis fault) :settle settle!)]
    (fn [{:keys [f] :as op}]
      (assoc op :value ((act f) context op) :done? true))))

(defn- style-of
  "Style :both gives each style to every second client."
  [{:keys [style]} thread]
  (client/styles (if (= :both style) (nth [:rediscover :subscribe] (mod thread 2)) style)))

(defn- client-performer
  "opened is an atom of thread -> {:process :client}, so that whoever ends the run can close
  them: a client that listens has a thread of its own."
  [cluster opts loads opened thread]
  (let [sentinels (mapv #(cluster/public cluster :sentinel %) (cluster/sentinels cluster))
        fresh     #((style-of opts thread)
                    {:sentinels sentinels :master (cluster/master-name cluster)
                     :seed (+ (:seed opts) thread)
                     :id (client/client-id thread)
                     :number (cluster/numbering cluster)
                     :from (cluster/client-source cluster (client/client-id thread))})
        of        (fn [process]
                    (let [{client :client, :as current} (@opened thread)]
                      (if (= process (:process current))
                        client
                        (let [client' (fresh)]
                          (swap! opened assoc thread {:process process :client client'})
                          (some-> client client/close!)
                          client'))))]
    (fn [{:keys [process f workload] :as op}]
      (let [load (loads workload)]
        (if (= f :final-read)
          ((:read-node load) cluster op)
          ((:invoke load) (of process) op))))))

(defn- version-of [cluster]
  (let [field #(cluster/info-field cluster 1 %)]
    (if-let [own (field "watchword_version")]
      (str "Watchword " own " (speaks Redis " (field "redis_version") ")")
      (str "Redis " (field "redis_version")))))

(defn- run-load!
  "Runs the plan on a ready cluster, writing its history. Ends, and throws, when the network
  that is to be broken has broken by itself."
  [{:keys [net] :as cluster} opts fault loads {:keys [write! on-op stop?]}]
  (let [report  (atom nil)
        context {:cluster cluster :state (atom {}) :report #(@report %)}
        opened  (atom {})
        eyes    (atom nil)]
    (try
      (interpreter/run!
       {:generator (generator opts fault loads)
        :clients   (:clients opts)
        :perform   #(if (= :nemesis %)
                      (nemesis-performer fault context)
                      (client-performer cluster opts loads opened %))
        :write!    write!
        :on-op     on-op
        :on-start  (fn [report!]
                     (reset! report report!)
                     (reset! eyes (observer/start! cluster report!)))
        :stop?     #(or (stop?) (net/broken? net))})
      (net/must-live! net)
      (finally
        (failure/each!
         (concat (when-let [stop @eyes] [stop])
                 (for [{:keys [client]} (vals @opened)] #(client/close! client))
                 (when-not (net/broken? net) [#(net/heal! net)])))))))

(defn- set-up
  "How many there were of what, as the report tells it. Of a cluster that is not ours only what
  was found."
  [{:keys [nodes own]}]
  {:sentinels     (count (if own (:sentinels own) nodes))
   :quorum        (when-not own (system/quorum (count nodes)))
   :down-after-ms (when-not own system/down-after-ms)
   :places        (:places own)})

(defn- about
  "What is kept of a cell beside its history."
  [opts fault {:keys [version claims ports load loads not-tested interrupted?]}]
  (merge (select-keys opts (into [:system :nemesis :style :seed :clients :time-s :rate :net :nodes]
                                 (keys workload/variants)))
         (set-up opts)
         {:mode       :available
          :workloads  (vec (sort (keys loads)))
          :rates      (share (:rate opts) (count (:workloads opts)))
          :not-tested not-tested
          :interrupted? interrupted?
          :version    version
          :claims     claims
          :ports      ports
          :perf       (:perf fault)
          :phrase     (:phrase fault)
          :planned?   (boolean (:planned? fault))
          :forgets?   (boolean (:forgets? fault))
          :spares-master? (boolean (:spares-master? fault))
          :expects    (get-in fault [:expects (:system opts)] #{})
          :load       load}))

(defn- file-of ^File [cell-dir] (io/file cell-dir "cell.edn"))

(defn- on-cluster!
  "The load on a ready cluster, from its first question to cell.edn. known: what is known of
  the cell already."
  [cluster cell-dir opts fault known {:keys [stop? on-op say]}]
  (let [{:keys [loads not-tested]} (loads opts (cluster/commands cluster))
        version (version-of cluster)
        write!  (store/history-writer! (io/file cell-dir "history.edn"))]
    (doseq [{:keys [what why]} not-tested] (say (str "not tested: " what ", " why)))
    (try
      (run-load! cluster opts fault loads {:write! write! :on-op on-op :stop? stop?})
      (finally
        (write!)
        (store/save-edn! (file-of cell-dir)
                         (about opts fault
                                (-> known
                                    (merge {:version version :ports (:ports cluster)
                                            :loads loads :not-tested not-tested
                                            :interrupted? (boolean (stop?))})
                                    (update :load conj (machine/load-average)))))))))

(defn- failed!
  "Keeps what went wrong: :failed in cell.edn, which may be there already, and the stack trace
  beside it."
  [cell-dir opts fault known t]
  (let [file (file-of cell-dir)]
    (store/save-edn! file (assoc (if (.isFile file) (store/load-edn file) (about opts fault known))
                                 :failed (failure/of t)))
    (spit (io/file cell-dir "failure.txt") (failure/trace t))))

(defn run!
  "Runs one cell into its folder under dir and returns that folder. control: :on-cluster is
  told the cluster as soon as there is one, :stop? is asked often, :on-op gets completions,
  :say takes a sentence for the person watching. The cluster is gone when this returns. Does
  not throw for what goes wrong on the way (a node that does not start, a fault of ours): that
  is kept in the folder, and the cell is then :unknown."
  [dir opts {:keys [on-cluster stop?] :as control}]
  (let [cell-dir (store/cell-dir dir opts)
        under    ((db/systems (:system opts)))
        fault    (nemesis/package-of (:nemesis opts) opts)
        known    {:claims (system/claims under) :load [(machine/load-average)]}]
    (try
      (let [cluster (cluster/cluster! (:system opts) under cell-dir on-cluster
                                      (shape/shape fault opts))]
        (try
          (on-cluster! cluster cell-dir (assoc opts :nodes (:nodes cluster)) fault known control)
          (finally (cluster/stop! cluster))))
      (catch Throwable t
        (failed! cell-dir (assoc opts :nodes (shape/nodes-of opts)) fault
                 (assoc known :interrupted? (boolean (stop?))) t)))
    cell-dir))
