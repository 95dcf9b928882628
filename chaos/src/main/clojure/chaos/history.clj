(ns chaos.history
  "A history is a vector of operations {:index :time :type :process :f :value}, in the
  order in which the harness saw them. :time is nanoseconds since the run began.

  Client processes are integers. Each invocation (:type :invoke) is followed by at most
  one completion of the same process: :ok (it happened), :fail (it certainly did not) or
  :info (nobody knows). The nemesis writes :info twice, when a fault begins and when it is
  in place. Observers (:sentinel, :role, :mesh) write single :info events.

  This namespace only sorts and pairs; what a history means is for the checkers.")

(defn client-op? [op] (integer? (:process op)))

(defn seconds [op] (/ (:time op) 1e9))

(defn of-workload
  "What the checker of a workload sees: its own client operations, and all that is nobody's
  operation (nemesis, observers). The indices stay those of the whole history."
  [history workload]
  (filterv #(or (not (client-op? %)) (= workload (:workload %))) history))

(defn all-completions
  "Completions of the client operations for which wanted? holds, each with :invoked (the time
  of its invocation). An operation still open when the history ends completes as :info at the
  last time seen: nobody knows what became of it."
  [history wanted?]
  (let [end (:time (peek history) 0)]
    (loop [ops (seq history), open {}, done (transient [])]
      (if-let [[op & more] ops]
        (cond
          (not (and (client-op? op) (wanted? op)))
          (recur more open done)

          (= :invoke (:type op))
          (recur more (assoc open (:process op) op) done)

          :else
          (recur more
                 (dissoc open (:process op))
                 (conj! done (assoc op :invoked (:time (open (:process op)) (:time op))))))
        (into (persistent! done)
              (map #(assoc % :type :info :invoked (:time %) :time end :error :never-completed))
              (sort-by :index (vals open)))))))

(defn completions
  "As all-completions, of the operations on f."
  [history f]
  (all-completions history #(= f (:f %))))

(defn load-completions
  "As all-completions, of what clients did while faults happened: not the final reads."
  [history]
  (all-completions history #(not= :final-read (:f %))))

(defn events
  "The events of one observer or of the nemesis, in order."
  [history process]
  (filterv #(= process (:process %)) history))

(defn faults
  "Nemesis operations that are in place, in order, each with :invoked, the time at which the
  nemesis set about it."
  [history]
  (->> (events history :nemesis)
       (partition 2 1)
       (filter (fn [[_ op]] (:done? op)))
       (mapv (fn [[begun op]] (assoc op :invoked (:time begun))))))

(defn first-at
  "The first operation at or after time t for which pred holds."
  [history t pred]
  (first (filter #(and (<= t (:time %)) (pred %)) history)))
