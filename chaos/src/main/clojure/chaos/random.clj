(ns chaos.random
  "Chance as a pure function. A draw is named by a seed and a path, for example
  `(unit seed :partition :start)`: the same name always gives the same number, no state
  is threaded, and adding a draw elsewhere changes none of the others. That is what lets
  one seed replay a schedule on two systems.

  Not for cryptography, and 32 bits of path are hashed: fine for choosing times and
  orders, too coarse for simulating rare events."
  (:import (java.util SplittableRandom)))

(defn- source
  ^SplittableRandom [seed path]
  (SplittableRandom. (unchecked-add (unchecked-multiply (long seed) 0x5DEECE66D)
                                    (long (hash (vec path))))))

(defn unit
  "A double in [0, 1) named by seed and path."
  [seed & path]
  (.nextDouble (source seed path)))

(defn between
  "A double in [low, high) named by seed and path."
  [low high seed & path]
  (+ low (* (- high low) (apply unit seed path))))

(defn order
  "The items of coll in an order named by seed and path."
  [coll seed & path]
  (let [random (source seed path)
        drawn  (mapv (fn [item] [(.nextLong random) item]) coll)]
    (mapv second (sort-by first drawn))))
