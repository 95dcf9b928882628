(ns chaos.checker.linear.wgl
  "Is there an order of the operations that the model allows and real time does not forbid? The
  search of Wing and Gong (1993) with the memory of Lowe (2017), as in Porcupine: place an
  operation that may come first, go on from the new state, take it back when that leads nowhere,
  and never try again a configuration (operations placed, state) that was tried.

  Three rules keep the search small; each drops only branches that another branch replaces.
  - An operation that never changes a state (a read) is placed as soon as the state allows it:
    from any order that has it later it can be moved to here.
  - Of equal operations that can be placed, only the one that must return first is tried.
  - An open operation that nothing noticed is not wiped out: it could have been left out.

  The problem is NP-complete in general, so there are limits (time, steps, memory), and past
  them the answer is :unknown, which is not a pass."
  (:require [chaos.checker.linear.memory :as memory]
            [chaos.checker.linear.operations :as operations]
            [chaos.checker.linear.position :as position])
  (:import (chaos.checker.linear.memory Seen Steps)
           (chaos.checker.linear.position Position)))

(def ^:private states-max 1000000)

(defn- configurations-max
  "How many configurations fit into a quarter of the heap, while their table is doubled."
  [^Position position]
  (quot (.maxMemory (Runtime/getRuntime))
        (* 4 48 (inc (alength (.mask position))))))

(defn- settle!
  "Places every pure operation that the state allows. Those that come into reach meanwhile are
  later in the list, so one walk suffices."
  [^Position position ^Steps steps]
  (let [state (.state position)]
    (loop [op (.following position (.head position))]
      (when-not (neg? op)
        (when (and (.pure position op)
                   (= state (.step steps (.kind position op) state)))
          (.place position op state true))
        (recur (.following position op))))))

(defn- retreat!
  "Takes back what was forced and the choice before it; returns that choice, -1 when there was
  none."
  ^long [^Position position]
  (loop []
    (if (zero? (.depth position))
      -1
      (let [forced (.forced position)
            op     (.takeBack position)]
        (if forced
          (recur)
          op)))))

(defn- choice
  "The state after op, or -1 where op is not to be tried."
  ^long [^Position position ^Steps steps ^long op]
  (if (.pure position op)
    -1
    (let [after (.step steps (.kind position op) (.state position))]
      (if (or (neg? after) (.pointless position op) (.dominated position op))
        -1
        after))))

(defn- exhausted
  "Why the search has to end, or nil."
  [{:keys [deadline-ns steps-max]} tried ^Steps steps]
  (cond
    (< (long steps-max) (long tried))       (str "no answer after " tried " steps")
    (< states-max (.stateCount steps))      (str "more than " states-max " states")
    (and (zero? (rem (long tried) 1024))
         (neg? (- (long deadline-ns) (System/nanoTime))))
    (str "no answer within the time limit, after " tried " steps")))

(defn- search!
  "One of [:valid], [:invalid frontier] or [:unknown why], and steps."
  [^Position position ^Steps steps ^Seen seen limits]
  (loop [op (.following position (.head position)), tried 1, furthest (.frontier position)]
    (if (neg? op)
      (let [undone (retreat! position)]
        (if (neg? undone)
          {:found :invalid :furthest furthest :steps tried}
          (recur (.following position undone) tried furthest)))
      (let [after (choice position steps op)]
        (if (neg? after)
          (recur (.following position op) tried furthest)
          (do
            (.place position op after false)
            (settle! position steps)
            (let [new? (.add seen (.key position) (.mask position))
                  why  (if (neg? new?)
                         "no memory for more configurations"
                         (exhausted limits tried steps))]
              (cond
                (.finished position) {:found :valid :steps tried}
                why                  {:found :unknown :because why :steps tried}
                :else
                (recur (if (zero? new?) -1 (.following position (.head position)))
                       (inc tried)
                       (max furthest (.frontier position)))))))))))

(def ^:private no-limits {:deadline-ns Long/MAX_VALUE :steps-max Long/MAX_VALUE})

(defn- solve
  "{:valid? :steps}, with :order, :because, or :furthest, the rank of the return that no search
  came past."
  [{:keys [init step] :as model} operations limits]
  (let [[board kinds]   (position/start model operations)
        ^Position board board
        steps           (memory/steps step init kinds)
        seen            (memory/seen (alength (.mask board)) (configurations-max board))]
    (settle! board steps)
    (let [{:keys [found furthest because steps]} (if (.finished board)
                                                   {:found :valid :steps 0}
                                                   (search! board steps seen limits))]
      (case found
        :valid   {:valid? true :order (.trail board) :steps steps}
        :unknown {:valid? :unknown :because because :steps steps}
        :invalid {:valid? false :furthest furthest :steps steps}))))

(defn- first-impossible
  "The return at which it became impossible, for a model that refines its operations by what
  the whole history shows, the future included: by halving, with only the past of each cut."
  [{:keys [refine] :as model} operations returns furthest limits]
  (let [impossible? (fn [rank]
                      (let [cut (operations/until model operations (:return (nth returns rank)))]
                        (false? (:valid? (solve model (refine cut) limits)))))]
    (loop [low (long furthest), high (dec (count returns))]
      (if (= low high)
        (nth returns low)
        (let [middle (quot (+ low high) 2)]
          (if (impossible? middle)
            (recur low middle)
            (recur (inc middle) high)))))))

(defn check
  "Whether the operations (in the order of their calls) of one object are linearizable:
    :valid?  true, false or :unknown (then :because)
    :order   when true, the operations in such an order; open ones may be missing
    :stuck   when false, the operation at whose return it became impossible
    :steps   how many placements were tried
  limits: :deadline-ns of System/nanoTime, :steps-max."
  ([model operations] (check model operations no-limits))
  ([{:keys [refine] :as model} operations limits]
   (let [operations (vec operations)
         limits     (merge no-limits limits)
         found      (solve model (if refine (refine operations) operations) limits)
         returns    (delay (vec (sort-by :return (filter :return operations))))]
     (case (:valid? found)
       true     (update found :order #(mapv operations %))
       :unknown found
       false    (-> (dissoc found :furthest)
                    (assoc :stuck (if refine
                                    (first-impossible model operations @returns
                                                      (:furthest found) limits)
                                    (nth @returns (:furthest found)))))))))
