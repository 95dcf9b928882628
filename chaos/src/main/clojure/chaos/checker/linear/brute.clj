(ns chaos.checker.linear.brute
  "Linearizability by its definition, written without a thought of speed: is there an order of
  the operations in which each is legal, and which never puts an operation before one that had
  returned when it was called? Operations without a return may stand anywhere after their call,
  or be missing.

  `linearizable?` walks through the permutations and is meant for at most eight operations;
  `confirm` remembers which (operations left, state) failed and reaches a few dozen. Neither
  shares code with chaos.checker.linear.wgl, which is checked against them.")

(defn- first-of?
  "Could op stand before all others that are left?"
  [left op]
  (not-any? #(and (:return %) (< (:return %) (:call op))) left))

(defn- without [left op] (filterv #(not (identical? op %)) left))

(defn- orderable? [step state left]
  (or (not-any? :return left)
      (boolean (some (fn [op]
                       (when (first-of? left op)
                         (when-let [after (step state op)]
                           (orderable? step after (without left op)))))
                     left))))

(defn linearizable?
  "True when some order of the operations explains them."
  [{:keys [init step]} operations]
  (orderable? step init (vec operations)))

(defn confirm
  "false when no order explains the operations, true when one does, nil when that took more
  than states-max steps to find out."
  [{:keys [init step]} operations states-max]
  (loop [stack (list [init (vec operations)]), seen #{}]
    (if-let [[state left] (peek stack)]
      (let [key [state (mapv :call left)]]
        (cond
          (not-any? :return left)       true
          (< states-max (count seen))   nil
          (contains? seen key)          (recur (pop stack) seen)
          :else
          (recur (into (pop stack)
                       (keep (fn [op]
                               (when (first-of? left op)
                                 (when-let [after (step state op)]
                                   [after (without left op)]))))
                       left)
                 (conj seen key))))
      false)))
