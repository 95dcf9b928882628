(ns chaos.planted.lies-test
  "Each lie's decision on literal events. Chance always says yes here."
  (:require [chaos.planted.lies :as lies]
            [chaos.resp :as resp]
            [chaos.workload :as workload]
            [clojure.test :refer [are deftest is testing]]))

(def ^:private error resp/->ErrorReply)

(defn- event [args more]
  (merge {:conn 1 :args args :word (first args) :queued nil :strike? true
          :chance (constantly 0.5)}
         more))

(defn- deeds
  "What the lie does at its occasion, in the state it begins with."
  [lie occasion args & {:as more}]
  (second ((occasion lie) (:state lie) (event args more))))

(deftest should-lie-about-a-set
  (are [expected lie] (= expected (deeds lie :on-command ["SET" "set:12" "12"]))
    [[:answer :OK]]
    lies/drop-acknowledged

    [[:mute ["SET" "set:1000000019" "1000000019"]] [:forward ["SET" "set:12" "12"]]]
    lies/phantom

    [[:forward ["SET" "set:12" "127"]]]
    lies/corrupt

    [[:mute ["SET" "set:12" "12"]]
     [:answer (error "READONLY You can't write against a replica")]]
    lies/refuse-but-do

    [[:answer :OK] [:after 300 [:mute ["SET" "set:12" "12"]]]]
    lies/ack-before-forward

    [[:answer :OK]]
    lies/swap-writes

    [[:hang-up]]
    lies/cut))

(deftest should-leave-transactions-and-conditions-to-the-lies-for-them
  (doseq [lie [lies/drop-acknowledged lies/phantom lies/corrupt lies/refuse-but-do
               lies/ack-before-forward lies/swap-writes]]
    (is (nil? (deeds lie :on-command ["SET" "set:12" "12"] :queued [])) (:says lie))
    (is (nil? (deeds lie :on-command ["SET" "set:12" "12" "NX"])) (:says lie))
    (is (nil? (deeds lie :on-command ["GET" "set:12"])) (:says lie))))

(deftest should-say-the-truth-when-chance-does-not-call
  (doseq [[name lie] lies/lies
          occasion   [:on-command :on-reply :on-push]
          :let       [f (occasion lie)]
          :when      f]
    (is (nil? (second (f (:state lie) (event ["SET" "set:1" "1"]
                                             {:strike? false :reply "OK" :message ["message"]}))))
        name)))

(defn- play
  "What the lie does at each event in turn: [occasion args more]."
  [lie & events]
  (loop [state (:state lie), events events, found []]
    (if-let [[[occasion args more] & events] (seq events)]
      (let [[state' done] ((occasion lie) state (event args more))]
        (recur (or state' state) events (conj found done)))
      found)))

(deftest should-apply-the-second-of-two-writes-first
  (is (= [[[:answer :OK]]
          [[:answer :OK]]
          [[:forward ["SET" "a" "2"]] [:mute ["SET" "a" "1"]]]
          nil]
         (play lies/swap-writes
               [:on-command ["SET" "a" "1"]]
               [:on-command ["SET" "b" "9"]]
               [:on-command ["SET" "a" "2"] {:strike? false}]
               [:on-command ["SET" "a" "3"] {:strike? false}]))))

(deftest should-serve-what-was-there-before
  (is (= [nil nil [[:answer "1"]] nil]
         (play lies/old-value
               [:on-reply ["SET" "a" "1"] {:reply "OK"}]
               [:on-reply ["SET" "a" "2"] {:reply "OK"}]
               [:on-reply ["GET" "a"] {:reply "2"}]
               [:on-reply ["GET" "b"] {:reply nil}])))
  (testing "learnt from reads as well, and not from refused writes"
    (is (= [nil nil nil [[:answer "1"]]]
           (play lies/old-value
                 [:on-reply ["GET" "a"] {:reply "1"}]
                 [:on-reply ["SET" "a" "2"] {:reply (error "READONLY")}]
                 [:on-reply ["GET" "a"] {:reply "3" :strike? false}]
                 [:on-reply ["GET" "a"] {:reply "3"}])))))

(deftest should-lie-about-transactions
  (let [queued [["APPEND" "a" ",1"] ["GET" "a"] ["APPEND" "b" ",2"] ["GET" "b"]]]
    (are [expected lie] (= expected (deeds lie :on-command ["EXEC"] :queued queued))
      [[:forward ["EXEC"]] [:mute ["APPEND" "a" ",1"]]]
      lies/duplicate-append

      [[:mute ["DISCARD"]]
       [:collect [[:forward ["APPEND" "a" ",1"]] [:forward ["GET" "a"]] [:answer 1]
                  [:forward ["GET" "b"]]]]]
      lies/torn-transaction

      [[:mute ["DISCARD"]]
       [:collect [[:forward ["APPEND" "a" ",1"]] [:forward ["GET" "a"]]
                  [:after 200 [:forward ["APPEND" "b" ",2"]]]
                  [:after 200 [:forward ["GET" "b"]]]]]]
      lies/split-transaction

      [[:mute ["EXEC"]] [:answer (error "EXECABORT Transaction discarded")]]
      lies/refuse-but-commit)
    (is (= [[:answer [2 ",3" 2 nil]]]
           (deeds lies/stale-transaction-read :on-reply ["EXEC"] :queued queued
                  :reply [2 ",3,4,1" 2 nil])))
    (is (= [[:answer [["x"]]]]
           (deeds lies/stale-transaction-read :on-reply ["EXEC"] :queued [["LRANGE" "a" "0" "-1"]]
                  :reply [["x" "y" "z"]])))
    (testing "and leave alone those they cannot hurt"
      (is (nil? (deeds lies/split-transaction :on-command ["EXEC"] :queued (take 2 queued))))
      (is (nil? (deeds lies/torn-transaction :on-command ["EXEC"] :queued [["GET" "a"]])))
      (is (nil? (deeds lies/stale-transaction-read :on-reply ["EXEC"] :queued queued
                       :reply nil))))))

(deftest should-execute-an-increment-twice
  (is (= [[:forward ["INCRBY" "n" "3"]] [:mute ["INCRBY" "n" "3"]]]
         (deeds lies/duplicate-incr :on-command ["INCRBY" "n" "3"]))))

(defn- taking [reply]
  {:reply reply :conn 1 :word "SET" :args ["SET" "lock:0" "t" "NX" "PX" "250"]})

(deftest should-lie-about-locks
  (let [ask (fn [lie reply]
              (let [{:keys [args] :as more} (taking reply)]
                (second ((:on-reply lie) nil (event args more)))))]
    (is (= [[:answer :OK] [:after 5 [:mute ["DEL" "lock:0"]]]] (ask lies/steal-lock "OK")))
    (is (nil? (ask lies/steal-lock nil)))
    (is (= [[:answer :OK]] (ask lies/grant-twice nil)))
    (is (nil? (ask lies/grant-twice "OK")))
    (is (nil? (deeds lies/grant-twice :on-reply ["SET" "a" "1"] :reply nil)))
    (is (= [[:answer 6]] (deeds lies/old-token :on-reply ["INCR" "lock:fence:0"] :reply 7)))))

(deftest should-lie-about-messages
  (let [message (fn [conn n & [strike?]]
                  [:on-push ["?"] {:conn conn :message ["message" "c" n] :strike? strike?}])]
    (is (= [nil [] [] [[:push ["message" "c" "3"]] [:push ["message" "c" "2"]]]
            [[:push ["message" "c" "9"]] [:push ["message" "c" "8"]]]]
           (play lies/reorder-pubsub (message 1 "1") (message 1 "2" true) (message 2 "8" true)
                 (message 1 "3") (message 2 "9"))))
    (is (= [nil []] (play lies/drop-message (message 1 "1") (message 1 "2" true))))))

(deftest should-do-no-harm
  (let [bytes (byte-array 1)]
    (is (= [[:hang-up]] (deeds lies/lost-reply :on-reply ["SET" "a" "1"] :reply "OK")))
    (is (nil? (deeds lies/lost-reply :on-reply ["GET" "a"] :reply "1")))
    (is (= [[:after 100 [:answer bytes]]]
           (deeds lies/slow :on-reply ["GET" "a"] :reply "1" :bytes bytes)))))

(deftest should-be-meant-for-workloads-that-exist
  (doseq [[name {:keys [says meant rate found-as harmless?]}] lies/lies]
    (is (string? says) name)
    (is (= (boolean harmless?) (empty? found-as)) name)
    (is (< 0 rate 1) name)
    (is (seq meant) name)
    (is (every? workload/workloads meant) name))
  (is (<= 10 (count (remove :harmless? (vals lies/lies)))))
  (is (<= 2 (count (filter :harmless? (vals lies/lies))))))

(deftest should-throw-on-a-lie-that-nobody-knows
  (is (= [:phantom :slow] (lies/parse "phantom,slow")))
  (is (thrown-with-msg? clojure.lang.ExceptionInfo #"unknown lie \"fantom\""
                        (lies/parse "fantom"))))
