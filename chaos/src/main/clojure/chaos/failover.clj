(ns chaos.failover (:refer-clojure :exclude [run!]))
(defn run! [_] 0)
