(ns chaos.checker.linear.models
  "What an object must do when one client at a time uses it. A model is data:

    :name        its keyword
    :init        the state at the beginning
    :step        (fn [state op] state-or-nil): the state after op, nil where op could not have
                 happened. A state is never nil (a register boxes its value, for nil is a value)
    :fs          the operations it knows
    :outputs     those whose :value is told by the completion (reads); the others are told by
                 the invocation
    :pure?       (fn [op]): op never changes any state
    :blind?      (fn [op]): op is possible in every state, and the next state tells nothing of it
    :refine      (fn [ops]) or nil: the same operations, some with a :before, the only state in
                 which they can have happened, as other operations of the history prove
    :removable   (fn [ops] (fn [op])): true for effects that nothing in ops can notice. Leaving
                 such an op out never turns a linearizable history into one that is not; that is
                 what lets a certificate be small and still prove something of the whole history

  One state is one object: histories of many keys are split by key first, which is sound because
  linearizability is local (Herlihy and Wing).

  Not modelled: expiry, operations on two keys, and who holds a mutex."
  (:require [chaos.registry :as registry]
            [clojure.string :as str])
  (:import (java.util HashMap)))

(defn- register-step [[held :as state] {:keys [f value type]}]
  (case f
    :read  (when (= held value) state)
    :write [value]
    :cas   (let [[old new] value]
             (if (= :fail type) ; a comparison that certainly failed saw something else
               (when (not= held old) state)
               (when (= held old) [new])))))

(defn- mismatch? [{:keys [f type]}] (and (= :cas f) (= :fail type)))

(defn- register-pure? [{:keys [f value] :as op}]
  (or (= :read f)
      (mismatch? op)
      (and (= :cas f) (= (first value) (second value)))))

(defn- register-removable
  "A value that nobody reads or compares with may as well never have been there. A comparison
  that failed notices every value, so it keeps all effects."
  [ops]
  (let [seen (into #{} (keep (fn [{:keys [f value]}]
                               (case f
                                 :read  [value]
                                 :cas   [(first value)]
                                 :write nil)))
                   ops)]
    (if (some mismatch? ops)
      (constantly false)
      (fn [{:keys [f value]}]
        (not (contains? seen (if (= :cas f) [(second value)] [value])))))))

(defn- cas-register [initial]
  {:init [initial] :step register-step :fs #{:read :write :cas} :outputs #{:read}
   :pure? register-pure? :blind? #(= :write (:f %)) :removable register-removable})

(defn- kv-step [held {:keys [f value before]}]
  (case f
    :get    (when (= held value) held)
    :put    value
    :append (when (or (nil? before) (= before held))
              (str held value))))

(defn- texts
  "Text -> how often it was written, when every one begins with the same character and has it
  nowhere else, so that what was put together of them can be taken apart in one way; else nil."
  [initial ops]
  (let [written (frequencies (keep (fn [{:keys [f value]}] (when (not= :get f) value)) ops))
        mark    (first (ffirst written))]
    (when (and mark
               (not (str/includes? initial (str mark)))
               (every? #(= 0 (str/last-index-of % (str mark))) (keys written)))
      {:mark mark :written written})))

(defn- note-befores!
  "Puts text -> what stood before it into `shown`, for each text of a string that was read, the
  last first; where one is known with the same before, so are those before it."
  [^HashMap shown mark ^String read]
  (loop [end (.length read)]
    (let [at (.lastIndexOf read (int mark) (dec end))]
      (when-not (neg? at)
        (let [text (subs read at end), before (subs read 0 at)]
          (when-not (= before (.get shown text))
            (.put shown text before)
            (recur at)))))))

(defn- befores [mark ops]
  (let [shown (HashMap.)]
    (doseq [{:keys [f value]} ops]
      (when (= :get f) (note-befores! shown (int mark) (str value))))
    shown))

(defn- kv-refine
  "An append of a text that only it wrote happened in exactly the state that some get shows
  before the text. With clients that append distinct texts this leaves the search next to no
  choice."
  [initial]
  (fn [ops]
    (if-let [{:keys [mark written]} (texts initial ops)]
      (let [shown ^HashMap (befores mark ops)]
        (mapv (fn [{:keys [f value] :as op}]
                (let [before (when (and (= :append f) (= 1 (written value))) (.get shown value))]
                  (if before (assoc op :before before) op)))
              ops))
      ops)))

(defn- kv-removable
  "A get tells the whole string, so text that no get contains was noticed by none."
  [ops]
  (let [gets (into [] (comp (filter #(= :get (:f %))) (map :value)) ops)]
    (fn [{:keys [value]}]
      (not-any? #(str/includes? (str %) (str value)) gets))))

(defn- kv [initial]
  {:init (str initial) :step kv-step :fs #{:get :put :append} :outputs #{:get}
   :pure? #(= :get (:f %)) :blind? #(= :put (:f %))
   :refine (kv-refine (str initial)) :removable kv-removable})

(defn- mutex-step [state {:keys [f]}]
  (case [state f]
    [:free :acquire] :held
    [:held :release] :free
    nil))

(defn- mutex-init [initial]
  (case (str/replace (str (or initial "free")) #"^:" "")
    "free" :free
    "held" :held
    (throw (registry/usage-error (str "a mutex begins free or held, not " initial)))))

(defn- mutex [initial]
  {:init (mutex-init initial)
   :step mutex-step :fs #{:acquire :release} :outputs #{}
   :pure? (constantly false) :blind? (constantly false) :removable (fn [_] (constantly false))})

(def models
  "Name -> function of the initial value (nil: the model's own) to a model."
  {:cas-register cas-register
   :kv           kv
   :mutex        mutex})

(defn model
  "The model of that name, or throws with exit status 2."
  ([name] (model name nil))
  ([name initial]
   (let [build (or (models name)
                   (throw (registry/usage-error
                           (str "unknown model \"" (clojure.core/name name) "\"; known: "
                                (str/join ", " (sort (map clojure.core/name (keys models))))))))]
     (assoc (build initial) :name name))))
