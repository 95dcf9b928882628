(ns chaos.checker.linear.position
  "How far the search of chaos.checker.linear.wgl has come: which operations are placed, in what
  order, and what state that leads to. All in arrays of numbers, for it is the inner loop.

  Operations are numbered in the order of their calls. Those not yet placed form a doubly linked
  list, from which one can be taken out and put back in constant time, the latest first. The
  frontier is how many returns, in order, belong to placed operations: what is called after the
  next return cannot be placed before it.

  Each operation has a slot in a mask, which is free for another one after its return. So
  (frontier, mask) says exactly which operations are placed, for all that returned before the
  frontier are and none called after it is; and the mask has as many bits as operations are
  open at once, not as there are in the history."
  (:import (java.util ArrayList Arrays HashMap PriorityQueue)))

(definterface Position
  (^long head [] "stands before all operations")
  (^long following [^long op] "the next one that may be placed now, -1 when none is left")
  (^boolean pure [^long op])
  (^long kind [^long op])
  (^boolean dominated [^long op])
  (^boolean pointless [^long op])
  (^void place [^long op ^long after ^boolean forced])
  (^boolean forced [] "was the latest placed without an alternative?")
  (^long takeBack [] "undoes the latest place, and says which it was")
  (^long state [])
  (^long frontier [])
  (^long depth [])
  (^boolean finished [] "is every operation placed that must be?")
  (^long key [] "state and frontier in one number, never 0")
  (^longs mask [])
  (trail [] "the operations placed, in order"))

(deftype Board [^long n                  ; operations; also the head of the list
                ^long closed             ; of them with a return
                ^long words              ; longs of a mask
                ^longs call              ; index of the call in the history
                ^longs return            ; index of the return, Long/MAX_VALUE when open
                ^ints kinds              ; equal operations have equal kinds
                ^booleans lone           ; has a kind of its own
                ^booleans pures          ; never change a state
                ^booleans blinds         ; are legal in every state, and leave nothing of it
                ^ints slot               ; bit in the mask
                ^ints order              ; closed operations by their return
                ^ints next               ; the list of what is not placed
                ^ints previous
                ^booleans placed
                ^longs bits              ; the mask: placed, and the frontier is before its return
                ^ints trail-ops          ; what was placed, and how all was before it:
                ^ints trail-states
                ^ints trail-frontiers
                ^booleans trail-forced
                ^longs trail-bits
                ^:unsynchronized-mutable ^long held
                ^:unsynchronized-mutable ^long front
                ^:unsynchronized-mutable ^long deep]
  Position
  (head [_] n)
  (following [_ op]
    (let [candidate (aget next op)]
      (if (and (not= candidate n)
               (or (= front closed)
                   (< (aget call candidate) (aget return (aget order front)))))
        candidate
        -1)))
  (pure [_ op] (aget pures op))
  (kind [_ op] (long (aget kinds op)))
  (dominated [this op]
    ;; Is there an equal operation that may be placed now and returns earlier (or, of two open
    ;; ones, was called earlier)? An order that has this one first stays good when they swap.
    (let [mine (aget kinds op), end (aget return op)]
      (loop [other (if (aget lone op) -1 (.following this n))]
        (cond
          (neg? other)                      false
          (or (not= mine (aget kinds other))
              (= op other)
              (< end (aget return other))
              (and (= end (aget return other)) (< op other)))
          (recur (.following this other))
          :else                             true))))
  (pointless [_ op]
    ;; Would it wipe out an open operation that nothing has noticed? Then that one need not have
    ;; been placed, and the search finds the same without it.
    (and (aget blinds op)
         (pos? deep)
         (not (aget trail-forced (dec deep)))
         (= Long/MAX_VALUE (aget return (aget trail-ops (dec deep))))))
  (place [_ op after forced]
    (aset trail-ops deep (int op))
    (aset trail-states deep (int held))
    (aset trail-frontiers deep (int front))
    (aset trail-forced deep forced)
    (System/arraycopy bits 0 trail-bits (* deep words) words)
    (set! deep (inc deep))
    (set! held after)
    (aset next (aget previous op) (aget next op))
    (aset previous (aget next op) (aget previous op))
    (aset placed op true)
    (let [s (aget slot op), w (quot s 64)]
      (aset bits w (bit-or (aget bits w) (bit-shift-left 1 (rem s 64)))))
    (loop []
      (when (and (< front closed) (aget placed (aget order front)))
        (let [s (aget slot (aget order front)), w (quot s 64)]
          (aset bits w (bit-and-not (aget bits w) (bit-shift-left 1 (rem s 64)))))
        (set! front (inc front))
        (recur))))
  (forced [_] (aget trail-forced (dec deep)))
  (takeBack [_]
    (set! deep (dec deep))
    (let [op (aget trail-ops deep)]
      (set! held (long (aget trail-states deep)))
      (set! front (long (aget trail-frontiers deep)))
      (System/arraycopy trail-bits (* deep words) bits 0 words)
      (aset next (aget previous op) op)
      (aset previous (aget next op) op)
      (aset placed op false)
      (long op)))
  (state [_] held)
  (frontier [_] front)
  (depth [_] deep)
  (finished [_] (= front closed))
  (key [_] (bit-or (bit-shift-left (inc front) 32) held))
  (mask [_] bits)
  (trail [_] (vec (Arrays/copyOf trail-ops (int deep)))))

(defn- numbered
  "[kind of each operation, one operation of each kind]."
  [operations]
  (let [numbers (HashMap.)
        kinds   (int-array (count operations))
        one     (ArrayList.)]
    (dotimes [i (count operations)]
      (let [op    (nth operations i)
            what  [(:f op) (:value op) (= :fail (:type op))]
            known (.get numbers what)]
        (when-not known
          (.put numbers what (.size one))
          (.add one op))
        (aset kinds i (int (or known (dec (.size one)))))))
    [kinds (vec one)]))

(defn- lone [^ints kinds how-many]
  (let [counts (int-array how-many), n (alength kinds), alone (boolean-array n)]
    (dotimes [i n]
      (let [kind (aget kinds i)]
        (aset counts kind (inc (aget counts kind)))))
    (dotimes [i n]
      (aset alone i (= 1 (aget counts (aget kinds i)))))
    alone))

(defn- ranked
  "Closed operations by their return: sorted as one number of return and operation."
  ^ints [^longs returns]
  (let [n      (alength returns)
        closed (long-array (filter #(< (aget returns %) Long/MAX_VALUE) (range n)))
        order  (int-array (alength closed))]
    (dotimes [i (alength closed)]
      (let [op (aget closed i)]
        (aset closed i (+ (* n (aget returns op)) op))))
    (Arrays/sort closed)
    (dotimes [i (alength closed)]
      (aset order i (int (rem (aget closed i) n))))
    order))

(defn- slots
  "[slot of each operation, how many there are]: each takes the lowest one free at its call."
  [^longs calls ^longs returns ^ints order]
  (let [n (alength calls), slot (int-array n), free (PriorityQueue.)]
    (loop [i 0, used 0, rank 0]
      (cond
        (= i n)
        [slot used]

        (and (< rank (alength order)) (< (aget returns (aget order rank)) (aget calls i)))
        (do (.add free (aget slot (aget order rank)))
            (recur i used (inc rank)))

        :else
        (let [reused (.poll free)]
          (aset slot i (int (or reused used)))
          (recur (inc i) (if reused used (inc used)) rank))))))

(defn- long-of ^longs [n f]
  (let [of (long-array n)]
    (dotimes [i n] (aset of i (long (f i))))
    of))

(defn- flags [operations pred]
  (let [of (boolean-array (count operations))]
    (dotimes [i (count operations)] (aset of i (boolean (pred (nth operations i)))))
    of))

(defn- ring
  "The list of 0..n-1 with head n, each pointing `by` places on."
  [^long n ^long by]
  (let [of (int-array (inc n))]
    (dotimes [i (inc n)] (aset of i (int (mod (+ i by) (inc n)))))
    of))

(defn start
  "[position, one operation of each kind]: nothing placed, state 0. Operations, a vector, come
  in the order of their calls."
  [{:keys [pure? blind?]} operations]
  (let [n           (count operations)
        calls       (long-of n #(:call (nth operations %)))
        returns     (long-of n #(or (:return (nth operations %)) Long/MAX_VALUE))
        order       (ranked returns)
        [kinds one] (numbered operations)
        [slot used] (slots calls returns order)
        words       (inc (quot used 64))]
    [(Board. n (count order) words calls returns
             kinds (lone kinds (count one)) (flags operations pure?) (flags operations blind?)
             slot order (ring n 1) (ring n -1)
             (boolean-array n)
             (long-array words)
             (int-array n) (int-array n) (int-array n) (boolean-array n)
             (long-array (* n words))
             0 0 0)
     one]))
