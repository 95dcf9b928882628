(ns chaos.progress-test
  (:require [chaos.progress :as progress]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is]]))

(deftest should-draw-what-is-done-of-all
  (are [text done n] (= text (progress/bar done n))
    "[--------------------] 0/4" 0 4
    "[##########----------] 2/4" 2 4
    "[####################] 4/4" 4 4))

(deftest should-count-what-clients-met-and-say-what-the-nemesis-did
  (let [tally (progress/tally 2)]
    (progress/begin-cell! tally "stock / kill")
    (doseq [type [:ok :ok :fail :info]] (progress/note! tally {:process 1 :type type}))
    (progress/note! tally {:process :nemesis :type :info :f :kill-master :value {:killed 3}})
    (let [line (progress/line @tally (+ 2500000000 (:cell-began @tally)))]
      (are [part] (str/includes? line part)
        "0/2" "stock / kill" "2.5 s" "2 ok" "1 refused" "1 unsure" "kill-master n3"))
    (progress/end-cell! tally)
    (is (str/includes? (progress/line @tally 0) "1/2"))))
