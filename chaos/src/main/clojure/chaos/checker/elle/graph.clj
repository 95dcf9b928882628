(ns chaos.checker.elle.graph
  "Directed graphs with kinds of edges, {kind {from #{to ...}}}, nodes being integers from 0
  to n - 1: strongly connected components (Tarjan, without recursion, since a history is
  longer than a stack is deep) and shortest paths."
  (:import (java.util ArrayDeque Iterator)))

(set! *warn-on-reflection* true)

(defn edge [graph kind from to] (update-in graph [kind from] (fnil conj #{}) to))

(defn successors [graph kinds from] (mapcat #(get-in graph [% from]) kinds))

(defn kind-of
  "The first of kinds in which there is an edge, or nil."
  [graph kinds from to]
  (some #(when (contains? (get-in graph [% from]) to) %) kinds))

(defn- pop-component! [^ArrayDeque stack ^booleans on v]
  (loop [component []]
    (let [w (long (.pop stack))]
      (aset on w false)
      (if (= w v) (conj component w) (recur (conj component w))))))

(defn components
  "Strongly connected components of more than one node, as sets, over the kinds."
  [graph kinds n]
  (let [index (int-array n -1)
        low   (int-array n)
        on    (boolean-array n)
        stack (ArrayDeque.)
        work  (ArrayDeque.)
        next! (let [counter (volatile! -1)] #(vswap! counter inc))
        open! (fn [v]
                (let [i (int (next!))]
                  (aset index (int v) i)
                  (aset low (int v) i)
                  (aset on (int v) true)
                  (.push stack v)
                  (.push work [v (.iterator ^Iterable (vec (successors graph kinds v)))])))
        lower! (fn [v to] (aset low (int v) (min (aget low (int v)) (int to))))]
    (loop [root 0, found []]
      (if-let [[v ^Iterator more] (.peek work)]
        (if (.hasNext more)
          (let [w (int (.next more))]
            (cond (neg? (aget index w)) (open! w)
                  (aget on w)           (lower! v (aget index w)))
            (recur root found))
          (do (.pop work)
              (when-let [[u] (.peek work)] (lower! u (aget low (int v))))
              (recur root
                     (if (= (aget low (int v)) (aget index (int v)))
                       (let [component (pop-component! stack on v)]
                         (cond-> found (next component) (conj (set component))))
                       found))))
        (cond (= root n)               found
              (neg? (aget index root)) (do (open! root) (recur (inc root) found))
              :else                    (recur (inc root) found))))))

(defn- walked-back [came-from to]
  (vec (reverse (take-while some? (iterate came-from to)))))

(defn path
  "A shortest path [from ... to] over the kinds within the set of nodes, or nil."
  [graph kinds within from to]
  (loop [queue (conj clojure.lang.PersistentQueue/EMPTY from), came-from {from nil}]
    (when-let [v (peek queue)]
      (if (= v to)
        (walked-back came-from to)
        (let [fresh (distinct (filter #(and (within %) (not (contains? came-from %)))
                                      (successors graph kinds v)))]
          (recur (into (pop queue) fresh)
                 (into came-from (map #(vector % v)) fresh)))))))
