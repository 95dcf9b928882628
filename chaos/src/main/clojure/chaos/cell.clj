(ns chaos.cell
  "One cell of a run: one system under one fault, from an empty cluster to findings. The
  history is closed on disk before it is analysed, and `analyze` computes the same findings
  from the files alone."
  (:refer-clojure :exclude [run!])
  (:require [chaos.checker.rates :as rates]
            [chaos.checker.stages :as stages]
            [chaos.checker.stale-master :as stale-master]
            [chaos.client :as client]
            [chaos.cluster :as cluster]
            [chaos.db :as db]
            [chaos.db.system :as system]
            [chaos.generator :as gen]
            [chaos.interpreter :as interpreter]
            [chaos.machine :as machine]
            [chaos.nemesis :as nemesis]
            [chaos.net :as net]
            [chaos.observer :as observer]
            [chaos.progress :as progress]
            [chaos.store :as store]
            [chaos.verdict :as verdict]
            [chaos.workload :as workload]
            [clojure.java.io :as io]))

(def ^:private settle-s-max 40)
(def ^:private slice-s 0.5)

;; ---- the plan of a cell, pure ----

(defn generator
  "Load with faults, then everything undone, then the wait until all nodes agree, then the
  final reads."
  [{:keys [time-s]} fault load]
  (gen/phases
   (if (:leads? fault)
     (gen/until-done (gen/nemesis (:generator fault)) (gen/clients (:generator load)))
     (gen/any (gen/nemesis (:generator fault))
              (gen/clients (gen/time-limit time-s (:generator load)))))
   (gen/nemesis [(:final-generator fault) {:f :settle}])
   (gen/clients (:final-generator load))))

;; ---- performing operations ----

(defn- settle! [{:keys [cluster]} _]
  {:settled (cluster/await-settled! cluster settle-s-max)
   :primary (cluster/primary cluster)})

(defn- nemesis-performer [fault context]
  (let [act (assoc (:nemesis fault) :settle settle!)]
    (fn [{:keys [f] :as op}]
      (assoc op :value ((act f) context op) :done? true))))

(defn- client-performer [cluster opts load thread]
  (let [sentinels (mapv #(cluster/public cluster :sentinel %) (:nodes cluster))
        style     (client/styles (:style opts))
        fresh     #(style {:sentinels sentinels :seed (+ (:seed opts) thread)
                           :from (cluster/client-source cluster (client/client-id thread))})
        current   (atom {:process thread :client (fresh)})]
    (fn [{:keys [process f] :as op}]
      (when (not= process (:process @current))
        (client/close! (:client @current))
        (reset! current {:process process :client (fresh)}))
      (if (= f :final-read)
        ((:read-node load) cluster op)
        ((:invoke load) (:client @current) op)))))

(defn- version-of [cluster]
  (let [field #(cluster/info-field cluster 1 %)]
    (if-let [own (field "watchword_version")]
      (str "Watchword " own " (speaks Redis " (field "redis_version") ")")
      (str "Redis " (field "redis_version")))))

(defn- run-load!
  "Runs the plan on a ready cluster and returns the history."
  [cluster opts fault load write! counters stop?]
  (let [report  (atom nil)
        context {:cluster cluster :state (atom {}) :report #(@report %)}
        eyes    (atom nil)]
    (try
      (interpreter/run!
       {:generator (generator opts fault load)
        :clients   (:clients opts)
        :perform   #(if (= :nemesis %)
                      (nemesis-performer fault context)
                      (client-performer cluster opts load %))
        :write!    write!
        :on-op     #(progress/note! counters %)
        :on-start  (fn [report!]
                     (reset! report report!)
                     (reset! eyes (observer/start! cluster report!)))
        :stop?     stop?})
      (finally
        (when-let [stop @eyes] (stop))
        (net/heal! (:net cluster))))))

(defn run!
  "Runs one cell into its folder under dir. on-cluster is told the cluster as soon as
  there is one. The cluster is gone when this returns or throws."
  [dir {:keys [seed clients time-s rate] :as opts} {:keys [on-cluster stop?]}]
  (let [cell-dir (store/cell-dir dir opts)
        under    ((db/systems (:system opts)))
        load     ((workload/workloads (:workload opts)) opts)
        fault    (nemesis/package-of (:nemesis opts) opts)
        before   (machine/load-average)
        label    (str (name (:system opts)) " / " (name (:nemesis opts)))
        _        (println (str label ": starting a cluster"))
        cluster  (cluster/cluster! (:system opts) under cell-dir on-cluster
                                   (cluster/shape fault opts))]
    (try
      (let [counters (progress/counters)
            done     (progress/start! label counters)
            write!   (store/history-writer! (io/file cell-dir "history.edn"))
            version  (version-of cluster)]
        (try
          (run-load! cluster opts fault load write! counters stop?)
          (finally
            (write!)
            (done)
            (store/save-edn! (io/file cell-dir "cell.edn")
                             {:system (:system opts) :nemesis (:nemesis opts)
                              :workload (:workload opts) :style (:style opts) :mode :available
                              :seed seed :clients clients :time-s time-s :rate rate
                              :version version :claims (system/claims under)
                              :ports (:ports cluster) :perf (:perf fault)
                              :load [before (machine/load-average)]}))))
      (finally (cluster/stop! cluster)))))

;; ---- findings, from the files alone ----

(defn- adds-of
  "What verdict and report read of the set's result."
  [{:keys [anomalies counts valid? complete? loss-window by-node]}]
  (let [found (fn [class]
                (let [{:keys [count shown] :or {count 0}} (anomalies class)]
                  {:count count :first (mapv :element shown)}))]
    (merge (into {} (map (juxt identity found)) [:lost :dirty :unexpected :corrupt :divergent])
           (select-keys counts [:attempts :lost-percent :recovered :never-read])
           {:valid? valid? :complete? complete? :loss-window loss-window :by-node by-node
            :acknowledged (:ok counts) :failed (:fail counts) :unsure (:info counts)})))

(defn analyze
  "The findings of the cell in this folder."
  [cell-dir]
  (let [cell    (store/load-edn (io/file cell-dir "cell.edn"))
        history (store/load-history (io/file cell-dir "history.edn"))
        load    ((workload/workloads (:workload cell)) cell)
        checked ((:checker load) history cell)
        lost    (:lost-values checked)
        adds    (adds-of checked)
        stale   (stale-master/check history lost)
        stages  (stages/check history)
        proofs  (mapcat :shown (vals (:anomalies checked)))]
    (when-let [wrong (seq (remove #((:recheck load) history %) proofs))]
      (throw (ex-info "a certificate does not hold: the checker is wrong" {:exit 4 :wrong wrong})))
    (merge cell
           (verdict/judge cell {:adds adds :stale stale :stages stages})
           {:adds         adds
            :stale        stale
            :stages       stages
            :returns      (stale-master/probes history)
            :certificates (vec proofs)
            :slices       (rates/slices history lost slice-s)
            :slice-s      slice-s
            :dots         (rates/dots history slice-s)
            :shades       (rates/shades history (:perf cell))
            :operations   (count history)
            :dir          (.getName (io/file cell-dir))})))
