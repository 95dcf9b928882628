(ns chaos.checker.certificate
  "The operations that show what happened to one element of a set, few enough to read, and an
  independent look at them. `holds?` shares no code with the checkers: it walks the raw
  history for one element."
  (:import (java.util Collections)))

(def shown-max 10)

(defn certificate
  "Operations on element e, as they stand in the history: invocations and completions, and
  of each final read, which may hold a hundred thousand elements, only whether it holds e."
  [history class e]
  {:class   class
   :element e
   :ops     (filterv #(and (#{:add :read} (:f %)) (= e (:value %))) history)
   :reads   (vec (for [op history :when (and (= :final-read (:f op)) (= :ok (:type op)))]
                   (-> (select-keys op [:index :time :node :role])
                       (assoc :holds? (boolean (some #{e} (:value op)))))))})

(defn anomaly
  "{:count :shown} of a class and its elements."
  [history class elements]
  {:count (count elements)
   :shown (mapv #(certificate history class %) (take shown-max (sort elements)))})

;; ---- the independent look ----

(defn- has? [{:keys [value]} e] (<= 0 (Collections/binarySearch value e)))

(defn- held-by-the-final-master?
  "true or false; nil when not exactly one node called itself master at the end."
  [finals e]
  (let [masters (filter #(= "master" (:role %)) finals)]
    (when (= 1 (count masters)) (has? (first masters) e))))

(defn- missed-after-acknowledgement?
  "Whether some read that began after the acknowledgement of e did not see it."
  [ops e]
  (loop [ops ops, acknowledged? false, reading #{}]
    (when-let [[{:keys [f type process value] :as op} & more] (seq ops)]
      (cond
        (not= e value)
        (recur more acknowledged? reading)

        (= :add f)
        (recur more (or acknowledged? (= :ok type)) reading)

        (and (= :read f) (= :invoke type))
        (recur more acknowledged? (cond-> reading acknowledged? (conj process)))

        (and (= :ok type) (reading process) (false? (:present? op)))
        true

        :else
        (recur more acknowledged? (disj reading process))))))

(defn holds?
  "Whether the raw history shows of the element what the certificate says."
  [history {:keys [class element]}]
  (let [finals (filterv #(and (= :final-read (:f %)) (= :ok (:type %))) history)
        adds   (into #{} (comp (filter #(and (= :add (:f %)) (= element (:value %)))) (map :type))
                     history)]
    (boolean
     (case class
       :lost       (and (adds :ok) (false? (held-by-the-final-master? finals element)))
       :dirty      (and (adds :fail) (some #(has? % element) finals))
       :unexpected (and (empty? adds) (some #(has? % element) finals))
       :corrupt    (some #(some #{element} (:corrupt %)) finals)
       :divergent  (and (some #(has? % element) finals) (not-every? #(has? % element) finals))
       :stale-read (and (held-by-the-final-master? finals element)
                        (missed-after-acknowledgement? history element))))))
