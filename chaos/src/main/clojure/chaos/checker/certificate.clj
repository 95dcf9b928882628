(ns chaos.checker.certificate
  "The operations that show a finding, few enough to read, and an independent look at them.
  `holds?` shares no code with the checkers: it walks the raw history once for one element."
  (:import (java.util Collections)))

(def ^:private shown-max 5)

(defn certificate
  "Operations on element e, as they stand in the history: invocation and completion, and of
  each final read only whether it holds e."
  [history e]
  {:element e
   :adds    (filterv #(and (= :add (:f %)) (= e (:value %))) history)
   :reads   (vec (for [op history :when (and (= :read (:f op)) (= :ok (:type op)))]
                   (-> (select-keys op [:index :time :node :role])
                       (assoc :holds? (boolean (some #{e} (:value op)))))))})

(defn certificates [history elements]
  (mapv #(certificate history %) (take shown-max (sort elements))))

(defn holds?
  "Whether the raw history shows that e was acknowledged and that the only node that called
  itself master at the end does not hold it."
  [history e]
  (loop [ops history, acknowledged? false, masters 0, held? false]
    (if-let [op (first ops)]
      (let [ok?     (= :ok (:type op))
            master? (and ok? (= :read (:f op)) (= "master" (:role op)))]
        (recur (rest ops)
               (or acknowledged? (and ok? (= :add (:f op)) (= e (:value op))))
               (if master? (inc masters) masters)
               (or held? (and master? (<= 0 (Collections/binarySearch (:value op) e))))))
      (and acknowledged? (= 1 masters) (not held?)))))
