(ns chaos.workload-test
  (:require [chaos.results :as results]
            [chaos.workload :as workload]
            [clojure.test :refer [deftest is]]))

(deftest should-say-which-variant-ran-and-which-did-not
  (let [opts {:workloads [:set :register :durability] :fsync :no}]
    (is (= {:cas :watch :fsync :no} (workload/chosen opts)))
    (is (= ["workload register --cas lua" "workload durability --fsync always"
            "workload durability --fsync everysec"]
           (map :what (workload/not-chosen opts))))
    (is (= {} (workload/chosen {:workloads [:set]})))
    (is (= {:lists :rpush :release :watch}
           (workload/chosen {:workloads [:lock :list-append] :lists :rpush}))))
  (is (= {:fsync :everysec}
         (:variants (results/cell {:workloads [{:workload :durability}] :fsync :everysec
                                   :cas :lua :operations 0})))))
