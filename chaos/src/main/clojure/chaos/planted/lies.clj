(ns chaos.planted.lies
  "The lies, as data. A lie is

    :says      what it does, in a sentence
    :meant     the workloads that must notice it; of a harmless one, those that must not
    :found-as  the classes of anomalies that tell of it, one of which must be found; not those
               that merely may come with it. A harmless one has none
    :harmless? whether it is something that a truthful system may do
    :rate      share of the occasions at which it may strike, see below
    :state     what it remembers at first
    :on-command, :on-reply, :on-push
               (fn [state event] nil | [state' deeds]): see `chaos.planted.relay`. event has
               :conn, :word (the command's name in capitals), :args, :queued (the commands
               since MULTI, nil outside), :reply and its :bytes, or :message, :strike? (chance
               says now) and :chance (numbers named by the seed and a path)

  All are pure functions, and none knows what a workload or a checker is."
  (:require [chaos.registry :as registry]
            [chaos.resp :as resp]
            [clojure.string :as str]))

;; ---- occasions ----

(defn- plain-set? [{:keys [word args queued]}]
  (and (= "SET" word) (= 3 (count args)) (nil? queued)))

(defn- on
  "A function of an event that strikes when chance says so and (occasion? event): it does
  (deeds event) and remembers nothing."
  [occasion? deeds]
  (fn [state {:keys [strike?] :as event}]
    (when (and strike? (occasion? event))
      [state (deeds event)])))

;; ---- sets of unique adds ----

(def drop-acknowledged
  {:says "acknowledges a SET and never forwards it"
   :meant [:set] :rate 0.02 :found-as #{:lost}
   :on-command (on plain-set? (fn [_] [[:answer :OK]]))})

(defn- element-key? [{:keys [args] :as event}]
  (and (plain-set? event) (re-find #"^.*:\d+$" (second args))))

(defn- stranger
  "A key like k, whose number nobody uses."
  [k]
  (str/replace k #"\d+$" #(str (+ 1000000007 (parse-long %)))))

(def phantom
  {:says "writes besides a key that nobody wrote"
   :meant [:set] :rate 0.02 :found-as #{:unexpected}
   :on-command (on element-key?
                   (fn [{[_ k] :args :as event}]
                     (let [other (stranger k)]
                       [[:mute ["SET" other (re-find #"\d+$" other)]]
                        [:forward (:args event)]])))})

(def corrupt
  {:says "stores another value than it was given"
   :meant [:set] :rate 0.02 :found-as #{:corrupt}
   :on-command (on element-key?
                   (fn [{[_ k v] :args}]
                     [[:forward ["SET" k (str v "7")]]]))})

(def ^:private refusal (resp/->ErrorReply "READONLY You can't write against a replica"))

(def refuse-but-do
  {:says "answers -READONLY to a SET, and executes it"
   :meant [:set] :rate 0.02 :found-as #{:dirty}
   :on-command (on plain-set?
                   (fn [{:keys [args]}] [[:mute args] [:answer refusal]]))})

;; ---- registers ----

(def ^:private late-ms 300)

(def ack-before-forward
  {:says "acknowledges a SET and forwards it 300 ms later"
   :meant [:register] :rate 0.1 :found-as #{:nonlinearizable}
   :on-command (on plain-set?
                   (fn [{:keys [args]}] [[:answer :OK] [:after late-ms [:mute args]]]))})

(defn- seen
  "What is remembered of a key, {:now :before}, after value was written to it or read from it."
  [{:keys [now] :as known} value]
  (if (= now value) known {:now value :before now}))

(defn- note-value
  "The state, {key {:now :before}}, after the reply to a GET or a plain SET."
  [state {:keys [word args queued reply]}]
  (let [[_ k written] args]
    (cond queued                                  state
          (= "GET" word)                          (update state k seen reply)
          (and (= "SET" word) (= "OK" reply))     (update state k seen written)
          :else                                   state)))

(def old-value
  {:says "serves the value that a key had before its present one"
   :meant [:register] :rate 0.1 :state {} :found-as #{:nonlinearizable}
   :on-reply (fn [state {[_ k] :args :keys [word queued strike?] :as event}]
               (let [state  (note-value state event)
                     before (get-in state [k :before])]
                 (if (and strike? before (= "GET" word) (nil? queued))
                   [state [[:answer before]]]
                   [state nil])))})

(def swap-writes
  {:says "applies two acknowledged SETs of a key in the reverse order"
   :meant [:register] :rate 0.1 :state {} :found-as #{:nonlinearizable}
   :on-command (fn [held {[_ k] :args :keys [args strike?] :as event}]
                 (when (plain-set? event)
                   (if-let [earlier (held k)]
                     [(dissoc held k) [[:forward args] [:mute earlier]]]
                     (when strike? [(assoc held k args) [[:answer :OK]]]))))})

;; ---- counters ----

(def duplicate-incr
  {:says "executes an INCRBY twice and tells the first result"
   :meant [:counter] :rate 0.02 :found-as #{:above-bounds}
   :on-command (on (comp #{"INCRBY"} :word) (fn [{:keys [args]}] [[:forward args] [:mute args]]))})

;; ---- transactions ----

(defn- append? [[word]] (contains? #{"APPEND" "RPUSH"} (str/upper-case word)))

(defn- exec-of
  "An occasion: the EXEC of a transaction whose commands satisfy pred."
  [pred]
  (fn [{:keys [word queued]}] (and (= "EXEC" word) (seq queued) (pred queued))))

(def duplicate-append
  {:says "executes an append once more after its transaction"
   :meant [:list-append] :rate 0.05 :found-as #{:duplicate}
   :on-command (on (exec-of #(some append? %))
                   (fn [{:keys [args queued]}]
                     [[:forward args] [:mute (first (filter append? queued))]]))})

(defn- without-last-append
  "The parts of a reply to the commands, of which the last append is not executed."
  [queued]
  (let [spared (last (keep-indexed (fn [i command] (when (append? command) i)) queued))]
    (vec (map-indexed (fn [i command] (if (= i spared) [:answer 1] [:forward command])) queued))))

(def torn-transaction
  {:says "executes a transaction without its last append, and answers for that"
   :meant [:list-append] :rate 0.05 :found-as #{:lost-update :internal :G1b}
   :on-command (on (exec-of #(some append? %))
                   (fn [{:keys [queued]}]
                     [[:mute ["DISCARD"]] [:collect (without-last-append queued)]]))})

(def ^:private gap-ms 200)

(defn- in-two-halves [queued]
  (let [[now late] (split-at (quot (count queued) 2) queued)]
    (into (mapv #(vector :forward %) now) (map (fn [c] [:after gap-ms [:forward c]])) late)))

(defn- appends-on-both-sides? [queued]
  (every? #(some append? %) (split-at (quot (count queued) 2) queued)))

(def split-transaction
  {:says "executes the second half of a transaction 200 ms after the first"
   :meant [:list-append] :rate 0.3 :found-as #{:G0 :G1b :G1c :G-single :G2 :internal}
   :on-command (on (exec-of appends-on-both-sides?)
                   (fn [{:keys [queued]}]
                     [[:mute ["DISCARD"]] [:collect (in-two-halves queued)]]))})

(def refuse-but-commit
  {:says "answers -EXECABORT to an EXEC, and executes it"
   :meant [:list-append] :rate 0.05 :found-as #{:G1a}
   :on-command (on (exec-of #(some append? %))
                   (fn [{:keys [args]}]
                     [[:mute args]
                      [:answer (resp/->ErrorReply "EXECABORT Transaction discarded")]]))})

(defn- read? [[word]] (contains? #{"GET" "LRANGE"} (str/upper-case word)))

(defn- shorter
  "An earlier state of a list, given as a vector or as a text like ,1,2."
  [value]
  (cond (vector? value) (vec (drop-last 2 value))
        (string? value) (str/replace value #"(,\d+){1,2}$" "")
        :else           value))

(def stale-transaction-read
  {:says "serves, of the lists that a transaction reads, states of some appends ago"
   :meant [:list-append] :rate 0.05
   :found-as #{:internal :G-single :G-single-process :G-single-realtime}
   :on-reply (on (fn [{:keys [reply] :as event}]
                   (and (vector? reply) ((exec-of #(some read? %)) event)))
                 (fn [{:keys [reply queued]}]
                   [[:answer (mapv #(if (read? %1) (shorter %2) %2) queued reply)]]))})

;; ---- locks ----

(defn- locking? [{:keys [word args]}]
  (and (= "SET" word) (some #{"NX"} (map str/upper-case (drop 3 args)))))

(def ^:private theft-ms 5)

(def steal-lock
  {:says "deletes a lock that it does not own, 5 ms after it was given"
   :meant [:lock] :rate 0.2 :found-as #{:mutual-exclusion}
   :on-reply (on #(and (locking? %) (= "OK" (:reply %)))
                 (fn [{[_ k] :args}] [[:answer :OK] [:after theft-ms [:mute ["DEL" k]]]]))})

(def grant-twice
  {:says "answers OK to a SET NX that found the lock held"
   :meant [:lock] :rate 0.05 :found-as #{:mutual-exclusion}
   :on-reply (on #(and (locking? %) (nil? (:reply %))) (fn [_] [[:answer :OK]]))})

(def old-token
  {:says "answers an INCR with the number before"
   :meant [:lock] :rate 0.2 :found-as #{:token-regression}
   :on-reply (on #(and (= "INCR" (:word %)) (integer? (:reply %)))
                 (fn [{:keys [reply]}] [[:answer (dec reply)]]))})

;; ---- messages ----

(def reorder-pubsub
  {:says "delivers a message behind the one after it"
   :meant [:switch-master] :rate 0.1 :state {} :found-as #{:out-of-order}
   :on-push (fn [held {:keys [conn message strike?]}]
              (if-let [earlier (held conn)]
                [(dissoc held conn) [[:push message] [:push earlier]]]
                (when strike? [(assoc held conn message) []])))})

(def drop-message
  {:says "does not deliver a message"
   :meant [:switch-master] :rate 0.05 :found-as #{:undelivered}
   :on-push (on (constantly true) (fn [_] []))})

;; ---- harmless ----

(def ^:private writes
  #{"SET" "INCRBY" "INCR" "RPUSH" "APPEND" "EXEC" "EVAL" "EVALSHA" "DEL" "SADD"})

(def ^:private work (into writes ["GET" "LRANGE"]))

(def lost-reply
  {:says "executes a command and closes the connection instead of replying"
   :meant [:set :counter :list-append :register :lock] :harmless? true :rate 0.02
   :on-reply (on (comp writes :word) (fn [_] [[:hang-up]]))})

(def cut
  {:says "closes the connection instead of forwarding a command"
   :meant [:register] :harmless? true :rate 0.02
   :on-command (on (comp work :word) (fn [_] [[:hang-up]]))})

(def ^:private slow-ms-max 200)

(def slow
  {:says "keeps a reply back for up to 200 ms"
   :meant [:list-append :lock] :harmless? true :rate 0.1
   :on-reply (on (comp work :word)
                 (fn [{:keys [bytes chance]}]
                   [[:after (long (* slow-ms-max (chance :slow))) [:answer bytes]]]))})

(def lies
  "Name -> lie."
  {:drop-acknowledged      drop-acknowledged
   :phantom                phantom
   :corrupt                corrupt
   :refuse-but-do          refuse-but-do
   :ack-before-forward     ack-before-forward
   :old-value              old-value
   :swap-writes            swap-writes
   :duplicate-incr         duplicate-incr
   :duplicate-append       duplicate-append
   :torn-transaction       torn-transaction
   :split-transaction      split-transaction
   :refuse-but-commit      refuse-but-commit
   :stale-transaction-read stale-transaction-read
   :steal-lock             steal-lock
   :grant-twice            grant-twice
   :old-token              old-token
   :reorder-pubsub         reorder-pubsub
   :drop-message           drop-message
   :lost-reply             lost-reply
   :cut                    cut
   :slow                   slow})

(defn parse [text] (registry/parse "lie" lies {} text))
