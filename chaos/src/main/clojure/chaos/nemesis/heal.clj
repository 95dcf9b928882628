(ns chaos.nemesis.heal
  "The way back of every fault of the network: all rules go at once. When a master had been
  taken away from the others, the first contact of their sentinels with it is tapped."
  (:require [chaos.cluster :as cluster]
            [chaos.net :as net]
            [chaos.observer :as observer]))

(defn master!
  "The node that most sentinels name as master; throws without one, so that no fault hits
  nobody and counts as done."
  [cluster]
  (or (cluster/primary cluster) (throw (ex-info "the sentinels name no master" {}))))

(defn heal! [{:keys [cluster report state]} _]
  (let [old (:isolated @state)]
    (when old (observer/tap! cluster old (remove #{old} (:nodes cluster)) report))
    (net/heal! (:net cluster))
    (swap! state dissoc :isolated)
    {:healed old}))
