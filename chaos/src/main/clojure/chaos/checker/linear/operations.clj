(ns chaos.checker.linear.operations
  "A history as intervals. An operation is
    {:f :value :type :process :key :call :return :op}
  :call and :return are indexes in the history; :return is nil for an operation that may still
  take effect at any later time, or never (it ended :info, or not at all). :op is the completion
  as it stands in the history, or the invocation where there is none.

  Left out: what certainly did not happen (:fail), and open operations that have no effect and
  told nothing. A compare-and-set that failed with `:error :mismatch` stays: it certainly saw
  another value than the one it expected. An unmarked :fail tells nothing.

  The order is that of the history, not of :time: clocks of one harness may repeat a value."
  (:require [chaos.history :as history])
  (:import (java.util ArrayList HashMap)))

(defn- observed-failure? [op]
  (and (= :cas (:f op)) (= :fail (:type op)) (= :mismatch (:error op))))

(defn- operation [{:keys [outputs]} invocation completion]
  (let [closed? (or (= :ok (:type completion)) (observed-failure? completion))]
    {:f       (:f invocation)
     :value   (:value (if (and closed? (contains? outputs (:f invocation)))
                        completion
                        invocation))
     :type    (if closed? (:type completion) :info)
     :process (:process invocation)
     :key     (:key invocation)
     :call    (:index invocation)
     :return  (when closed? (:index completion))
     :op      (or completion invocation)}))

(defn- kept? [{:keys [pure?]} {:keys [return] :as operation}]
  (or return (not (pure? operation))))

(defn- pairs
  "[invocation completion-or-nil] of every operation that was invoked, oldest call first. A
  process that invokes again leaves its earlier operation open."
  [history]
  (let [calls (ArrayList.), ends (ArrayList.), open (HashMap.)]
    (reduce (fn [^long i {:keys [process type index] :as op}]
              (let [op (if index op (assoc op :index i))]
                (cond
                  (not (history/client-op? op)) nil
                  (= :invoke type)              (do (.put open process (.size calls))
                                                    (.add calls op)
                                                    (.add ends nil))
                  :else                         (when-let [at (.remove open process)]
                                                  (.set ends (int at) op))))
              (inc i))
            0 history)
    (mapv vector calls ends)))

(defn operations
  "The operations of a history that the model must explain, oldest call first. Operations the
  model does not know are left out; they belong to somebody else."
  [{:keys [fs] :as model} history]
  (into []
        (comp (filter (fn [[invocation _]] (contains? fs (:f invocation))))
              (remove (fn [[_ completion]]
                        (and (= :fail (:type completion)) (not (observed-failure? completion)))))
              (map (fn [[invocation completion]] (operation model invocation completion)))
              (filter #(kept? model %)))
        (pairs history)))

(defn until
  "The operations as they stood when the history had come to `index`: later calls are not yet
  there, and what returned later is still open. A comparison that fails later is not there
  either: it will never have had an effect."
  [model operations index]
  (into []
        (comp (filter #(<= (:call %) index))
              (map (fn [{:keys [return] :as operation}]
                     (if (and return (< index return))
                       (cond-> (assoc operation :return nil)
                         (= :ok (:type operation)) (assoc :type :info))
                       operation)))
              (filter #(kept? model %)))
        operations))
