(ns chaos.workload.rotation
  "Keys that give way to new ones, because the cost of checking a key grows faster than its
  operations. Several keys live side by side, one in each slot, long enough to see a fault
  from before to after; slots change their keys at different times. Keys are numbers, none is
  ever used again.")

(def life-s "How long a key lives." 8)

(defn slots
  "How many slots it takes for ops-per-s operations a second to be about key-ops on each key;
  a multiple of groups, at least one for each."
  [ops-per-s key-ops groups]
  (let [wanted (/ (* ops-per-s life-s) key-ops)]
    (* groups (max 1 (long (Math/ceil (/ wanted groups)))))))

(defn- generation [slots slot s]
  (long (Math/floor (+ (/ s life-s) (/ slot (double slots))))))

(defn key-at
  "The key that lives in slot at s seconds."
  [slots slot s]
  (+ slot (* slots (generation slots slot s))))

(defn keys-until
  "Every key that was alive at some time up to s seconds, in order."
  [slots s]
  (sort (for [slot (range slots), g (range (inc (generation slots slot s)))]
          (+ slot (* slots g)))))
