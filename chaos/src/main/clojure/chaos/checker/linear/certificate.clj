(ns chaos.checker.linear.certificate
  "What shows that an object is not linearizable, small enough to read.

  First the history is cut at the return where it became impossible: up to the return before
  it an order exists. Then operations are left out, many at a time and then one by one, as long
  as what is left stays impossible. Only such operations go whose absence cannot itself be the
  reason: those that never change a state, and effects that nothing left can notice
  (:removable of the model). So what the few operations show holds for the whole history.

  It is small, not smallest: an operation may stay because two would have to go together, or
  because the search for smaller ones has a limit. Of a mutex nothing can be left out soundly,
  so its certificate is all of the history up to the cut."
  (:require [chaos.checker.linear.brute :as brute]
            [chaos.checker.linear.models :as models]
            [chaos.checker.linear.operations :as operations]
            [chaos.checker.linear.wgl :as wgl]
            [clojure.string :as str]))

(def ^:private runs-max "searches made to shrink one certificate" 400)
(def ^:private steps-max "of each of them" 20000)
(def ^:private confirm-states-max 300000)

(defn- impossible? [model operations]
  (false? (:valid? (wgl/check model operations {:steps-max steps-max}))))

(defn- spare
  "Predicate: operations that may all be left out at once."
  [{:keys [pure? removable]} operations]
  (let [unnoticed? (removable operations)]
    (fn [op] (or (pure? op) (unnoticed? op)))))

(defn- without
  "The operations without the spare ones among those at from..from+chunk."
  [model operations from chunk]
  (let [spare? (spare model operations)
        [before others] (split-at from operations)
        [part after]    (split-at chunk others)]
    (vec (concat before (remove spare? part) after))))

(defn- pass
  "One walk over the operations in chunks; returns what is left and the searches left."
  [model operations chunk runs]
  (loop [operations operations, from (long 0), runs (long runs)]
    (if (or (<= (count operations) from) (zero? runs))
      [operations runs]
      (let [fewer (without model operations from chunk)]
        (cond
          (= (count fewer) (count operations)) (recur operations (+ from (long chunk)) runs)
          (impossible? model fewer)            (recur fewer from (dec runs))
          :else (recur operations (+ from (long chunk)) (dec runs)))))))

(defn- shrink [model operations]
  (loop [operations operations, chunk (quot (inc (count operations)) 2), runs runs-max]
    (let [[fewer runs] (pass model operations (max 1 chunk) runs)]
      (if (or (zero? runs) (and (<= chunk 1) (= (count fewer) (count operations))))
        fewer
        (recur fewer (quot chunk 2) runs)))))

(defn- minimal
  "[operations, the one that is stuck]: cut and shrunk until neither finds more."
  [model operations stuck]
  (let [cut   (operations/until model operations (:return stuck))
        fewer (shrink model cut)
        stuck (or (:stuck (wgl/check model fewer {:steps-max steps-max})) stuck)]
    (if (= (count fewer) (count operations))
      [fewer stuck]
      (recur model fewer stuck))))

(defn- said [{:keys [f value type]}]
  (str (name f)
       (when (or (some? value) (= :read f)) (str " " (pr-str value)))
       (when (= :fail type) " (compared, and failed)")))

(defn- explanation [{stuck :f :as operation} order state]
  (str "By the time " (said operation) " of process " (:process operation) " returned, no order"
       " explains it. The longest that explains all before it: "
       (if (seq order) (str/join ", " (map said order)) "nothing")
       (when-not (contains? #{:acquire :release} stuck)
         (str "; then the value is " (pr-str (if (vector? state) (first state) state))))
       "."))

(defn certificate
  "The certificate of operations (all of one object) that became impossible at the return of
  `stuck`. `initial` is what the model was made with."
  [{:keys [init step] :as model} initial operations stuck]
  (let [[kept stuck] (minimal model operations stuck)
        before       (operations/until model kept (dec (:return stuck)))
        order        (:order (wgl/check model before {:steps-max steps-max}))]
    {:class       :nonlinearizable
     :key         (:key stuck)
     :model       (:name model)
     :initial     initial
     :until       (:return stuck)
     :stuck       (:call stuck)
     :ops         (mapv #(assoc (:op %) :value (:value %) :call (:call %) :return (:return %)) kept)
     :order       (mapv :call order)
     :explanation (explanation stuck order (reduce step init order))}))

(defn- unnoticeable?
  "Can `all` lose operations, a few at a time, until only the kept are left, and each time only
  such whose absence nothing notices?"
  [model all kept?]
  (loop [all all]
    (let [spare? (spare model all)
          fewer  (filterv #(or (kept? %) (not (spare? %))) all)]
      (cond
        (every? kept? fewer)          true
        (= (count fewer) (count all)) false
        :else                         (recur fewer)))))

(defn holds?
  "Does the certificate prove that this history is not linearizable? It is believed in nothing:
  the operations are taken from the history anew, and the order is sought by
  chaos.checker.linear.brute. False also where that search finds no end."
  [history {:keys [key model initial until ops]}]
  (let [model (models/model model initial)
        all   (into [] (filter #(= key (:key %))) (operations/operations model history))
        cut   (operations/until model all until)
        shown (into #{} (map (juxt :call :return :f :value)) ops)
        kept? (comp boolean shown (juxt :call :return :f :value))
        kept  (filterv kept? cut)]
    (and (= (count shown) (count kept))
         (unnoticeable? model cut kept?)
         (if (<= (count kept) 8)
           (not (brute/linearizable? model kept))
           (false? (brute/confirm model kept confirm-states-max))))))
