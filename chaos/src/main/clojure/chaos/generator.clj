(ns chaos.generator
  "What to do next, as pure data. A generator is a value that is asked `(op gen ctx)` and
  answers one of three things:

    nil              exhausted
    [op gen']        do this now; gen' is what remains
    [:wait t gen']   nothing now: ask again at time t (nil: when some operation completes)

  The answer always replaces the generator, so a generator may remember in gen' when it
  was first asked; no generator ever names an operation of the future. Nobody here reads
  a clock: ctx brings the time. Hence a whole schedule can be run in simulated time
  (`chaos.simulation` in the tests does), and the same seed gives the same schedule.

  ctx = {:time     nanoseconds since the run began
         :threads  the threads that may be used, in order: integers, and :nemesis
         :free     the set of those that are idle
         :workers  thread -> the process that runs there now}

  Plain values are generators too: a map is one operation, a sequence is its elements in
  turn (lazy and infinite ones are fine)."
  (:require [chaos.random :as random]))

(defprotocol Generator
  (op [gen ctx] "nil, [op gen'], or [:wait time gen']; see the namespace."))

(def ns-per-s 1000000000)

(defn seconds->ns [s] (long (* (double s) ns-per-s)))

(defn- first-free [{:keys [threads free]}] (some free threads))

(defn- restrict [ctx pred]
  (-> ctx
      (update :threads #(filterv pred %))
      (update :free #(into #{} (filter pred) %))))

(defn- all-free? [{:keys [threads free]}] (every? free threads))

(defn- sooner [a b] (cond (nil? a) b (nil? b) a :else (min a b)))

(defn- wait? [answer] (= :wait (first answer)))

(defn- next-of-seq [gens ctx]
  (when-let [[head & tail] (seq gens)]
    (let [answer (op head ctx)]
      (cond (nil? answer)  (recur tail ctx)
            (wait? answer) (let [[_ t head'] answer] [:wait t (cons head' tail)])
            :else          (let [[o head'] answer] [o (if head' (cons head' tail) tail)])))))

(extend-protocol Generator
  nil
  (op [_ _] nil)

  clojure.lang.IPersistentMap
  (op [gen ctx]
    (if-let [thread (first-free ctx)]
      [(assoc gen :type :invoke :process (get-in ctx [:workers thread]) :time (:time ctx)) nil]
      [:wait nil gen]))

  clojure.lang.Sequential
  (op [gen ctx] (next-of-seq gen ctx)))

(defrecord TimeLimit [limit-ns deadline gen]
  Generator
  (op [_ ctx]
    (let [deadline (or deadline (+ (:time ctx) limit-ns))]
      (when (< (:time ctx) deadline)
        (when-let [answer (op gen ctx)]
          (if (wait? answer)
            (let [[_ t gen'] answer]
              [:wait (sooner t deadline) (->TimeLimit limit-ns deadline gen')])
            (let [[o gen'] answer] [o (->TimeLimit limit-ns deadline gen')])))))))

(defn time-limit
  "gen, until s seconds after it was first asked."
  [s gen]
  (->TimeLimit (seconds->ns s) nil gen))

(defrecord Stagger [mean-ns seed n due gen]
  Generator
  (op [_ ctx]
    (let [now (:time ctx)
          gap #(long (* 2 mean-ns (random/unit seed :stagger %)))
          due (or due (+ now (gap -1)))]
      (if (< now due)
        [:wait due (->Stagger mean-ns seed n due gen)]
        (when-let [answer (op gen ctx)]
          (if (wait? answer)
            (let [[_ t gen'] answer] [:wait t (->Stagger mean-ns seed n due gen')])
            (let [[o gen'] answer]
              [o (->Stagger mean-ns seed (inc n) (+ now (gap n)) gen')])))))))

(defn stagger
  "gen, with a pause before each operation: uniform in 0 to twice `s` seconds, by seed. A
  slow operation does not make later ones catch up, as with a client that works one by one."
  [s seed gen]
  (->Stagger (seconds->ns s) seed 0 nil gen))

(defn- ask-each
  "Asks the generators in turn until one has an operation. Answers [op gens'], or
  [:wait t gens'] when all wait, or nil when all are exhausted. Entries are
  [key gen]; `narrow` makes the context that a key may see, or nil to pass it over."
  [entries ctx narrow]
  (loop [todo entries, done [], soonest nil, alive? false]
    (if-let [[[k gen] & more] (seq todo)]
      (let [seen   (when gen (narrow ctx k))
            answer (when seen (op gen seen))]
        (cond
          (nil? gen)     (recur more (conj done [k nil]) soonest alive?)
          (nil? seen)    (recur more (conj done [k gen]) soonest true)
          (nil? answer)  (recur more (conj done [k nil]) soonest alive?)
          (wait? answer) (let [[_ t gen'] answer]
                           (recur more (conj done [k gen']) (sooner soonest t) true))
          :else          (let [[o gen'] answer] [o (into (conj done [k gen']) more)])))
      (when alive? [:wait soonest done]))))

(defn- rewrap [answer wrap]
  (when answer
    (if (wait? answer)
      (let [[_ t inner] answer] [:wait t (wrap inner)])
      (let [[o inner] answer] [o (wrap inner)]))))

(defrecord Any [entries]
  Generator
  (op [_ ctx] (rewrap (ask-each entries ctx (fn [c _] c)) ->Any)))

(defn any
  "Operations of all the generators as they come due; the earlier one first in a tie."
  [& gens]
  (->Any (map-indexed vector gens)))

;; Under load every generator always has something due, and the first would starve the rest:
;; after each operation the next one comes first.
(defrecord Mix [entries]
  Generator
  (op [_ ctx]
    (let [answer (ask-each entries ctx (fn [c _] c))
          turn   #(conj (vec (rest %)) (first %))]
      (rewrap answer #(->Mix (if (wait? answer) % (turn %)))))))

(defn mix
  "Operations of all the generators as they come due, in turn."
  [& gens]
  (->Mix (map-indexed vector gens)))

(defrecord Tagged [tags gen]
  Generator
  (op [_ ctx]
    (when-let [answer (op gen ctx)]
      (if (wait? answer)
        (rewrap answer #(->Tagged tags %))
        (let [[o gen'] answer] [(merge o tags) (->Tagged tags gen')])))))

(defn tagged
  "gen, each of whose operations also has these keys."
  [tags gen]
  (->Tagged tags gen))

(defrecord UntilDone [leader-done? entries]
  Generator
  (op [_ ctx]
    (when-not leader-done?
      (rewrap (ask-each entries ctx (fn [c _] c))
              (fn [entries'] (->UntilDone (nil? (second (first entries'))) entries'))))))

(defn until-done
  "Operations of both, until leader is exhausted."
  [leader follower]
  (->UntilDone false [[:leader leader] [:follower follower]]))

(defrecord OnThreads [pred gen]
  Generator
  (op [_ ctx] (rewrap (op gen (restrict ctx pred)) #(->OnThreads pred %))))

(defn clients [gen] (->OnThreads integer? gen))

(defn nemesis [gen] (->OnThreads #{:nemesis} gen))

(defrecord EachThread [make entries]
  Generator
  (op [_ ctx]
    (let [entries (or entries (mapv (fn [t] [t (make t)]) (:threads ctx)))]
      (rewrap (ask-each entries ctx (fn [c t] (when ((:free c) t) (restrict c #{t}))))
              #(->EachThread make %)))))

(defn each-thread
  "A generator of its own for each thread: `(make thread)`."
  [make]
  (->EachThread make nil))

(defrecord Phases [gens]
  Generator
  (op [_ ctx]
    (when-let [[head & tail] (seq gens)]
      (let [answer (op head ctx)]
        (cond (some? answer)  (rewrap answer #(->Phases (cons % tail)))
              (all-free? ctx) (op (->Phases tail) ctx)
              :else           [:wait nil (->Phases (cons nil tail))])))))

(defn phases
  "The generators one after another; the next begins when every operation has completed."
  [& gens]
  (->Phases gens))

(defrecord Pause [length-ns until]
  Generator
  (op [_ ctx]
    (let [until (or until (+ (:time ctx) length-ns))]
      (when (< (:time ctx) until) [:wait until (->Pause length-ns until)]))))

(defn pause
  "Nothing, for s seconds."
  [s]
  (->Pause (seconds->ns s) nil))

(defrecord Schedule [entries began]
  Generator
  (op [_ ctx]
    (when-let [[[at o] & tail] (seq entries)]
      (let [began (or began (:time ctx))
            due   (+ began (seconds->ns at))]
        (cond (< (:time ctx) due)    [:wait due (->Schedule entries began)]
              (not (first-free ctx)) [:wait nil (->Schedule entries began)]
              :else                  [(first (op o ctx)) (->Schedule tail began)])))))

(defn schedule
  "Operations at set times: `[[s op] ...]`, in seconds after the first asking."
  [entries]
  (->Schedule (sort-by first entries) nil))
