(ns chaos.checker.elle.graph
  "Directed graphs with kinds of edges, {kind {from #{to ...}}}, nodes being integers from 0
  to n - 1: strongly connected components (Tarjan, without recursion, since a history is
  longer than a stack is deep) and shortest paths."
  (:import (java.util ArrayDeque)))

(set! *warn-on-reflection* true)

(defn edge [graph kind from to] (update-in graph [kind from] (fnil conj #{}) to))

(defn kind-of
  "The first of kinds in which there is an edge, or nil."
  [graph kinds from to]
  (some #(when (contains? (get-in graph [% from]) to) %) kinds))

(defn adjacency
  "Node -> int array of its successors over the kinds, each once: what the searches below
  walk, many times over."
  ^objects [graph kinds n]
  (object-array
   (map (fn [from] (int-array (sort (into #{} (mapcat #(get-in graph [% from])) kinds))))
        (range n))))

(defn- pop-component! [^ArrayDeque stack ^booleans on v]
  (loop [component []]
    (let [w (long (.pop stack))]
      (aset on w false)
      (if (= w v) (conj component w) (recur (conj component w))))))

(defn components
  "Strongly connected components of more than one node, as sets."
  [^objects adjacency]
  (let [n     (alength adjacency)
        index (int-array n -1)
        low   (int-array n)
        on    (boolean-array n)
        at    (int-array n)
        stack (ArrayDeque.)
        work  (ArrayDeque.)
        next! (let [counter (volatile! -1)] #(vswap! counter inc))
        open! (fn [^long v]
                (let [i (int (next!))]
                  (aset index v i)
                  (aset low v i)
                  (aset on v true)
                  (.push stack v)
                  (.push work v)))
        lower! (fn [^long v ^long to] (aset low v (min (aget low v) (int to))))]
    (loop [root 0, found []]
      (if-let [v (.peek work)]
        (let [v     (long v)
              nexts ^ints (aget adjacency v)
              i     (aget at v)]
          (if (< i (alength nexts))
            (let [w (aget nexts i)]
              (aset at v (inc i))
              (cond (neg? (aget index w)) (open! w)
                    (aget on w)           (lower! v (aget index w)))
              (recur root found))
            (do (.pop work)
                (when-let [u (.peek work)] (lower! u (aget low v)))
                (recur root
                       (if (= (aget low v) (aget index v))
                         (let [component (pop-component! stack on v)]
                           (cond-> found (next component) (conj (set component))))
                         found)))))
        (cond (= root n)               found
              (neg? (aget index root)) (do (open! root) (recur (inc root) found))
              :else                    (recur (inc root) found))))))

(defn- walked-back [^ints came-from ^long from ^long to]
  (loop [v to, walked (list to)]
    (if (= v from)
      (vec walked)
      (let [before (long (aget came-from v))] (recur before (conj walked before))))))

(defn path
  "A shortest path [from ... to], or nil."
  [^objects adjacency from to]
  (let [came-from (int-array (alength adjacency) -1)
        queue     (ArrayDeque.)]
    (aset came-from (int from) (int from))
    (.add queue from)
    (loop []
      (when-let [v (.poll queue)]
        (if (= v to)
          (walked-back came-from (long from) (long to))
          (let [^ints nexts (aget adjacency (int v))]
            (dotimes [i (alength nexts)]
              (let [w (aget nexts i)]
                (when (neg? (aget came-from w))
                  (aset came-from w (int v))
                  (.add queue w))))
            (recur)))))))
