(ns chaos.checker.linear.certificate
  "What shows that an object is not linearizable, small enough to read.

  First the history is cut at the return where it became impossible: up to the return before
  it an order exists. Then operations are left out, many at a time and then one by one, as long
  as what is left stays impossible. Only such operations go whose absence cannot itself be the
  reason: those that never change a state, effects that nothing left can notice (:removable of
  the model), and what was certainly overwritten before anything left could notice. So what the
  few operations show holds for the whole history.

  It is small, not smallest: an operation may stay because two would have to go together, or
  because the search for smaller ones has a limit. Of a mutex nothing can be left out soundly,
  so its certificate is all of the history up to the cut."
  (:require [chaos.checker.linear.brute :as brute]
            [chaos.checker.linear.models :as models]
            [chaos.checker.linear.operations :as operations]
            [chaos.checker.linear.wgl :as wgl]
            [clojure.string :as str]))

(def ^:private steps-max "of each search made to shrink a certificate" 20000)
(def ^:private work-max "steps of all of them, and operations looked at" 1000000)
(def ^:private wipes-max "operations tried as the beginning of what is shown" 50)
(def ^:private confirm-states-max 300000)

(defn- impossible? [model operations]
  (false? (:valid? (wgl/check model operations {:steps-max steps-max}))))

(defn- spare
  "Predicate: operations that may all be left out at once."
  [{:keys [pure? removable]} operations]
  (let [unnoticed? (removable operations)]
    (fn [op] (or (pure? op) (unnoticed? op)))))

(defn- since
  "The operations without those that returned before `wipe` was called, which leaves nothing of
  what they did; of them only the blind ones stay that keep? wants. nil where one of the others
  could notice what was before the wipe, or where keep? wants one that could."
  [{:keys [blind?]} operations wipe keep?]
  (let [earlier?   #(and (:return %) (< (:return %) (:call wipe)))
        noticing?  #(and (not (blind? %))
                         (if (earlier? %) (keep? %) (< (:call %) (:return wipe))))]
    (when-not (some noticing? operations)
      (filterv #(or (not (earlier? %)) (keep? %)) operations))))

(defn- wipes [{:keys [blind?]} operations]
  (filter #(and (blind? %) (:return %)) operations))

(defn- without
  "The operations without the spare ones among those at from..from+chunk, but for the pinned."
  [model operations pinned [from chunk]]
  (let [spare?          (spare model operations)
        [before others] (split-at from operations)
        [part after]    (split-at chunk others)]
    (vec (concat before
                 (remove #(and (spare? %) (not= pinned (:call %))) part)
                 after))))

(defn- pass
  "One walk over the operations in chunks; returns what is left of them and of the work."
  [model operations pinned [chunk work]]
  (loop [operations operations, from (long 0), work (long work)]
    (if (or (<= (count operations) from) (neg? work))
      [operations work]
      (let [fewer (without model operations pinned [from chunk])]
        (if (= (count fewer) (count operations))
          (recur operations (+ from (long chunk)) work)
          (let [{:keys [valid? steps]} (wgl/check model fewer {:steps-max steps-max})
                left (- work (+ (count operations) (long steps)))]
            (if (false? valid?)
              (recur fewer from left)
              (recur operations (+ from (long chunk)) left))))))))

(defn- late-part
  "[operations wipe]: what is left after the latest wipe that leaves it impossible, for what
  went wrong in a long history is near its end; all of them and nil where there is none. Of
  what was before the wipe one blind operation stays, to show what was there: the last, if
  possible with the value that is stuck."
  [{:keys [pure? blind?] :as model} operations stuck]
  (or (some (fn [wipe]
              (let [before? #(and (:return %) (< (:return %) (:call wipe)))
                    blind   (sort-by (juxt #(= (:value stuck) (:value %)) :return)
                                     (filter #(and (blind? %) (before? %)) operations))
                    others  (remove #(and (pure? %) (< (:call %) (:return wipe))) operations)
                    fewer   (since model others wipe #(identical? (last blind) %))]
                (when (and fewer (impossible? model fewer))
                  [fewer wipe])))
            (take wipes-max (sort-by (comp - :call) (wipes model operations))))
      [operations nil]))

(defn- shrink [model operations pinned]
  (loop [operations operations, chunk (quot (inc (count operations)) 2), work work-max]
    (let [[fewer work] (pass model operations pinned [(max 1 chunk) work])]
      (if (or (neg? work) (and (<= chunk 1) (= (count fewer) (count operations))))
        fewer
        (recur fewer (quot chunk 2) work)))))

(defn- minimal
  "[operations, the one that is stuck, where the history is cut]: shrunk and cut until neither
  finds more. The wipe that hides what was before it has to stay, and so has its return."
  [model operations stuck]
  (let [cut               (operations/until model operations (:return stuck))
        [operations wipe] (late-part model cut stuck)]
    (loop [operations operations, stuck stuck]
      (let [fewer (shrink model operations (:call wipe))
            stuck (or (:stuck (wgl/check model fewer {:steps-max steps-max})) stuck)
            until (max (:return stuck) (:return wipe 0))
            cut   (operations/until model fewer until)]
        (if (= (count cut) (count operations))
          [cut stuck until]
          (recur cut stuck))))))

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
  (let [[kept stuck until] (minimal model operations stuck)
        before (operations/until model kept (dec (:return stuck)))
        order  (:order (wgl/check model before {:steps-max steps-max}))]
    {:class       :nonlinearizable
     :key         (:key stuck)
     :model       (:name model)
     :initial     initial
     :until       until
     :stuck       (:call stuck)
     :ops         (mapv #(assoc (:op %) :value (:value %) :call (:call %) :return (:return %)) kept)
     :order       (mapv :call order)
     :explanation (explanation stuck order (reduce step init order))}))

(defn- less
  "The operations without some that are not kept and whose absence nothing notices."
  [{:keys [pure?] :as model} operations kept?]
  (let [acting (filterv #(or (kept? %) (not (pure? %))) operations)
        late   (or (some (fn [wipe]
                           (let [fewer (since model acting wipe kept?)]
                             (when (and fewer (< (count fewer) (count acting)))
                               fewer)))
                         (wipes model acting))
                   acting)
        spare? (spare model late)]
    (filterv #(or (kept? %) (not (spare? %))) late)))

(defn- unnoticeable?
  "Can `all` lose operations, step by step, until only the kept are left?"
  [model all kept?]
  (loop [all all]
    (let [fewer (less model all kept?)]
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
