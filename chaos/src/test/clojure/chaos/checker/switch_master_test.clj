(ns chaos.checker.switch-master-test
  "Literal histories, times in milliseconds. Listener 101 links to sentinel 2 at 0."
  (:require [chaos.checker.switch-master :as switch-master]
            [clojure.test :refer [are deftest is]]))

(defn- ns-of [ms] (* 1000000 ms))

(defn- text [from to] (str "mymaster 127.0.1." from " 7 127.0.1." to " 7"))

(defn- published [ms from to]
  [(ns-of ms) {:type :info :process :sentinel :f :+switch-master
               :value {:node 2 :text (text from to)}}])

(defn- told
  "Told at ms: deliveries [ms from to] on link 0, which stands or ended at `until`."
  [ms until & deliveries]
  (let [ago #(when % (ns-of (- ms %)))
        op  {:process 0 :f :switch}]
    [(ns-of ms) (assoc op :type :invoke)
     (ns-of ms) (assoc op :type :ok
                       :value {:subscriber 101
                               :deliveries (vec (for [[at from to] deliveries]
                                                  {:link 0 :sentinel 2 :text (text from to)
                                                   :ago (ago at)}))
                               :links [{:n 0 :sentinel 2 :since-ago (ago 0)
                                        :until-ago (ago until)}]})]))

(defn- wrote [ms node]
  [(ns-of ms) {:type :invoke :process ms :f :write :key 0 :value ms}
   (ns-of (inc ms)) {:type :ok :process ms :f :write :key 0 :value ms :node node}])

(defn- settled [ms node]
  [(ns-of ms) {:type :info :process :nemesis :f :settle :done? true :value {:primary node}}])

(defn- history [& parts]
  (->> (partition 2 (apply concat parts))
       (sort-by first)
       (into [] (map-indexed (fn [i [time op]] (assoc op :index i :time time))))))

(defn- check [& parts] (switch-master/check (apply history parts) {}))

(deftest should-accept-what-was-heard-in-order
  (are [valid? parts] (= [valid? {}] ((juxt :valid? :anomalies) (apply check parts)))
    true  [(published 1000 1 2) (told 9000 nil [1001 1 2]) (settled 9999 2)]
    true  [(published 1000 1 2) (told 1100 nil [1001 1 2]) (told 9000 nil)]
    true  [(published 1000 1 2) (published 3000 2 1) (told 9000 nil [1001 1 2] [3001 2 1])
           (settled 9999 1)]
    true  [(published 1000 1 2) (told 9000 nil [1001 1 2]) (wrote 999 1) (wrote 1500 2)]))

(deftest should-take-the-nodes-that-a-message-names
  (let [text   "ours 10.0.0.7 6379 10.0.0.7 6380"
        number #(assoc % :text text :old 1 :new 2)
        named  (fn [[_ op :as part]] (assoc part 1 (update op :value number)))
        heard  (fn [[a b c op]] [a b c (update-in op [:value :deliveries] #(mapv number %))])]
    (is (= [true {}] ((juxt :valid? :anomalies)
                      (check (named (published 1000 1 2)) (heard (told 9000 nil [1001 1 2]))
                             (wrote 1500 2) (settled 9999 2)))))
    (is (= #{:wrong-final} (set (keys (:anomalies (check (named (published 1000 1 2))
                                                         (heard (told 9000 nil [1001 1 2]))
                                                         (settled 9999 1)))))))))

(deftest should-not-demand-what-came-when-nobody-listened
  (are [parts] (= [:unknown {}] ((juxt :valid? :anomalies) (apply check parts)))
    [(published 200 1 2) (told 9000 nil)]
    [(published 1000 1 2) (told 9000 2500)]
    [(published 1000 1 2) (told 9000 3900)]
    [(published 7000 1 2) (told 9000 nil)]
    [(published 700 1 2) (told 9000 nil)]
    [(published 1000 1 2)]
    []))

(deftest should-find-nothing-to-deliver-without-a-switch
  (is (= [true {} 0] ((juxt :valid? :anomalies (comp :due :counts)) (check (told 9000 nil))))))

(deftest should-flag-each-anomaly
  (are [class parts]
       (let [h (apply history parts)
             {:keys [valid? anomalies]} (switch-master/check h {})]
         (and (false? valid?)
              (= {class 1} (update-vals anomalies :count))
              (every? #(switch-master/recheck h %) (mapcat :shown (vals anomalies)))))
    :undelivered  [(published 1000 1 2) (told 9000 nil)]
    :undelivered  [(published 1000 1 2) (told 9000 4100)]
    :undelivered  [(published 1000 1 2) (published 3000 2 3) (told 9000 nil [3001 2 3])]
    :out-of-order [(published 1000 1 2) (published 3000 2 3)
                   (told 9000 nil [1001 2 3] [3001 1 2])]
    :two-masters  [(published 1000 1 2) (told 9000 nil [1001 1 2]) (wrote 1500 2) (wrote 1600 1)]
    :wrong-final  [(published 1000 1 2) (told 9000 nil [1001 1 2]) (settled 9999 1)]))

(deftest should-not-take-a-late-repetition-for-a-new-configuration
  (is (= {} (:anomalies (check (published 1000 1 2) (published 2000 2 3)
                               (told 9000 nil [1001 1 2] [2001 2 3] [2500 1 2])
                               (wrote 1500 2) (wrote 2600 3))))))

(deftest should-refuse-certificates-that-do-not-hold
  (let [h (history (published 1000 1 2) (told 9000 nil [1001 1 2]) (wrote 1500 2) (wrote 1600 1)
                   (settled 9999 2))
        [event] (filterv #(= :sentinel (:process %)) h)
        [proof] (get-in (switch-master/check h {}) [:anomalies :two-masters :shown])]
    (are [wrong] (not (switch-master/recheck h wrong))
      (assoc proof :master 1)
      (update proof :ops (comp vec reverse))
      {:class :undelivered :link [101 0] :ops [event]}
      {:class :wrong-final :ops [event (peek h)]})))
