(ns chaos.net.rules
  "What a broken network does to bytes, as pure values: an immutable map of cuts, delays and
  rates, and what follows from it at a time `now` in nanoseconds. No socket and no clock is
  read here, so the same rules serve the proxy and the tests.

  An *endpoint* is [id kind]: node 1 to 99 with :server or :sentinel (Raft belongs to the
  sentinel's process), client 101 and up with :client. A rule names either side by an endpoint
  or by an id alone, which stands for all that lives there: [1 2] is a rule for everything from
  node 1 to node 2, [[1 :sentinel] [2 :server]] for what the sentinel of 1 says to the server
  of 2. Rules are for one direction; a link cut both ways is two cuts."
  (:require [chaos.random :as random]))

(def all-open {:cuts #{} :delays {} :rates {}})

;; ---- making rules ----

(defn- id-of [end] (if (vector? end) (first end) end))

(defn links
  "All [from to] between two collections of ends, but none from an id to itself; name both
  endpoints to mean the sentinel and the server of one node."
  [froms tos]
  (for [i froms, j tos
        :when (or (and (vector? i) (vector? j) (not= i j)) (not= (id-of i) (id-of j)))]
    [i j]))

(defn both-ways [froms tos] (concat (links froms tos) (links tos froms)))

(defn cut
  "No bytes over any of the links."
  [rules links]
  (update rules :cuts into links))

(defn cut-one-way
  "No bytes from any of froms to any of tos."
  [rules froms tos]
  (cut rules (links froms tos)))

(defn cut-between
  "No bytes between members of different groups."
  [rules groups]
  (reduce (fn [r [a b]] (cut-one-way r a b))
          rules
          (for [a groups, b groups :when (not= a b)] [a b])))

(defn delayed
  "Bytes over the links arrive ms milliseconds late, plus up to jitter-ms more, drawn by seed
  for each chunk of bytes. They never overtake one another: it is TCP."
  [rules links {:keys [ms jitter-ms seed] :or {jitter-ms 0 seed 0}}]
  (update rules :delays into (for [l links] [l {:ms ms :jitter-ms jitter-ms :seed seed}])))

(defn slowed
  "At most bytes-per-s over each connection on the links."
  [rules links bytes-per-s]
  (update rules :rates into (for [l links] [l bytes-per-s])))

;; ---- asking rules ----

(defn keys-of
  "Every name under which a rule may speak of the link from one endpoint to another, the most
  exact first."
  [[from to]]
  (let [names (fn [end] (if (vector? end) [end (id-of end)] [end]))]
    (vec (for [f (names from), t (names to)] [f t]))))

(defn- found [rules-of keys] (when (seq rules-of) (some #(get rules-of %) keys)))

(defn keys-pass? [rules keys] (not (found (:cuts rules) keys)))

(defn passes?
  "Whether bytes pass over link, [from to] of ids or endpoints."
  [rules link]
  (keys-pass? rules (keys-of link)))

(defn timed?
  "Whether bytes may come due without any event on a socket."
  [{:keys [delays rates]}]
  (boolean (or (seq delays) (seq rates))))

(defn due-ns
  "When the n-th chunk over a link may arrive, if it was read at `now` and the one before it
  is due at `after`."
  [rules keys n now after]
  (if-let [{:keys [ms jitter-ms seed]} (found (:delays rules) keys)]
    (let [late (+ ms (* jitter-ms (random/unit seed :jitter (last keys) n)))]
      (max after (+ now (long (* 1e6 late)))))
    (max after now)))

;; ---- slow links: a bucket of tokens, one a byte ----

(def ^:private burst-s
  "How long a silent link saves up: long enough for one frame, too short to hide a rate."
  0.02)

(defn refilled
  "The bucket {:tokens :at} at time now. nil is a bucket that nobody has used yet: full."
  [bucket bytes-per-s now]
  (let [most (max 1.0 (* burst-s bytes-per-s))]
    (if bucket
      {:tokens (min most (+ (:tokens bucket) (* bytes-per-s (/ (- now (:at bucket)) 1e9))))
       :at now}
      {:tokens most :at now})))

(defn spent [bucket bytes] (update bucket :tokens - bytes))

(defn rate
  "Bytes per second allowed to a connection over the link, or nil for no limit."
  [rules keys]
  (found (:rates rules) keys))
