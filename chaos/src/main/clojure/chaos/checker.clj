(ns chaos.checker
  "What every checker shares. A checker is a pure function of a history that returns data:
  :valid? (true, false or :unknown), counts, and the operations that show it. :unknown is
  never a pass.")

(def ^:private severity {true 0, :unknown 1, false 2})

(defn merge-valid
  "The worst of several answers: false, then :unknown, then true."
  [answers]
  (reduce (fn [a b] (if (< (severity a) (severity b)) b a)) true answers))
