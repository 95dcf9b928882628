(ns chaos.checker.replica-reads
  "How old reads are, and whether sessions see time go backwards. Each key has one writer, who
  writes growing numbers one after another; a missing key reads as nil, which counts as 0. A
  session is a process.

    non-monotonic-read       a session read a smaller number than before, on another node, or
                             on one that was restarted in between
    non-monotonic-node-read  the same, both in one life of one node
    read-your-writes         a session read less than it had written and got acknowledged
    stale-read               a read meant for the master missed an acknowledged write
    unexpected               a number that nobody tried to write

  A node that is restarted begins with what it had kept, its last snapshot or nothing, and
  catches up: it lags once more, as another replica would. So what a session saw of its former
  life binds it no more than what was seen of other nodes. Restarts are those that the nemesis
  tells of; a read under way at one belongs to no life for certain, and is compared to none.
  What it cannot see: restarts that somebody else made.

  A smaller number whose own write ended :info is no proof: that write may have come late. So
  is none whose write ended :fail, which is :dirty instead.

  Staleness of a read, of replicas and of masters apart, by quantiles:

    k  how many acknowledged writes of the key, newer than what was read, had been
       acknowledged before the read began
    t  for how long the oldest of these had been acknowledged by then, 0 if none

  A lost write makes reads stale for good, so k and t also grow by loss: after a failover that
  lost writes they tell of the loss until the writer has written again."
  (:require [chaos.checker :as checker]
            [chaos.history :as history]
            [chaos.stats :as stats]))

(defn- number-of [{:keys [value]}] (or value 0))

(defn- writes-by-key
  "key -> {:outcome {number type}, :acked [[number time] ...] in order}."
  [writes]
  (update-vals (group-by :key writes)
               (fn [of-key]
                 {:outcome (into {0 :ok} (map (juxt :value :type)) of-key)
                  :acked   (vec (sort (for [{:keys [type value time]} of-key :when (= :ok type)]
                                        [value time])))})))

(defn- missed
  "The acknowledged writes newer than the read that were acknowledged before it began."
  [writes {:keys [key invoked] :as read}]
  (let [seen (number-of read)]
    (filterv (fn [[n time]] (and (< seen n) (< time invoked))) (:acked (writes key)))))

(defn- staleness [missed {:keys [invoked]}]
  {:k (count missed)
   :t-ms (if (seq missed) (/ (- invoked (apply min (map second missed))) 1e6) 0.0)})

;; ---- lives of nodes ----

(defn- ended
  "Nodes whose server the nemesis ended or started in an operation with this value."
  [value]
  (when (map? value)
    (let [{:keys [killed bounced rolled killed-all started]} value]
      (concat (remove nil? [killed bounced rolled])
              killed-all
              (for [[kind node] started :when (= :server kind)] node)))))

(defn- restarts
  "node -> [[from to] ...], the times between which it was ended or started."
  [history]
  (reduce (fn [found [begun {:keys [value] :as op}]]
            (reduce #(update %1 %2 (fnil conj []) [(:time begun) (:time op)])
                    found
                    (when (:done? op) (ended value))))
          {} (partition 2 1 (history/events history :nemesis))))

(defn- life
  "Which life of its node answered a read, counted from 0; nil when a restart was under way."
  [restarts {:keys [node invoked time]}]
  (let [spans (restarts node)
        over  (count (filter (fn [[_ to]] (<= to invoked)) spans))
        begun (count (filter (fn [[from _]] (< from time)) spans))]
    (when (= over begun) over)))

(defn- certificate [class op other says]
  {:class class :key (:key op) :ops (mapv #(dissoc % :invoked) [other op]) :explanation says})

(defn- session-certificates
  "Of one session's completions in order: reads that go back behind what it read or wrote."
  [writes restarts ops]
  (let [proven? (fn [{:keys [key] :as op}]
                  (= :ok (get-in writes [key :outcome (number-of op)])))]
    (loop [ops (seq ops), top {}, wrote {}, found []]
      (if-let [[{:keys [f type key node value] :as op} & more] ops]
        (cond
          (not= :ok type) (recur more top wrote found)
          (= :write f)    (recur more top (assoc wrote key op) found)
          :else
          (let [anywhere (top [key :anywhere])
                life     (life restarts op)
                here     (when life (top [key node life]))
                own      (wrote key)
                n        (number-of op)
                back?    #(and % (< n (number-of %)) (proven? op))
                newer    #(if (and %1 (<= n (number-of %1))) %1 %2)]
            (recur more
                   (cond-> (update top [key :anywhere] newer op)
                     life (update [key node life] newer op))
                   wrote
                   (cond-> found
                     (back? here)
                     (conj (certificate :non-monotonic-node-read op here
                                        (str "node " node " showed " (:value here) ", then "
                                             value)))
                     (and (back? anywhere) (not (back? here)))
                     (conj (certificate :non-monotonic-read op anywhere
                                        (str "node " (:node anywhere) " showed "
                                             (:value anywhere) ", then node " node " " value
                                             (when (= node (:node anywhere))
                                               ", having been restarted"))))
                     (back? own)
                     (conj (certificate :read-your-writes op own
                                        (str (:value own) " was acknowledged to the session, "
                                             "which then read " value)))))))
        found))))

(defn- read-certificates [writes acked-op {:keys [key from] :as read}]
  (let [outcome (get-in writes [key :outcome (number-of read)])
        newest  (peek (missed writes read))]
    (cond-> []
      (and (nil? outcome) (:value read))
      (conj (certificate :unexpected read read (str (:value read) " was never written")))
      (= :fail outcome)
      (conj (certificate :dirty read (acked-op [key (number-of read)])
                         (str (:value read) " was refused, and is there")))
      (and (= :master from) newest (= :ok outcome))
      (conj (certificate :stale-read read (acked-op [key (first newest)])
                         (str (first newest) " had been acknowledged, and a read at the master "
                              "showed " (:value read)))))))

(defn- quantiles-of [measures] {:k (stats/quantiles (map :k measures))
                                :t-ms (stats/quantiles (map :t-ms measures))})

(defn check [history _]
  (let [all       (sort-by :index (concat (history/completions history :write)
                                          (history/completions history :read)))
        write?    #(= :write (:f %))
        writes    (writes-by-key (filter write? all))
        write-op  (into {} (map (juxt (juxt :key :value) identity)) (filter write? all))
        reads     (filterv #(and (= :read (:f %)) (= :ok (:type %))) all)
        measured  (fn [from] (for [read reads :when (= from (:from read))]
                               (staleness (missed writes read) read)))
        restarts  (restarts history)
        anomalies (checker/anomalies
                   (concat (mapcat #(session-certificates writes restarts %)
                                   (vals (group-by :process all)))
                           (mapcat #(read-certificates writes write-op %) reads)))
        of-from   (frequencies (map :from reads))]
    {:valid?    (cond (seq anomalies) false (nil? (of-from :replica)) :unknown :else true)
     :because   (when (nil? (of-from :replica)) "no replica was ever read")
     :anomalies anomalies
     :counts    (merge (checker/outcomes all)
                       {:replica-reads     (of-from :replica 0)
                        :master-reads      (of-from :master 0)
                        :replica-staleness (quantiles-of (measured :replica))
                        :master-staleness  (quantiles-of (measured :master))})}))

(defn- began
  "Index of the invocation of this completion."
  [history {:keys [process index]}]
  (:index (last (filter #(and (= process (:process %)) (= :invoke (:type %)) (< (:index %) index))
                        history))))

(defn- restarted-between?
  "Whether the nemesis had to do with the server of the node from the beginning of a to the end
  of b."
  [history node a b]
  (some (fn [[begun {:keys [value] :as op}]]
          (and (:done? op) (map? value)
               (< (:index begun) (:index b))
               (< (began history a) (:index op))
               (or (some #{node} ((juxt :killed :bounced :rolled) value))
                   (some #{node} (:killed-all value))
                   (some #{[:server node]} (:started value)))))
        (partition 2 1 (filter #(= :nemesis (:process %)) history))))

(defn recheck
  "Whether the operations of the certificate stand in the history and show what it says."
  [history {:keys [class ops]}]
  (let [[a b]     ops
        of-number (filter #(and (= :write (:f %)) (= [(:key b) (:value b)] [(:key %) (:value %)]))
                          history)
        written?  (or (nil? (:value b)) (some #(= :ok (:type %)) of-number))
        behind?   (and (= (:key a) (:key b)) (< (number-of b) (number-of a)) written?)
        session?  (and (= (:process a) (:process b)) (< (:index a) (:index b)))]
    (boolean
     (and (every? #(checker/stands? history %) ops)
          (= [:read :ok] [(:f b) (:type b)])
          (case class
            :non-monotonic-node-read (and behind? session? (= :read (:f a)) (= (:node a) (:node b))
                                          (not (restarted-between? history (:node a) a b)))
            :non-monotonic-read      (and behind? session? (= :read (:f a)))
            :read-your-writes        (and behind? session? (= [:write :ok] [(:f a) (:type a)]))
            :stale-read              (and behind? (= [:write :ok] [(:f a) (:type a)])
                                          (= :master (:from b)) (< (:index a) (began history b)))
            :dirty                   (and (= :fail (:type a)) (some #(= :fail (:type %)) of-number))
            :unexpected              (and (:value b) (empty? of-number)))))))
