(ns chaos.planted.relay-test
  "The relay on literal commands and replies: what goes up, what goes down, and in which order."
  (:require [chaos.planted.relay :as relay]
            [chaos.planted.wire :as wire]
            [clojure.test :refer [deftest is testing]]))

(defn- text [bs] (wire/text bs 0 (count bs)))

(defn- readable
  "An effect with its bytes as values."
  [[kind c payload]]
  (case kind
    :up   [:up c (:value (ffirst (wire/commands payload)))]
    :down [:down c (text payload)]
    :cut  [:cut c]
    [kind c payload]))

(defn- play
  "Effects of the steps, one vector a step: [:command c args...], [:reply c value], [:due event],
  [:closed c]. Clients 1 and 2 are connected."
  [lie steps]
  (loop [relay (-> (relay/relay lie 1) (relay/opened 1) (relay/opened 2)), steps steps, found []]
    (if-let [[[kind c & args] & more] (seq steps)]
      (let [[relay effects]
            (case kind
              :command (relay/command relay c (ffirst (wire/commands (wire/command args))))
              :reply   (relay/reply relay c (ffirst (wire/replies (wire/reply (first args)))))
              :due     (relay/due relay c)
              :closed  [(relay/closed relay c) []])]
        (recur relay more (conj found (mapv readable effects))))
      found)))

(defn- on-command
  "A lie that answers the command with this word by these deeds."
  [word & deeds]
  {:rate 1 :on-command (fn [_ event] (when (= word (:word event)) [nil (vec deeds)]))})

(deftest should-pass-on-what-comes-when-nobody-lies
  (is (= [[[:up 1 ["set" "a" "1"]]]
          [[:up 2 ["GET" "a"]]]
          [[:down 2 "$1\r\n1\r\n"]]
          [[:down 1 "+OK\r\n"]]]
         (play relay/truth [[:command 1 "set" "a" "1"] [:command 2 "GET" "a"]
                            [:reply 2 "1"] [:reply 1 :OK]]))))

(deftest should-answer-in-the-order-of-commands-whoever-answers
  (is (= [[[:up 1 ["GET" "a"]]]
          []
          [[:up 1 ["GET" "b"]]]
          [[:down 1 "$1\r\na\r\n"] [:down 1 "+OK\r\n"]]
          [[:down 1 "$1\r\nb\r\n"]]]
         (play (on-command "SET" [:answer :OK])
               [[:command 1 "GET" "a"] [:command 1 "SET" "a" "1"] [:command 1 "GET" "b"]
                [:reply 1 "a"] [:reply 1 "b"]]))))

(deftest should-keep-a-muted-reply-from-everybody
  (is (= [[[:up 1 ["INCR" "a"]] [:up 1 ["INCR" "a"]]]
          [[:down 1 ":1\r\n"]]
          []]
         (play (on-command "INCR" [:forward ["INCR" "a"]] [:mute ["INCR" "a"]])
               [[:command 1 "INCR" "a"] [:reply 1 1] [:reply 1 2]]))))

(deftest should-collect-several-replies-into-one
  (let [late [:send 1 ["GET" "b"] [0 2]]]
    (is (= [[[:up 1 ["GET" "a"]] [:later 20 late]]
            []
            [[:up 1 ["GET" "b"]]]
            [[:down 1 "*3\r\n$1\r\nx\r\n:7\r\n$1\r\ny\r\n"]]]
           (play (on-command "EXEC" [:collect [[:forward ["GET" "a"]] [:answer 7]
                                               [:after 20 [:forward ["GET" "b"]]]]])
                 [[:command 1 "EXEC"] [:reply 1 "x"] [:due late] [:reply 1 "y"]])))))

(deftest should-send-later-by-the-connection-of-its-own
  (is (= [[[:down 1 "+OK\r\n"] [:later 300 [:send :own ["SET" "a" "1"] nil]]]
          []
          [[:up :own ["SET" "a" "1"]]]
          []]
         (play (on-command "SET" [:answer :OK] [:after 300 [:mute ["SET" "a" "1"]]])
               [[:command 1 "SET" "a" "1"] [:closed 1]
                [:due [:send :own ["SET" "a" "1"] nil]] [:reply :own :OK]]))))

(deftest should-hold-back-later-replies-behind-a-late-one
  (let [slow {:rate 1 :on-reply (fn [_ {:keys [word bytes]}]
                                  (when (= "GET" word) [nil [[:after 50 [:answer bytes]]]]))}
        [_ _ [[_ ms [_ _ _ bytes :as fill]]] second-reply filled]
        (play slow [[:command 1 "GET" "a"] [:command 1 "PING"] [:reply 1 "x"] [:reply 1 :PONG]
                    [:due [:fill 1 [0 0] (wire/latin1 "$1\r\nx\r\n")]]])]
    (is (= [50 "$1\r\nx\r\n"] [ms (text bytes)]))
    (is (= [:fill 1 [0 0]] (take 3 fill)))
    (is (= [] second-reply))
    (is (= [[:down 1 "$1\r\nx\r\n"] [:down 1 "+PONG\r\n"]] filled))))

(deftest should-forget-a-connection-that-ended
  (is (= [[[:cut 1]] [] [] [[:up 2 ["GET" "a"]]]]
         (play {:rate 1 :on-command (fn [_ {:keys [conn]}] (when (= 1 conn) [nil [[:hang-up]]]))}
               [[:command 1 "GET" "a"] [:reply 1 "x"] [:due [:fill 1 [0 0] (byte-array 0)]]
                [:command 2 "GET" "a"]]))))

(deftest should-tell-messages-from-replies-and-subscribe-to-several-channels-at-once
  (is (= [[[:up 1 ["SUBSCRIBE" "a" "b"]]]
          []
          [[:down 1 (str "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n"
                         "*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n")]]
          [[:down 1 "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n"]]
          [[:up 1 ["PING"]]]
          [[:down 1 "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nho\r\n"]]
          [[:down 1 "*2\r\n$4\r\npong\r\n$0\r\n\r\n"]]]
         (play relay/truth
               [[:command 1 "SUBSCRIBE" "a" "b"]
                [:reply 1 ["subscribe" "a" 1]] [:reply 1 ["subscribe" "b" 2]]
                [:reply 1 ["message" "a" "hi"]]
                [:command 1 "PING"] [:reply 1 ["message" "a" "ho"]] [:reply 1 ["pong" ""]]]))))

(deftest should-tell-a-lie-what-was-queued
  (let [heard (atom [])]
    (play {:rate 1 :on-command (fn [_ {:keys [word queued]}] (swap! heard conj [word queued]) nil)}
          [[:command 1 "MULTI"] [:command 1 "GET" "a"] [:command 2 "GET" "b"] [:command 1 "exec"]
           [:command 1 "GET" "a"]])
    (is (= [["MULTI" nil] ["GET" []] ["GET" nil] ["EXEC" [["GET" "a"]]] ["GET" nil]] @heard))))

(deftest should-strike-at-moments-that-the-seed-names
  (let [strikes (fn [seed rate]
                  (let [noted (atom [])
                        note  (fn [_ event] (swap! noted conj (:strike? event)) nil)
                        lie   {:rate rate :on-command note}
                        frame (ffirst (wire/commands (wire/command ["PING"])))]
                    (reduce (fn [r _] (first (relay/command r 1 frame)))
                            (relay/opened (relay/relay lie seed) 1)
                            (range 500))
                    @noted))]
    (testing "repeated for a seed, different for another"
      (is (= (strikes 3 0.1) (strikes 3 0.1)))
      (is (not= (strikes 3 0.1) (strikes 4 0.1))))
    (is (< 20 (count (filter true? (strikes 3 0.1))) 90))
    (is (not-any? true? (strikes 3 0)))))

(deftest should-end-what-it-has-begun-and-begin-nothing-when-told-to-rest
  (let [lie   {:rate 1 :on-command (fn [held {:keys [strike?]}]
                                     (cond held    [nil [[:answer :LATE]]]
                                           strike? [true [[:answer :HELD]]]))}
        frame (ffirst (wire/commands (wire/command ["PING"])))
        ask   (fn [relay] (let [[relay [effect]] (relay/command relay 1 frame)]
                            [relay (first (readable effect)) (last (readable effect))]))
        [relay & begun] (ask (relay/opened (relay/relay lie 1) 1))
        [relay & ended] (ask (relay/rest-from-lying relay))
        [_ & truth]     (ask relay)]
    (is (= [[:down "+HELD\r\n"] [:down "+LATE\r\n"] [:up ["PING"]]] [begun ended truth]))))
