(ns chaos.profile
  "Which cells a run has. A profile names systems, faults, workloads and lengths; each of them
  can be given on the command line instead. A plan is data: a vector of cell options.

  Beside what a profile demands of a machine it may name more: :if-had are faults that are run
  where they can be had, and are not tested elsewhere; :beside are workloads that only some
  faults have a use for. Whoever names faults gets these alone, and so with workloads."
  (:require [chaos.registry :as registry]
            [chaos.workload :as workload]))

(def ^:private always
  {:clients 10 :rate 1000 :style :both :net :mesh
   :system [:stock :watchword]
   :workloads [:set :register]
   :time-s 34})

(def ^:private side-by-side [:set :register :list-append :counter :lock])

(def profiles
  "Profile name -> options. :time-s of a fault that needs longer is raised by the plan."
  {:short    {:nemesis [:partition :planned-failover]}
   :standard {:nemesis   [:none :partition :isolate-master :one-way-in :one-way-out :replicas-cut
                          :sentinels-cut :flapping :kill :quick-restart :pause-long
                          :planned-failover :rolling-restart :combined]
              :workloads side-by-side
              :rate      300
              :time-s    40}
   :full     {:nemesis   [:none :partition :isolate-master :minority :halves :bridge :ring
                          :one-way-in :one-way-out :replicas-cut :sentinels-cut :flapping :delay
                          :slow-link :reset :kill :kill-sentinel :kill-all :quick-restart
                          :pause-short :pause-long :planned-failover :rolling-restart]
              :if-had    [:master-unseen :partition-then-kill :stale-replica
                          :kill-pause-partition :cpu-throttle :disk-full :slow-disk :power-cut]
              :workloads (conj side-by-side :switch-master :replica-reads)
              :beside    {:kill-all [:durability] :power-cut [:durability]}
              :time-s    180}})

(def seconds-around
  "What a cell takes beside its load: starting, settling, final reads, checkers."
  20)

(defn workloads-of
  "Workloads of the cells of a fault, or of all faults of opts."
  ([{:keys [nemesis] :as opts}] (vec (distinct (mapcat #(workloads-of opts %) nemesis))))
  ([{:keys [workloads beside]} fault] (vec (distinct (concat workloads (get beside fault))))))

(defn- demanded
  "opts with the faults that are run where they can be had among the others, unless somebody
  said which to run, and with no workloads beside those that somebody named."
  [opts {:keys [workloads nemesis schedule nodes-at]}]
  (let [said? (or nemesis schedule nodes-at)]
    (cond-> (if said? (dissoc opts :if-had) (update opts :nemesis into (:if-had opts)))
      workloads (dissoc :beside))))

(defn without
  "opts without the faults that cannot be had, {fault why}, of those that need not be had."
  [opts refused]
  (update opts :nemesis #(filterv (complement (select-keys refused (:if-had opts))) %)))

(defn parse [text] (registry/parse-one "profile" profiles text))

(defn options
  "All options of a run, those given beating those of the profile; a schedule is the only fault.
  A cluster of somebody else's (:nodes-at) is the only system, and has no faults unless asked."
  [{:keys [profile schedule nodes-at system net nemesis] :as given}]
  (when-not (if nodes-at (contains? #{nil [:own]} system) (not-any? #{:own} system))
    (throw (registry/usage-error "--nodes and --system own belong together, and alone")))
  (when (and nodes-at net)
    (throw (registry/usage-error "--net is of clusters that we start; --nodes has its own")))
  (when (and nodes-at (next nemesis))
    (throw (registry/usage-error "--nodes takes one nemesis a run: the next would find its keys")))
  (let [opts (-> (merge always (profiles profile)
                        (when nodes-at {:system [:own] :nemesis [:none]})
                        given
                        (when schedule {:nemesis [:schedule]}))
                 (demanded given))]
    (workload/must-apply! (assoc opts :workloads (workloads-of opts)))
    opts))

(defn plan
  "The cells of a run, in order: the same faults for each system, with the same seed.
  needed: fault name -> the least seconds of load in which it shows anything."
  [{:keys [system nemesis time-s] :as opts} needed]
  (vec (for [n nemesis, s system]
         (-> (select-keys opts (into [:seed :rate :kills :clients :style :net :nodes-count
                                      :workloads :schedule :own]
                                     (keys workload/variants)))
             (assoc :system s :nemesis n :workloads (workloads-of opts n)
                    :time-s (max time-s (needed n 0)))))))

(defn raised
  "What to say of the faults that get more load than opts have; needed as for `plan`."
  [{:keys [nemesis time-s]} needed]
  (for [n nemesis :let [least (needed n 0)] :when (< time-s least)]
    (str (name n) " needs " least " s of load, not " time-s ": raised")))

(defn minutes
  "About how long a plan takes."
  [cells]
  (/ (reduce + (map #(+ seconds-around (:time-s %)) cells)) 60.0))
