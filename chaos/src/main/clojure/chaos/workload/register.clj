(ns chaos.workload.register
  "Registers that clients read, write and compare-and-set, 40 : 30 : 30, with few values so
  that a compare-and-set often finds what it expects. A key lives about a hundred operations
  and then gives way to a new one, since the search for an order costs more than linearly;
  several keys live side by side, so that each sees a fault from before to after. At most ten
  client threads share a key. At the end every key is read once more, which shows a lost
  write even if nobody read the key after the fault.

  Compare-and-set is WATCH, GET, MULTI, SET, EXEC on every system, so that systems compare;
  option :cas :lua (--cas lua) makes it a script.

  It sees any departure from one register per key in real time. It does not see orders across
  keys, and a value that happens to equal the right one hides a wrong write (there are five)."
  (:require [chaos.checker.linearizable :as linearizable]
            [chaos.client :as client]
            [chaos.random :as random]
            [chaos.workload.rotation :as rotation]
            [chaos.workload.support :as support]))

(def ^:private values 5)
(def ^:private key-ops 100)
(def ^:private threads-per-key 10)

;; ---- what is done ----

(defn- groups [{:keys [clients]}] (long (Math/ceil (/ clients threads-per-key))))

(defn slots [{:keys [rate] :as opts}] (rotation/slots rate key-ops (groups opts)))

(defn operation
  "Operation i of thread t at s seconds."
  [{:keys [seed] :as opts} t s i]
  (let [n     (slots opts)
        group (quot t threads-per-key)
        draw  #(int (* %2 (random/unit seed :register %1 t i)))
        slot  (+ group (* (groups opts) (draw :slot (quot n (groups opts)))))
        kind  (random/unit seed :register :kind t i)
        op    {:key (rotation/key-at n slot s)}]
    (cond (< kind 0.4) (assoc op :f :read :value nil)
          (< kind 0.7) (assoc op :f :write :value (draw :value values))
          :else        (assoc op :f :cas :value [(draw :old values) (draw :new values)]))))

;; ---- doing it ----

(defn- key-name [k] (str "register:" k))

(defn- read! [client {:keys [key] :as op}]
  (client/with-master! client op
    (fn [conn _] {:value (some-> (client/must! conn "GET" (key-name key)) parse-long)})))

(defn- write! [client {:keys [key value] :as op}]
  (client/with-master! client op
    (fn [conn commit!]
      (commit!)
      (client/must! conn "SET" (key-name key) value)
      {})))

(defn- cas-by-watch! [client {:keys [key value] :as op}]
  (let [[old new] value, k (key-name key)]
    (client/with-master! client op
      (fn [conn commit!]
        (client/must! conn "WATCH" k)
        (if (not= (str old) (client/must! conn "GET" k))
          (do (client/must! conn "UNWATCH") {:type :fail :error :mismatch})
          (if (client/transact! conn commit! [["SET" k new]])
            {}
            {:type :fail :error :conflict}))))))

(def ^:private cas-script
  "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) return 1
   else return 0 end")

(defn- cas-by-script! [client {:keys [key value] :as op}]
  (let [[old new] value]
    (client/with-master! client op
      (fn [conn commit!]
        (commit!)
        (if (= 1 (client/must! conn "EVAL" cas-script 1 (key-name key) old new))
          {}
          {:type :fail :error :mismatch})))))

(def cas-default :watch)

(def cas-variants
  "Option :cas -> how a compare-and-set is done."
  {:watch {:invoke cas-by-watch! :needs #{"WATCH" "UNWATCH" "MULTI" "EXEC"}}
   :lua   {:invoke cas-by-script! :needs #{"EVAL"}}})

(defn- variant [{:keys [cas] :or {cas cas-default}}]
  (or (cas-variants cas)
      (throw (ex-info (str "unknown kind of compare-and-set " cas) {:exit 2}))))

(defn workload
  "Options besides the common ones: :cas, :watch (default) or :lua."
  [opts]
  (let [cas (variant opts)]
    {:needs           (into #{"GET" "SET"} (:needs cas))
     :invoke          (fn [client {:keys [f final?] :as op}]
                        (cond final?     (support/patiently op #(read! client %))
                              (= :read f) (read! client op)
                              (= :write f) (write! client op)
                              (= :cas f)   ((:invoke cas) client op)))
     :generator       (support/paced opts :register (fn [t s i] (operation opts t s i)))
     :final-generator (support/planned
                       (fn [s] (map (fn [k] {:f :read :key k :value nil :final? true})
                                    (rotation/keys-until (slots opts) s))))
     :read-node       nil
     :checker         linearizable/check
     :recheck         linearizable/recheck}))
