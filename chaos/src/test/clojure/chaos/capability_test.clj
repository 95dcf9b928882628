(ns chaos.capability-test
  (:require [chaos.capability :as capability]
            [clojure.string :as str]
            [clojure.test :refer [deftest is]]))

(defn- look [need] (get {:tmpfs {:have true :why "disk-full"}
                         :netns {:have false :why "ip: not permitted"}} need))

(deftest should-refuse-nothing-that-can-be-had
  (is (nil? (capability/refusal :kill #{} #{} look)))
  (is (nil? (capability/refusal :disk-full #{:tmpfs :processes} #{:processes} look))))

(deftest should-name-each-thing-that-is-missing-with-its-reason
  (is (= (str "nemesis all-at-once cannot be had here; delays: the chosen network cannot do it; "
              "netns: ip: not permitted; processes: we did not start this cluster")
         (capability/refusal :all-at-once #{:netns :processes :delays :tmpfs} #{} look))))

(deftest should-say-of-each-capability-whether-and-why
  (let [found (capability/probe)]
    (is (= (count found) (count (distinct (map :name found)))))
    (is (every? boolean? (map :have found)))
    (is (not-any? str/blank? (map :why found)))
    (is (= (count found) (count (capability/lines found))))))
