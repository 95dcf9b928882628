(ns chaos.checker.switch-master
  "Delivery of +switch-master to those who listened, and what it should end. A listener's
  :switch operations tell its links (from when to when it listened to which sentinel) and
  what came; observers, connected to each sentinel past the mesh, say what was published.

    undelivered   published by a sentinel in the middle of a listener's link to it, and never
                  delivered on that link
    out-of-order  delivered on one link in another order than published
    two-masters   a write acknowledged by another node than the new master, though it was
                  invoked after the word of the switch had reached some listener, and the
                  new master acknowledged writes of the same configuration too
    wrong-final   the last switch published does not name the master on which all sentinels
                  agreed at the end

  A link counts as listening from `settled-ns` after its subscription was confirmed until
  `dead-ns` before its end, since a dead connection is found late. So a message that is
  undelivered was published on a link that was alive: no dead link explains it, and the
  workload calls it severe. A configuration lasts from
  the first delivery of a switch, to anyone, to that of the next; a switch that does not
  begin at the master of the time is a late repetition.

  Without any switch there is nothing to deliver, and :due says 0; with switches of which
  nobody had to hear, the answer is :unknown.

  The message carries no epoch, so two switches that name the same addresses are told apart
  by time only. What an observer missed (its own link to a restarted sentinel) is not
  demanded of anybody; deliveries that no observer saw are counted as :unobserved."
  (:require [chaos.checker :as checker]
            [chaos.history :as history]
            [chaos.numbering :as numbering]))

(def ^:private settled-ns
  "An observer may hear of a switch that much later than the listener did, or did not."
  750000000)
(def ^:private dead-ns
  "A listener finds its link dead within 1.5 s (chaos.client.subscription); as much again is for
  a machine that is busy, and for a message that is under way when the link is told of."
  3000000000)

;; ---- who listened when, and what came ----

(defn- told [history] (filterv #(= :ok (:type %)) (history/completions history :switch)))

(defn- link-spans
  "[subscriber link] -> {:sentinel :since :until} in time of the run. A link that still stood
  when last told of is known until then."
  [ops]
  (reduce (fn [spans {:keys [time value]}]
            (reduce (fn [spans {:keys [n sentinel since-ago until-ago]}]
                      (update spans [(:subscriber value) n]
                              (fn [known]
                                {:sentinel sentinel
                                 :since    (:since known (- time since-ago))
                                 :until    (- time (or until-ago 0))})))
                    spans (:links value)))
          {} ops))

(defn- deliveries
  "[{:link [subscriber n] :text :time :op} ...] in order of time."
  [ops]
  (sort-by :time
           (for [{:keys [time value] :as op} ops
                 {:keys [link text ago] :as delivery} (:deliveries value)]
             (merge {:link [(:subscriber value) link] :text text :time (- time ago) :op op}
                    (numbering/switched delivery)))))

(defn- published [history]
  (filterv #(= :+switch-master (:f %)) (history/events history :sentinel)))

(defn- due
  "What a listener must have heard on a link."
  [published {:keys [sentinel since until]}]
  (filterv #(and (= sentinel (get-in % [:value :node]))
                 (< (+ since settled-ns) (:time %) (- until dead-ns)))
           published))

(defn- subsequence? [xs ys]
  (loop [xs (seq xs), ys (seq ys)]
    (cond (nil? xs)                   true
          (nil? ys)                   false
          (= (first xs) (first ys))   (recur (next xs) (next ys))
          :else                       (recur xs (next ys)))))

(defn- text-of [event] (get-in event [:value :text]))

(defn- link-certificates [published heard last-op [link span]]
  (let [due     (due published span)
        texts   (map :text (heard link))
        missing (remove (comp (set texts) text-of) due)
        op      (last-op (first link))]
    (cond
      (seq missing)
      (for [event missing]
        {:class :undelivered :ops [event op] :link link :span span
         :explanation (str "listener " (first link) " was listening to sentinel "
                           (:sentinel span) " and never heard \"" (text-of event) "\"")})
      (not (subsequence? (map text-of due) texts))
      [{:class :out-of-order :ops (conj due op) :link link :heard (vec texts)
        :explanation (str "listener " (first link) " heard the switches of sentinel "
                          (:sentinel span) " in another order")}])))

;; ---- who was master ----

(defn- configurations
  "[{:master node :from :until} ...], by the first deliveries of switches that follow from
  one another."
  [deliveries]
  (let [begun (reduce (fn [found {:keys [old new time]}]
                        (let [current (:master (peek found))]
                          (if (and (or (nil? current) (= current old)) (not= current new))
                            (conj found {:master new :from time})
                            found)))
                      [] deliveries)]
    (map (fn [configuration {:keys [from]}] (assoc configuration :until from))
         begun (concat (rest begun) [{:from Long/MAX_VALUE}]))))

(defn- two-masters [writes {:keys [master from until]}]
  (let [acked (filter #(and (= :ok (:type %)) (<= from (:invoked %)) (< (:time %) until)) writes)
        right (first (filter #(= master (:node %)) acked))]
    (when right
      (for [wrong acked :when (not= master (:node wrong))]
        {:class :two-masters :from from :until until :master master
         :ops (mapv #(dissoc % :invoked) [right wrong])
         :explanation (str "node " (:node wrong) " acknowledged a write "
                           (format "%.1f" (/ (- (:invoked wrong) from) 1e6))
                           " ms after a client had heard that node " master " is the master")}))))

(defn- final-master [history]
  (last (filter #(and (:done? %) (= :settle (:f %)) (get-in % [:value :primary]))
                (history/events history :nemesis))))

(defn- wrong-final [history published]
  (let [settled (final-master history), event (peek published)]
    (when (and settled event
               (not= (get-in settled [:value :primary])
                     (:new (numbering/switched (:value event)))))
      [{:class :wrong-final :ops [event settled]
        :explanation (str "the last word was \"" (text-of event) "\", and the master is node "
                          (get-in settled [:value :primary]))}])))

(defn check [history _]
  (let [ops       (told history)
        writes    (history/completions history :write)
        published (published history)
        came      (deliveries ops)
        heard     (group-by :link came)
        last-op   (into {} (map (fn [op] [(get-in op [:value :subscriber]) (dissoc op :invoked)]))
                        ops)
        spans     (link-spans ops)
        anomalies (checker/anomalies
                   (concat (mapcat #(link-certificates published heard last-op %) spans)
                           (mapcat #(two-masters writes %) (configurations came))
                           (wrong-final history published)))
        due-n     (reduce + (map #(count (due published (val %))) spans))
        unknown   (cond (empty? spans)
                        "nobody listened"
                        (and (seq published) (zero? due-n))
                        "no switch was published while anybody listened")]
    {:valid?    (cond (seq anomalies) false unknown :unknown :else true)
     :because   unknown
     :anomalies anomalies
     :counts    (merge (checker/outcomes writes)
                       {:published  (count published)
                        :due        due-n
                        :delivered  (count came)
                        :unobserved (count (remove (comp (set (map text-of published)) :text)
                                                   came))
                        :listeners  (count (distinct (map first (keys spans))))
                        :links      (count spans)})}))

;; ---- the independent look ----

(defn- heard-on [history [subscriber n]]
  (for [{:keys [type f value]} history
        :when (and (= :switch f) (= :ok type) (= subscriber (:subscriber value)))
        {:keys [link text]} (:deliveries value)
        :when (= n link)]
    text))

(defn- word-was-out?
  "Whether some listener had heard by `time` that the master is this node."
  [history master time]
  (some (fn [{:keys [type f value] told :time}]
          (and (= :switch f) (= :ok type)
               (some (fn [{:keys [ago] :as delivery}]
                       (and (<= (- told ago) time)
                            (= master (:new (numbering/switched delivery)))))
                     (:deliveries value))))
        history))

(defn- invoked-at [history {:keys [process index]}]
  (:time (last (filter #(and (= process (:process %)) (= :invoke (:type %)) (< (:index %) index))
                       history))))

(defn recheck
  "Whether the operations stand in the history and show what the certificate says."
  [history {:keys [class ops link master until heard]}]
  (let [[a b] ops]
    (boolean
     (and (every? #(checker/stands? history %) ops)
          (case class
            :undelivered  (and (= :+switch-master (:f a))
                               (not-any? #{(text-of a)} (heard-on history link)))
            :out-of-order (and (= heard (heard-on history link))
                               (not (subsequence? (map text-of (butlast ops)) heard)))
            :two-masters  (and (= [:ok :ok master] [(:type a) (:type b) (:node a)])
                               (not= master (:node b))
                               (word-was-out? history master (invoked-at history b))
                               (< (:time b) until))
            :wrong-final  (and (= :settle (:f b))
                               (not= (get-in b [:value :primary])
                                     (:new (numbering/switched (:value a))))))))))
