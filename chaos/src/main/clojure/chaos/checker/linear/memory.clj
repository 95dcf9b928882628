(ns chaos.checker.linear.memory
  "Two tables of numbers for chaos.checker.linear.wgl, made to be fast: `steps` turns the states
  and operations of a model into small integers and remembers every transition it has asked
  the model for; `seen` is the set of configurations that were tried.

  Both are open-addressed with linear probing, double when half full, and have a limit, past
  which they say so instead of eating the heap. Not thread-safe."
  (:import (java.util ArrayList HashMap)))

(definterface Steps
  (^long step [^long op ^long state] "number of the state after the op, -1 where it is illegal")
  (^long stateCount [])
  (stateOf [^long state]))

(definterface Seen
  (^long add [^long key ^longs mask] "1 when new, 0 when it was there, -1 when the set is full")
  (^long size []))

(defn- mix ^long [^long x]
  (let [a (unchecked-multiply (bit-xor x (unsigned-bit-shift-right x 32)) -7046029254386353131)]
    (bit-xor a (unsigned-bit-shift-right a 29))))

(defn- find-slot
  "Index of key in the table, or of the free place where it belongs. Keys are not 0."
  ^long [^longs keys ^long key]
  (let [last (dec (alength keys))]
    (loop [i (bit-and (mix key) last)]
      (let [there (aget keys i)]
        (if (or (= there key) (zero? there))
          i
          (recur (bit-and (inc i) last)))))))

(defn- number-of ^long [^HashMap numbers ^ArrayList states state]
  (if-let [known (.get numbers state)]
    (long known)
    (let [n (.size states)]
      (.put numbers state n)
      (.add states state)
      n)))

(deftype StepTable [step ^objects ops ^HashMap numbers ^ArrayList states
                    ^:unsynchronized-mutable keys
                    ^:unsynchronized-mutable values
                    ^:unsynchronized-mutable ^long used]
  Steps
  (step [_ op state]
    (let [key (inc (bit-or (bit-shift-left state 32) op))
          i   (find-slot keys key)]
      (if (= key (aget ^longs keys i))
        (long (aget ^ints values i))
        (let [after (step (.get states state) (aget ops op))
              n     (if (nil? after) -1 (number-of numbers states after))]
          (aset ^longs keys i key)
          (aset ^ints values i (int n))
          (set! used (inc used))
          (when (< (alength ^longs keys) (* 2 used))
            (let [old-keys ^longs keys, old-values ^ints values
                  size     (* 2 (alength old-keys))
                  new-keys (long-array size), new-values (int-array size)]
              (dotimes [j (alength old-keys)]
                (let [k (aget old-keys j)]
                  (when-not (zero? k)
                    (let [to (find-slot new-keys k)]
                      (aset new-keys to k)
                      (aset new-values to (aget old-values j))))))
              (set! keys new-keys)
              (set! values new-values)))
          n))))
  (stateCount [_] (long (.size states)))
  (stateOf [_ state] (.get states (int state))))

(defn steps
  "A table of the model's transitions. `ops` are the distinct operations, `init` is state 0."
  [step init ops]
  (let [numbers (HashMap.), states (ArrayList.)]
    (number-of numbers states init)
    (StepTable. step (object-array ops) numbers states (long-array 64) (int-array 64) 0)))

(defn- row-hash ^long [^longs rows ^long from ^long width]
  (loop [i 0, h 0]
    (if (< i width)
      (recur (inc i) (mix (unchecked-add (unchecked-multiply h 31) (aget rows (+ from i)))))
      h)))

(defn- same-row? [^longs rows ^long at ^longs row]
  (let [width (alength row)]
    (loop [k 0]
      (cond
        (= k width)                            true
        (= (aget rows (+ at k)) (aget row k)) (recur (inc k))
        :else                                  false))))

(defn- find-row
  "Offset of row in the table, or of the free place where it belongs. A row begins with a key
  that is not 0."
  ^long [^longs rows ^longs row]
  (let [width (alength row)
        last  (dec (quot (alength rows) width))]
    (loop [i (bit-and (row-hash row 0 width) last)]
      (let [at (* i width)]
        (if (or (zero? (aget rows at)) (same-row? rows at row))
          at
          (recur (bit-and (inc i) last)))))))

(defn- doubled ^longs [^longs rows ^longs row]
  (let [width (alength row)
        more  (long-array (* 2 (alength rows)))]
    (loop [at 0]
      (when (< at (alength rows))
        (when-not (zero? (aget rows at))
          (System/arraycopy rows at row 0 width)
          (System/arraycopy row 0 more (find-row more row) width))
        (recur (+ at width))))
    more))

(deftype RowSet [^:unsynchronized-mutable rows ^longs row ^long size-max
                 ^:unsynchronized-mutable ^long used]
  Seen
  (add [_ key mask]
    (aset row 0 key)
    (System/arraycopy mask 0 row 1 (dec (alength row)))
    (let [at (find-row rows row)]
      (cond
        (not (zero? (aget ^longs rows at))) 0
        (= used size-max)                   -1
        :else
        (do (System/arraycopy row 0 rows at (alength row))
            (set! used (inc used))
            (when (< (alength ^longs rows) (* 2 used (alength row)))
              (set! rows (doubled rows row)))
            1))))
  (size [_] used))

(defn seen
  "An empty set of configurations whose mask has `words` longs; full at size-max."
  [words size-max]
  (let [width (inc (long words))]
    (RowSet. (long-array (* 64 width)) (long-array width) size-max 0)))
