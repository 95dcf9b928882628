(ns chaos.workload.list-append
  "Transactions (MULTI ... EXEC) of one to four appends and reads over a few keys that give
  way to new ones; at the end every key is read once more. A list is a string to which \",v\"
  is appended (APPEND, GET), so that every system runs the same; option :lists :rpush (--lists
  rpush) uses RPUSH and LRANGE.

  It sees what chaos.checker.list-append can conclude. The servers run one transaction after
  another, so anomalies here come from failovers, not from concurrency: a master's lost tail
  and two masters at a time. It does not see conditional transactions; those are in the
  register."
  (:require [chaos.checker.list-append :as checker]
            [chaos.client :as client]
            [chaos.random :as random]
            [chaos.workload.rotation :as rotation]
            [chaos.workload.support :as support]
            [clojure.string :as str]))

(def ^:private mops-max 4)
(def ^:private key-ops "Appends and reads of a key in its life." 120)

;; ---- what is done ----

(defn slots [{:keys [rate]}] (rotation/slots (* rate (/ (inc mops-max) 2)) key-ops 1))

(defn operation
  "Transaction i of thread t at s seconds. What is appended is never appended again."
  [{:keys [seed clients] :as opts} t s i]
  (let [n    (slots opts)
        draw (fn [limit & path] (int (* limit (apply random/unit seed :append t i path))))]
    {:f     :txn
     :value (vec (for [j (range (inc (draw mops-max :mops)))
                       :let [k (rotation/key-at n (draw n :slot j) s)]]
                   (if (zero? (draw 2 :kind j))
                     [:append k (+ t (* clients (+ j (* mops-max i))))]
                     [:r k nil])))}))

;; ---- doing it ----

(defn- key-name [k] (str "list-append:" k))

(defn- list-of [text] (mapv parse-long (remove str/blank? (str/split (or text "") #","))))

(def lists-default :append)

(def lists-variants
  "Option :lists -> how a list is kept, appended to and read."
  {:append {:needs  #{"MULTI" "EXEC" "APPEND" "GET"}
            :append (fn [k v] ["APPEND" (key-name k) (str "," v)])
            :read   (fn [k] ["GET" (key-name k)])
            :parse  list-of}
   :rpush  {:needs  #{"MULTI" "EXEC" "RPUSH" "LRANGE"}
            :append (fn [k v] ["RPUSH" (key-name k) v])
            :read   (fn [k] ["LRANGE" (key-name k) 0 -1])
            :parse  #(mapv parse-long %)}})

(defn- variant [{:keys [lists] :or {lists lists-default}}]
  (or (lists-variants lists)
      (throw (ex-info (str "unknown kind of lists " lists) {:exit 2}))))

(defn- filled-in [parse [f k v] reply] [f k (if (= :r f) (parse reply) v)])

(defn- transact! [{:keys [append read parse]} client {:keys [value] :as op}]
  (client/with-master! client op
    (fn [conn commit!]
      (let [commands (for [[f k v] value] (if (= :append f) (append k v) (read k)))]
        {:value (mapv #(filled-in parse %1 %2) value
                      (client/transact! conn commit! commands))}))))

(defn workload
  "Options besides the common ones: :lists, :append (default) or :rpush."
  [opts]
  (let [lists (variant opts)]
    {:needs           (:needs lists)
     :invoke          (fn [client {:keys [final?] :as op}]
                        (if final?
                          (support/patiently op #(transact! lists client %))
                          (transact! lists client op)))
     :generator       (support/paced opts :list-append (fn [t s i] (operation opts t s i)))
     :final-generator (support/planned
                       (fn [s] (for [k (rotation/keys-until (slots opts) s)]
                                 {:f :txn :value [[:r k nil]] :final? true})))
     :read-node       nil
     :severe          #{:internal :G1a :G1b}
     :checker         checker/check
     :recheck         checker/recheck}))
