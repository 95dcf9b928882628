(ns chaos.checker.elle.cycles
  "Cycles of transactions: each would have to come before itself. A cycle is named by what it
  is made of (Adya's phenomena):

    :G0        only :ww
    :G1c       :ww and :wr
    :G-single  exactly one :rw
    :G2        two :rw or more

  with -process or -realtime appended when it needs such an edge; without them it stands
  whatever the clocks and the processes did.

  In each strongly connected component one short cycle of each name is sought: from every
  edge that makes the name, at most `tried-max` of them spread over the component, a
  shortest way back. So :count is of components, and a name may go unfound in a large one;
  but a component never goes unreported."
  (:require [chaos.checker.elle.graph :as graph]
            [clojure.string :as str]))

(def ^:private tried-max 500)

(def ^:private dependencies [:ww :wr :rw])
(def ^:private all-kinds [:ww :wr :rw :process :realtime])

(def ^:private searches
  (for [[suffix extra]         [["" []] ["-process" [:process]] ["-realtime" [:process :realtime]]]
        [base through way-back] [["G0" :ww [:ww]]
                                 ["G1c" :wr [:ww :wr]]
                                 ["G-single" :rw [:ww :wr]]
                                 ["G2" :rw [:ww :wr :rw]]]]
    {:class (keyword (str base suffix)) :through through :way-back (into way-back extra)}))

(defn class-of
  "The name of a cycle with edges of these kinds."
  [kinds]
  (let [kinds (frequencies kinds)]
    (keyword (str (case (long (min 2 (:rw kinds 0)))
                    0 (if (:wr kinds) "G1c" "G0")
                    1 "G-single"
                    2 "G2")
                  (cond (:realtime kinds) "-realtime" (:process kinds) "-process")))))

(defn- cycle-through
  "[[from to kind] ...] that begins with a, b and comes back to a, or nil."
  [graph adjacency through way-back [a b]]
  (when-let [back (graph/path adjacency b a)]
    (into [[a b through]]
          (map (fn [[from to]] [from to (graph/kind-of graph way-back from to)]))
          (partition 2 1 back))))

(defn- class-of-steps [steps] (class-of (map peek steps)))

(defn- edges-within [graph kind within]
  (for [a (sort within), b (sort (get-in graph [kind a])) :when (within b)] [a b]))

(defn- spread [edges] (take-nth (max 1 (quot (count edges) tried-max)) edges))

(defn- shortest [a b] (if (and a (<= (count a) (count b))) a b))

(defn- search
  "One cycle of the class for each component that shows one."
  [graph n {:keys [class through way-back]}]
  (let [back (graph/adjacency graph way-back n)]
    (for [within (graph/components (graph/adjacency graph (cons through way-back) n))
          :let [found (reduce (fn [best edge]
                                (if (= 2 (count best))
                                  (reduced best)
                                  (let [steps (cycle-through graph back through way-back edge)]
                                    (if (and steps (= class (class-of-steps steps)))
                                      (shortest best steps)
                                      best))))
                              nil
                              (spread (edges-within graph through within)))]
          :when found]
      found)))

(defn- any-cycle [graph adjacency within]
  (some (fn [kind]
          (some #(cycle-through graph adjacency kind all-kinds %)
                (edges-within graph kind within)))
        dependencies))

(defn cycles
  "Cycles of a graph over n nodes, each [[from to kind] ...]."
  [graph n]
  (let [found   (vec (mapcat #(search graph n %) searches))
        touched (into #{} (mapcat #(map first %)) found)
        all     (graph/adjacency graph all-kinds n)]
    (into found (comp (remove #(some touched %)) (map #(any-cycle graph all %)))
          (graph/components all))))

;; ---- certificates ----

(defn- because [a b {:keys [edge key before after value read next process completed invoked]}]
  (case edge
    :ww       (str a " appended " before " to key " key " right before " b " appended " after)
    :wr       (str b " read key " key " up to " value ", which " a " appended")
    :rw       (str a " read key " key " as " read ", without the " next " that " b " appended next")
    :process  (str "process " process " ran " a " before " b)
    :realtime (str a " was acknowledged (" completed ") before " b " was invoked (" invoked ")")))

(defn- explanation [steps]
  (let [names (mapv #(str "T" (inc %)) (range (count steps)))
        parts (map-indexed (fn [i step]
                             (let [a (names i), b (names (mod (inc i) (count names)))]
                               (str a " < " b ", because " (because a b step))))
                           steps)]
    (str (str/join "; " parts) ": a contradiction")))

(defn certificate
  "A cycle as data: each step is the operation, the kind of its edge to the next operation
  (from the last to the first), and what shows the edge."
  [txns details steps]
  (let [shown (mapv (fn [[from to kind]]
                      (merge {:op (:op (txns from)) :edge kind} (details [kind from to])))
                    steps)]
    {:class       (class-of-steps steps)
     :ops         (mapv :op shown)
     :cycle       shown
     :explanation (explanation shown)}))
