(ns chaos.checker.list-append-test
  "Histories in a small language: \"ax1ry12\" is a transaction that appends 1 to x and reads y
  as [1 2]; \"rx_\" reads nothing known, \"rx.\" the empty list. A history is a list of
  [process transaction type] that begin one after another and all overlap, unless `serial`
  runs each to its end before the next. A final read is \"!rx12\"."
  (:require [chaos.checker.list-append :as list-append]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]))

(defn- mop [text]
  (let [[what k & vs] text
        k (keyword (str k))]
    (if (= \a what)
      [:append k (parse-long (apply str vs))]
      [:r k (case (first vs) \. [] \_ nil (mapv #(parse-long (str %)) vs))])))

(defn- op [[process text type]]
  (let [final? (str/starts-with? text "!")]
    (cond-> {:f :txn :process process :type (or type :ok)
             :value (mapv mop (re-seq #"[ar][xyz][0-9._]+" text))}
      final? (assoc :final? true))))

(defn- blind [{:keys [value] :as op}]
  (assoc op :type :invoke :value (mapv (fn [[f k v]] [f k (when (= :append f) v)]) value)))

(defn- indexed [ops] (into [] (map-indexed #(assoc %2 :index %1 :time (* 1000 %1))) ops))

(defn- overlapping [& parts]
  (let [ops (map op (map-indexed (fn [i p] (if (vector? p) p [i p])) parts))]
    (indexed (concat (map blind ops) ops))))

(defn- serial [& parts]
  (indexed (mapcat (juxt blind identity)
                   (map op (map-indexed (fn [i p] (if (vector? p) p [i p])) parts)))))

(defn- anomalies [history] (:anomalies (list-append/check history {})))

(defn- classes [history] (update-vals (anomalies history) :count))

(defn- every-certificate-holds? [history]
  (every? #(list-append/recheck history %) (mapcat :shown (vals (anomalies history)))))

(deftest should-accept-what-has-a-serial-order
  (are [history] (and (= {} (anomalies history)) (true? (:valid? (list-append/check history {}))))
    (serial "ax1" "ax2rx12" "!rx12")
    (serial "ax1ay1" "rx1ry1" "!rx1" "!ry1")
    (serial "ax1" [1 "ax2" :info] "!rx1")
    (serial "ax1" [1 "ax2" :info] "!rx12")
    (serial [0 "ax1" :fail] "rx.")
    (into (overlapping "ax1rx1" "ax2rx12" "rx.")
          (map #(update % :index + 6) (serial [7 "!rx12"])))))

(deftest should-flag-each-anomaly-in-its-smallest-example
  (are [class history] (and (= {class 1} (classes history)) (every-certificate-holds? history))
    :incompatible-order (overlapping "ax1" "ax2" "rx12" "rx2")
    :G1a                (overlapping [0 "ax1" :fail] "rx1")
    :unexpected         (overlapping "rx1")
    :duplicate          (overlapping "ax1" "rx11")
    :internal           (overlapping "ax1rx.")
    :lost-update        (serial "ax1" "!rx.")
    :G0                 (overlapping "ax1ay1" "ax2ay2" "rx12ry21")
    :G1c                (overlapping "ax1ry1" "ay1rx1")
    :G-single           (overlapping "ax1ay1" "rx1ry." "ry1")
    :G2                 (overlapping "ax1ry." "ay1rx." "rx1ry1")
    :G0-process         (serial [0 "ax2"] [0 "ax1"] [1 "rx12"])
    :G-single-process   (serial [0 "ax1"] [0 "rx."] [1 "rx1"])))

(deftest should-flag-a-read-between-two-appends-of-one-transaction
  (let [history (overlapping "ax1ax2" "rx1" "rx12")]
    (is (= {:G1b 1 :G-single 1} (classes history)))
    (is (every-certificate-holds? history))))

(deftest should-flag-what-contradicts-real-time-only
  (are [class history] (and (contains? (classes history) class) (every-certificate-holds? history)
                            (every? #(str/ends-with? (name %) "-realtime")
                                    (keys (classes history))))
    :G-single-realtime (serial "ax1" "rx." "!rx1")
    :G0-realtime       (serial "ax2" "ax1" "!rx12")
    :G1c-realtime      (indexed [(blind (op [0 "rx1"])) (op [0 "rx1"])
                                 (blind (op [1 "ax1"])) (op [1 "ax1"])])
    ;; c misses y1, which d saw; d misses x1, which was acknowledged before c began.
    :G2-realtime (let [[a b c d e] (map op [[0 "ax1"] [1 "ay1"] [2 "ry."] [3 "ry1rx."]
                                            [4 "rx1ry1"]])]
                   (indexed [(blind e) (blind a) (blind b) (blind d) a (blind c) b c d e]))))

(deftest should-not-take-overlap-for-an-order
  (is (= {} (classes (overlapping "ax1" "rx." "rx1"))))
  (is (= {} (classes (overlapping "ax2" "ax1" "rx12")))))

(deftest should-not-conclude-from-unsure-transactions-what-nobody-saw
  (is (= {} (classes (serial [0 "ax1" :info] "!rx."))))
  (testing "but what somebody saw did happen"
    (is (= {:G0 1} (classes (overlapping [0 "ax1ay1" :info] "ax2ay2" "rx12ry21"))))))

(deftest should-not-order-a-process-by-what-it-is-unsure-of
  (let [history (serial [0 "ax1" :info] [0 "rx."] [1 "rx1"])]
    (is (true? (:valid? (list-append/check history {:final-reads? false}))))
    (testing "and the recheck draws no such edge either"
      (is (not (list-append/recheck
                history
                {:class :G-single-process :ops [(history 3) (history 1)]
                 :cycle [{:op (history 3) :edge :rw :key :x :read [] :next 1}
                         {:op (history 1) :edge :process :process 0}]}))))
    (testing "what was acknowledged before comes first all the same"
      (is (= {:G-single-process 1}
             (classes (serial [0 "ax1"] [0 "ay1" :info] [0 "rx."] [1 "rx1"])))))))

(deftest should-say-why-a-cycle-is-one
  (let [[{:keys [explanation cycle]}] (get-in (anomalies (overlapping "ax1ay1" "rx1ry." "ry1"))
                                              [:G-single :shown])]
    (is (= (str "T1 < T2, because T1 read key :y as [], without the 1 that T2 appended next; "
                "T2 < T1, because T1 read key :x up to 1, which T2 appended: a contradiction")
           explanation))
    (is (= [:rw :wr] (map :edge cycle)))))

(deftest should-find-the-shortest-way-round
  (let [[{:keys [cycle]}] (get-in (anomalies (overlapping "ax1ay1" "ax2" "ax3" "ay2ry12ax4"
                                                          "rx1234ry." "ry12"))
                                  [:G-single :shown])]
    (is (= [:rw :ww :wr] (map :edge cycle)))))

(deftest should-be-unsure-without-final-reads
  (is (= :unknown (:valid? (list-append/check (serial "ax1" "rx1") {}))))
  (is (true? (:valid? (list-append/check (serial "ax1" "!rx1") {})))))

(deftest should-refuse-certificates-that-do-not-hold
  (let [history   (overlapping "ax1ay1" "rx1ry." "ry1")
        [proof]   (get-in (anomalies history) [:G-single :shown])]
    (are [wrong] (not (list-append/recheck history wrong))
      (assoc proof :class :G2)
      (update proof :ops pop)
      (assoc-in proof [:cycle 0 :edge] :ww)
      (assoc-in proof [:cycle 0 :read] [1])
      (assoc-in proof [:cycle 1 :value] 2)
      (-> proof (assoc-in [:cycle 0 :op :value] []) (assoc-in [:ops 0 :value] []))
      {:class :G1a :key :x :value 1 :ops (:ops proof)}
      {:class :lost-update :key :x :value 1 :ops (:ops proof)})))
