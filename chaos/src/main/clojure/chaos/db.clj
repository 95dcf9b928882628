(ns chaos.db
  "Systems under test, by name. A system says how its servers and sentinels are configured
  and started; everything else (files, processes, faults, waiting) is the same for all and
  lives in `chaos.cluster`. A new system is one namespace under chaos.db.* and one line in
  `systems`."
  (:require [chaos.db.own :as own]
            [chaos.db.stock :as stock]
            [chaos.db.watchword :as watchword]
            [chaos.registry :as registry]))

(def systems
  "System name -> function of no arguments giving a `chaos.db.system/Database`."
  {:own       own/system
   :stock     stock/system
   :watchword watchword/system})

(defn parse
  "Turns \"watchword,stock\" into systems by name, in that order."
  [text]
  (registry/parse "system" systems {} text))
