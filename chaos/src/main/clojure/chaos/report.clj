(ns chaos.report)
(defn save! [dir data])
