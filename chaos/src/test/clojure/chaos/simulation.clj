(ns chaos.simulation
  "Runs a generator in simulated time: no thread, no clock, no socket."
  (:require [chaos.generator :as gen]))

(defn- due [pending] (first (sort-by (juxt :completes (comp str :process)) pending)))

(defn run
  "The operations of gen, invocations and completions, when every operation on threads takes
  (latency-ns op) and ends as (outcome op) says. Stops after limit steps."
  [{:keys [threads latency-ns outcome limit] :or {limit 100000}} gen]
  (loop [gen gen, now 0, free (set threads), pending [], done [], steps 0]
    (let [answer (gen/op gen {:time now :threads threads :free free
                              :workers (zipmap threads threads)})
          wait?  (= :wait (first answer))]
      (cond
        (< limit steps)                        (throw (ex-info "the generator does not end" {}))
        (and (nil? answer) (empty? pending))   done

        (and answer (not wait?))
        (let [[op gen'] answer]
          (recur gen' now (disj free (:process op))
                 (conj pending (assoc op :completes (+ now (latency-ns op))))
                 (conj done op) (inc steps)))

        :else
        (let [next-op (due pending)
              until   (when wait? (second answer))
              gen'    (if wait? (nth answer 2) nil)]
          (if (and next-op (or (nil? until) (<= (:completes next-op) until)))
            (recur gen' (:completes next-op) (conj free (:process next-op))
                   (vec (remove #{next-op} pending))
                   (conj done (-> next-op (dissoc :completes)
                                  (assoc :type (outcome next-op) :time (:completes next-op))))
                   (inc steps))
            (if until
              (recur gen' (max now until) free pending done (inc steps))
              (throw (ex-info "the generator waits for nothing" {:gen gen})))))))))

(def perfect
  "Four clients and a nemesis; every operation takes a millisecond and succeeds."
  {:threads [0 1 2 3 :nemesis] :latency-ns (constantly 1000000) :outcome (constantly :ok)})

(defn invocations [ops] (filterv #(= :invoke (:type %)) ops))
