(ns chaos.planted.case
  "One case of the self-test: a workload, through a proxy, with or without a lie. `run!` makes
  the history; `judge` gets that history and the workload's name and nothing else, so that no
  checker can know what was planted."
  (:refer-clojure :exclude [run!])
  (:require [chaos.client :as client]
            [chaos.cluster :as cluster]
            [chaos.cluster.shape :as shape]
            [chaos.generator :as gen]
            [chaos.interpreter :as interpreter]
            [chaos.planted.proxy :as proxy]
            [chaos.resp :as resp]
            [chaos.workload :as workload]))

(def ^:private settle-s-max 20)

(def ^:private rates
  "Operations a second of a workload. Transactions touch several keys each."
  {:list-append 150})

(def ^:private rate-usual 400)

(def ^:private time-s-more
  "Seconds that a workload needs beyond those of others: a message counts as due only if the
  listener's connection is known to have lived three seconds longer."
  {:switch-master 4.0})

(defn options
  "What workload and checker may know of a case."
  [{:keys [seed time-s workload]}]
  {:seed seed :time-s (+ time-s (time-s-more workload 0))
   :clients 5 :rate (rates workload rate-usual)
   :system :planted :workload workload :nodes shape/nodes})

(def ^:private published-every-s 0.1)

(defn- switch
  "Number n of a chain of switches that leaves the master where it is, at another port."
  [n]
  (str "mymaster 127.0.0.1 " (+ 1000 n) " 127.0.0.1 " (+ 1001 n)))

(defn- published
  "What is published meanwhile, for the workload that listens."
  [{:keys [workload seed]}]
  (when (= :switch-master workload)
    (gen/stagger published-every-s (hash [seed :published])
                 (map (fn [n] {:f :publish :value (switch n)}) (range)))))

(defn generator
  "Load for some seconds, then the wait until all nodes agree, then the final reads."
  [load {:keys [time-s] :as opts}]
  (gen/phases
   (gen/time-limit time-s (gen/any (gen/nemesis (published opts))
                                   (gen/clients (:generator load))))
   (gen/nemesis {:f :settle})
   (gen/clients (:final-generator load))))

(defn- in-step? [cluster]
  (= 1 (count (distinct (map #(:offset (cluster/role cluster %)) shape/nodes)))))

(defn- settle! [cluster op]
  (assoc op :value {:settled (cluster/await! settle-s-max #(in-step? cluster))} :done? true))

(defn- publish!
  "Publishes a switch as a sentinel would, and reports it as an observer would."
  [cluster report {:keys [value] :as op}]
  (let [at (System/nanoTime)]
    (resp/ask (cluster/direct cluster :server 1) "PUBLISH" "+switch-master" value)
    (report {:type :info :process :sentinel :f :+switch-master :at at
             :value {:node 1 :text value}})
    (assoc op :done? true)))

(defn- nemesis!
  "Lies end with the load, so that a final read that fails tells of a fault in the harness."
  [cluster proxy report {:keys [f] :as op}]
  (case f
    :settle  (do (proxy/rest-from-lying! proxy) (settle! cluster op))
    :publish (publish! cluster report op)))

(defn- performer [cluster address load thread]
  (let [fresh   #(client/client {:address address :sentinels [address] :seed thread
                                 :from (client/source-address thread)})
        current (atom {:process thread :client (fresh)})]
    (fn [{:keys [process f] :as op}]
      (when (not= process (:process @current))
        (client/close! (:client @current))
        (reset! current {:process process :client (fresh)}))
      (if (= f :final-read)
        ((:read-node load) cluster op)
        ((:invoke load) (:client @current) op)))))

(defn- empty! [cluster]
  (with-open [conn (resp/connect (assoc (cluster/direct cluster :server 1) :timeout-ms 5000))]
    (resp/must! conn "FLUSHALL"))
  (settle! cluster {}))

(defn run!
  "Runs a case {:workload :seed :time-s :lie} on the servers, which it empties first. Returns
  {:history :strikes}. write! gets each operation; stop? is asked often."
  [cluster {:keys [lie seed] :as case} {:keys [write! stop?]}]
  (empty! cluster)
  (let [opts   (options case)
        load   ((workload/workloads (:workload case)) opts)
        report (atom nil)
        proxy  (proxy/start! {:target (cluster/direct cluster :server 1) :lie lie :seed seed})]
    (try
      (let [history (interpreter/run!
                     {:generator (generator load opts)
                      :clients   (:clients opts)
                      :perform   #(if (= :nemesis %)
                                    (fn [op] (nemesis! cluster proxy @report op))
                                    (performer cluster (:address proxy) load %))
                      :write!    write!
                      :on-op     (fn [_])
                      :on-start  (fn [report!] (reset! report report!))
                      :stop?     stop?})]
        {:history history :strikes (proxy/strikes proxy)})
      (finally (proxy/stop! proxy)))))

(defn judge
  "The answer of the workload's own checker: {:valid? :classes :counts :because}. A certificate
  that its recheck denies makes the answer :unknown, since the checker is then wrong itself."
  [opts history]
  (let [{:keys [checker recheck]} ((workload/workloads (:workload opts)) opts)
        {:keys [valid? anomalies counts because]} (checker history opts)
        denied (remove #(recheck history %) (mapcat :shown (vals anomalies)))]
    (if (seq denied)
      {:valid? :unknown :classes [] :counts counts
       :because (str "a certificate does not hold: " (pr-str (first denied)))}
      {:valid? valid? :classes (vec (sort (keys anomalies))) :counts counts :because because})))
