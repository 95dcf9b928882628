(ns chaos.checker.counter
  "A counter of positive adds. What a reading shows must lie between two sums:

    lower  adds acknowledged before the reading was invoked, which must be in it
    upper  adds invoked before the reading completed, unless they ended :fail

  below-bounds  less than the lower sum: acknowledged adds are lost, or the reading is stale
  above-bounds  more than the upper sum: something was counted twice, or was refused and
                counted, which no lag explains

  An add's own answer (:after) is a reading too, in which the add itself is certain. Inside the
  bounds the checker is blind: an unsure add may hide a lost one."
  (:require [chaos.checker :as checker]
            [chaos.history :as history]))

(defn- failed-adds
  "Indexes of the invocations of adds that certainly did not happen."
  [history]
  (loop [ops (seq history), open {}, failed #{}]
    (if-let [[{:keys [f type process index]} & more] ops]
      (cond (not= :add f)     (recur more open failed)
            (= :invoke type)  (recur more (assoc open process index) failed)
            (= :fail type)    (recur more open (conj failed (open process)))
            :else             (recur more open failed))
      failed)))

(defn- bounds-of
  "Each completed reading as {:op :invocation :seen :lower :upper}, in one walk."
  [history]
  (let [failed (failed-adds history)]
    (loop [ops (seq (filter history/client-op? history)), open {}, acked 0, tried 0, found []]
      (if-let [[{:keys [f type process value index after] :as op} & more] ops]
        (if (= :invoke type)
          (recur more
                 (assoc open process {:op op :acked acked})
                 acked
                 (if (and (= :add f) (not (failed index))) (+ tried value) tried)
                 found)
          (let [{invocation :op before :acked} (open process)
                own  (if (= :add f) value 0)
                seen (if (= :add f) after value)]
            (recur more
                   (dissoc open process)
                   (if (and (= :add f) (= :ok type)) (+ acked value) acked)
                   tried
                   (if (and (= :ok type) seen)
                     (conj found {:op op :invocation invocation :seen seen
                                  :lower (+ before own) :upper tried})
                     found))))
        found))))

(defn- certificate [{:keys [op invocation seen lower upper]}]
  {:class (if (< seen lower) :below-bounds :above-bounds)
   :ops [invocation op] :seen seen :lower lower :upper upper
   :explanation (str (if (= :add (:f op)) "an add answered " "a read saw ") seen
                     ", which is "
                     (if (< seen lower)
                       (str "less than the " lower " acknowledged before it began")
                       (str "more than the " upper " tried before it ended")))})

(defn check [history _]
  (let [adds     (history/completions history :add)
        reads    (history/completions history :read)
        readings (bounds-of history)
        wrong    (remove (fn [{:keys [lower seen upper]}] (<= lower seen upper)) readings)
        final    (last (filter (comp :final? :op) readings))
        sum      (fn [types] (reduce + (map :value (filter (comp types :type) adds))))]
    {:valid?    (cond (seq wrong) false (nil? final) :unknown :else true)
     :because   (when (nil? final) "the counter could not be read at the end")
     :complete? (some? final)
     :anomalies (checker/anomalies (map certificate wrong))
     :counts    (merge (checker/outcomes (concat adds reads))
                       {:readings     (count readings)
                        :acknowledged (sum #{:ok})
                        :possible     (sum #{:ok :info})
                        :final        (:seen final)
                        :missing      (when final (max 0 (- (:lower final) (:seen final))))})}))

(defn recheck
  "Whether the two operations of the certificate stand in the history and what was seen lies
  outside the sums, added up anew."
  [history {[invocation op] :ops class :class}]
  (let [began (into {} (for [{:keys [type process time index]} history :when (= :invoke type)]
                         [[process time] index]))
        adds  (history/completions history :add)
        add?  (= :add (:f op))
        sum   (fn [pred] (reduce + (map :value (filter pred adds))))
        lower (+ (if add? (:value op) 0)
                 (sum #(and (= :ok (:type %)) (< (:index %) (:index invocation)))))
        upper (sum #(and (not= :fail (:type %))
                         (< (began [(:process %) (:invoked %)]) (:index op))))]
    (and (= :ok (:type op))
         (= [:invoke (:process op)] [(:type invocation) (:process invocation)])
         (every? #(checker/stands? history %) [invocation op])
         (let [seen (if add? (:after op) (:value op))]
           (case class
             :below-bounds (< seen lower)
             :above-bounds (< upper seen))))))
