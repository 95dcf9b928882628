(ns chaos.nemesis.times
  "When faults begin and end, in seconds after the load begins, drawn by seed. A fault ends at
  least `stale-window-s` before the load does: a stock master that was cut off keeps
  acknowledging for 10.0 to 10.6 s after the heal, and a shorter wait would not see it."
  (:require [chaos.generator :as gen]
            [chaos.random :as random]))

(def stale-window-s 12)

(def time-s-min "The shortest load in which a fault fits beside that window." 20)

(defn window
  "{:start :end} of one fault that lasts length-s seconds if there is time for that."
  [{:keys [seed time-s]} fault length-s]
  (let [start (random/between 2.5 4.5 seed fault :start)]
    {:start start :end (min (+ start length-s) (- time-s stale-window-s))}))

(defn until-window
  "gen, but nothing of it later than the window of the end."
  [{:keys [time-s]} gen]
  (gen/time-limit (- time-s stale-window-s) gen))

(defn once
  "A generator for one fault: op at the start of the window, way back at its end."
  [{:keys [start end]} op way-back]
  (gen/schedule [[start op] [end way-back]]))
