(ns chaos.checker
  "What every checker shares. A checker is a pure function of a history and options that
  returns data:

    :valid?     true, false or :unknown; :unknown is never a pass
    :anomalies  {class {:count n :shown [certificate, at most ten]}}; :valid? is false if
                and only if there is one. Whether a system may show it is for the verdict.
    :counts     {:ok n :fail n :info n} and the workload's own numbers
    :because    why :unknown

  A certificate is {:class :ops :explanation} and what :recheck of the workload needs: the
  operations of the history that show the anomaly, whole, and one sentence for the reader.")

(def ^:private severity {true 0, :unknown 1, false 2})

(defn merge-valid
  "The worst of several answers: false, then :unknown, then true."
  [answers]
  (reduce (fn [a b] (if (< (severity a) (severity b)) b a)) true answers))

(def shown-max "Certificates shown of a class." 10)

(defn anomalies
  "{class {:count :shown}} of certificates."
  [certificates]
  (into {} (map (fn [[class of]] [class {:count (count of) :shown (vec (take shown-max of))}]))
        (group-by :class certificates)))

(defn outcomes
  "{:ok :fail :info} of completions."
  [completions]
  (merge {:ok 0 :fail 0 :info 0} (frequencies (map :type completions))))

(defn stands?
  "Whether the history holds this very operation."
  [history {:keys [index] :as op}]
  (boolean (some #(and (= index (:index %)) (= op %)) history)))
