(ns chaos.planted.relay
  "What the lying proxy does with each command and each reply, as pure functions

    (f relay ...) -> [relay' effects]

  of a relay, which holds one lie and what is under way on each connection. Effects are for
  `chaos.planted.proxy` to perform, in order:

    [:up c bytes]      to the server, on the connection of client c; c = :own is the proxy's
    [:down c bytes]    to client c
    [:cut c]           close both sides of c
    [:later ms event]  come back with `(due relay event)`

  A lie is data (see chaos.planted.lies). It is asked at each command, reply and pushed
  message, and answers nil (the truth) or [state deeds]:

    [:forward args]  to the server; the reply is the client's       (of a command)
    [:collect parts] one array reply, of parts [:forward args], [:after ms [:forward args]]
                     and [:answer value]
    [:mute args]     to the server; nobody gets the reply
    [:answer value]  to the client, in the place of the server's reply
    [:push value]    to the client, unasked                         (of a message)
    [:hang-up]       the connection ends
    [:after ms deed] of an :answer; and of a :mute, which then goes by the proxy's own
                     connection, since the client's may be gone or within MULTI

  Replies reach a client in the order of its commands, whoever makes them: each command has a
  slot, and a slot waits for those before it. So pipelining survives any lie."
  (:require [chaos.planted.wire :as wire]
            [chaos.random :as random]
            [clojure.string :as str]))

(def truth "The lie that never strikes." {:rate 0})

(defn relay
  "A relay for a lie. seed names the moments at which it strikes."
  [lie seed]
  {:lie lie :seed seed :state (:state lie) :asked 0 :strikes 0 :slot 0
   :conns {:own {:slots [] :expected []}}})

(defn rest-from-lying
  "The lie strikes no more; what it has begun it may end."
  [relay]
  (assoc-in relay [:lie :rate] 0))

(defn opened [relay c] (assoc-in relay [:conns c] {:slots [] :expected [] :queued nil}))

(defn closed [relay c] (update relay :conns dissoc c))

;; ---- slots: what a client waits for ----

(defn- full? [{:keys [parts]}] (every? some? parts))

(defn- flush-slots
  "Sends what stands at the head of the queue, filled."
  [relay c]
  (let [[ready waiting] (split-with full? (get-in relay [:conns c :slots]))]
    [(assoc-in relay [:conns c :slots] (vec waiting))
     (vec (for [{:keys [parts header?]} ready]
            [:down c (wire/join (cond->> parts
                                  header? (cons (wire/array-header (count parts)))))]))]))

(defn- fill
  "Puts bytes into part i of a slot, which may have gone with its connection."
  [relay c [id i] bytes]
  (if (get-in relay [:conns c])
    (flush-slots (update-in relay [:conns c :slots]
                            (fn [slots]
                              (mapv #(if (= id (:id %)) (assoc-in % [:parts i] bytes) %) slots)))
                 c)
    [relay []]))

(defn- new-slot [relay c parts header?]
  (let [id (:slot relay)]
    [(-> relay
         (update :slot inc)
         (update-in [:conns c :slots] conj
                    {:id id :parts (vec (repeat parts nil)) :header? header?}))
     id]))

(defn- send-up
  "A command on connection c; place is where its reply belongs, nil for nowhere."
  [relay c args bytes place]
  (let [queued (get-in relay [:conns c :queued])]
    [(update-in relay [:conns c :expected] conj {:args args :place place :queued queued})
     [[:up c bytes]]]))

;; ---- deeds ----

(defn- in-turn
  "Threads the relay through the steps, functions of it, and joins their effects."
  [relay steps]
  (reduce (fn [[relay effects] step]
            (let [[relay' more] (step relay)] [relay' (into effects more)]))
          [relay []]
          steps))

(def ^:private subscribing #{"SUBSCRIBE" "PSUBSCRIBE" "UNSUBSCRIBE" "PUNSUBSCRIBE"})

(defn- word-of [args] (str/upper-case (first args)))

(defn- replies-of
  "How many replies a command gets: one for each channel, of those that subscribe."
  [args]
  (if (subscribing (word-of args)) (max 1 (dec (count args))) 1))

(defn- forward [relay c args bytes]
  (let [n          (replies-of args)
        [relay id] (new-slot relay c n false)
        [relay up] (send-up relay c args bytes [id 0])]
    [(reduce (fn [r i] (update-in r [:conns c :expected] conj {:args args :place [id i]}))
             relay (range 1 n))
     up]))

(defn- collect [relay c parts]
  (let [[relay id] (new-slot relay c (count parts) true)]
    (in-turn relay
             (map-indexed
              (fn [i [kind a [_ late]]]
                (case kind
                  :forward (fn [r] (send-up r c a (wire/command a) [id i]))
                  :after   (fn [r] [r [[:later a [:send c late [id i]]]]])
                  :answer  (fn [r] (fill r c [id i] (wire/reply a)))))
              parts))))

(defn- act
  "One deed about connection c. place is the part of a slot that the deed is to fill, nil when
  it shall have a new one."
  [relay c place [kind a b :as deed]]
  (case kind
    :forward (forward relay c a (wire/command a))
    :collect (collect relay c a)
    :mute    (send-up relay c a (wire/command a) nil)
    :push    [relay [[:down c (wire/reply a)]]]
    :hang-up [(closed relay c) [[:cut c]]]
    :answer  (if place
               (fill relay c place (wire/reply a))
               (let [[relay id] (new-slot relay c 1 false)] (fill relay c [id 0] (wire/reply a))))
    :after   (case (first b)
               :mute   [relay [[:later a [:send :own (second b) nil]]]]
               :answer (if place
                         [relay [[:later a [:fill c place (wire/reply (second b))]]]]
                         (let [[relay id] (new-slot relay c 1 false)]
                           [relay [[:later a [:fill c [id 0] (wire/reply (second b))]]]])))
    (throw (ex-info (str "no such deed: " deed) {}))))

(defn- perform [relay c place deeds]
  (in-turn relay (map (fn [deed] (fn [r] (if (get-in r [:conns c]) (act r c place deed) [r []])))
                      deeds)))

;; ---- asking the lie ----

(defn- ask
  "[relay deeds] of the lie's function for this occasion; deeds are nil for the truth. The
  lie may strike where chance says so, and may always take note."
  [{:keys [lie seed asked state] :as relay} occasion event]
  (let [relay (update relay :asked inc)
        event (assoc event :chance #(apply random/unit seed asked %&)
                     :strike? (< (random/unit seed :strike asked) (:rate lie)))
        [state deeds] (when-let [f (occasion lie)] (f state event))]
    (if deeds
      [(-> relay (assoc :state state) (update :strikes inc)) deeds]
      [(cond-> relay state (assoc :state state)) nil])))

(defn- queued-after [queued args]
  (case (word-of args)
    "MULTI"            []
    ("EXEC" "DISCARD") nil
    (some-> queued (conj args))))

(defn command
  "A command of client c came, as a frame of `wire/commands`."
  [relay c {args :value bytes :bytes}]
  (if (empty? args)
    [relay []]
    (let [queued          (get-in relay [:conns c :queued])
          [relay deeds]   (ask relay :on-command {:conn c :args args :word (word-of args)
                                                  :queued queued})
          [relay effects] (if deeds
                            (perform relay c nil deeds)
                            (forward relay c args bytes))]
      [(cond-> relay
         (get-in relay [:conns c]) (assoc-in [:conns c :queued] (queued-after queued args)))
       effects])))

(defn- push [relay c {:keys [value bytes]}]
  (let [[relay deeds] (ask relay :on-push {:conn c :message value})]
    (if deeds
      (perform relay c nil deeds)
      [relay [[:down c bytes]]])))

(defn- message? [{:keys [value]}]
  (and (vector? value) (contains? #{"message" "pmessage"} (first value))))

(defn reply
  "A reply of the server came on the connection of client c."
  [relay c {:keys [value bytes] :as frame}]
  (let [[{:keys [args place queued]} & more :as expected] (get-in relay [:conns c :expected])]
    (cond
      (nil? (get-in relay [:conns c]))              [relay []]
      (or (message? frame) (empty? expected))       (push relay c frame)
      :else
      (let [relay (assoc-in relay [:conns c :expected] (vec more))]
        (if (nil? place)
          [relay []]
          (let [[relay deeds] (ask relay :on-reply {:conn c :args args :word (word-of args)
                                                    :queued queued :reply value :bytes bytes})]
            (if deeds
              (perform relay c place deeds)
              (fill relay c place bytes))))))))

(defn due
  "The moment of a [:later ms event] has come."
  [relay [kind c a b]]
  (cond (nil? (get-in relay [:conns c])) [relay []]
        (= :fill kind)                   (fill relay c a b)
        (= :send kind)                   (send-up relay c a (wire/command a) b)))
