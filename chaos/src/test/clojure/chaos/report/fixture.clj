(ns chaos.report.fixture
  "results.json, version 2, of runs that never happened, made from a seed: every field that a
  page renders has a value, and the numbers of a cell fit each other."
  (:require [clojure.data.json :as json])
  (:import (java.util Random)))

(def ^:private time-s 34)
(def ^:private slots (* 10 time-s))
(def ^:private nodes [1 2 3])

(defn- between [^Random random low high] (+ low (* (- high low) (.nextDouble random))))

(defn- millis [seconds] (/ (Math/round (* 1000.0 seconds)) 1000.0))

(defn- stage [random fault system at-s]
  (let [stages (if (= system "stock") [1050 1250 2200 2300] [1040 1150 1300 1400])
        jitter (fn [ms] (millis (* ms (between random 0.95 1.25))))]
    (zipmap [:fault :node :at_s :sdown :odown :switch :first_ok]
            (concat [fault 1 at-s] (sort (map jitter stages))))))

(defn- slice [random [from to] lost? i]
  (let [at      (* 0.5 i)
        fault?  (and (<= from at) (< at to))
        rate    (Math/round (double (between random 850 1000)))
        lost    (if (and fault? lost?) (quot rate 2) 0)
        refused (if (and fault? (< at (+ from 2))) 40 0)]
    {:at_s at :kept (- rate lost) :lost lost :fail refused :info (quot refused 4)
     :ms [(between random 0.4 0.9) (between random 2 6) (between random 6 40)]}))

(defn- dots [random]
  (vec (for [i (range 0 slots 2), _ (range 6)]
         [(* 0.1 i) (Math/pow 10 (between random -0.5 1.2)) "ok"])))

(defn- lane [[from to] lost? client]
  (apply str (for [i (range slots) :let [s (/ i 10.0) fault? (and (<= from s) (< s to))]]
               (cond (not fault?)              "o"
                     (and lost? (even? client)) "L"
                     (< s (+ from 0.5))        "i"
                     (< s (+ from 2.2))        "f"
                     :else                     "o"))))

(defn- switch-text [from to]
  (str "mymaster 127.0.1." from " 26001 127.0.1." to " 26001"))

(defn- sentinel-events [{:keys [at_s sdown odown switch]}]
  (vec (sort-by :t (for [node nodes
                         [event ms text] [["+sdown" sdown "master mymaster 127.0.1.1 26001"]
                                          ["+odown" odown "master mymaster 127.0.1.1 26001"]
                                          ["+switch-master" switch (switch-text 1 3)]]]
                     {:t (millis (+ at_s (/ ms 1000) (* 0.01 node))) :node node
                      :event event :text text}))))

(defn- offsets [{:keys [at_s]} lost?]
  (vec (for [i (range (* 4 time-s)) node nodes :let [t (* 0.25 i)]]
         {:t t :node node
          :offset (long (* 80000 (if (and lost? (= node 1)) t (max 0 (- t (* 0.3 node))))))})))

(defn- travel [[from to :as shade] {:keys [switch] :as stage} fault lost?]
  (let [at #(millis (+ from %))]
    {:nodes nodes :clients 10
     :roles (concat (for [node nodes] {:t 0.02 :node node :role (if (= 1 node) "master" "slave")})
                    [{:t (at (/ switch 1000)) :node 3 :role "master"}
                     {:t (millis (+ to 0.4)) :node 1 :role "slave"}])
     :offsets (offsets stage lost?)
     :sentinel (sentinel-events stage)
     :nemesis [{:t from :f (str fault "-master") :done false}
               {:t (at 0.05) :f (str fault "-master") :value {:node 1} :done true}
               {:t to :f "heal" :done false}
               {:t (millis (+ to 0.01)) :f "heal" :value {:healed 1} :done true}]
     :lanes (for [client (range 10)] {:client client :slots (lane shade lost? client)})
     :lost (when lost?
             (for [i (range 60) :let [sent (at (* 0.2 i))]]
               {:element (+ 4000 i) :client (* 2 (mod i 5)) :sent_s sent
                :acked_s (millis (+ sent 0.003)) :node 1 :key (str "set:" (+ 4000 i))}))}))

(defn- operation [index time type process f value more]
  (merge {:index index :time (long (* 1e9 time)) :type type :process process :f f :value value}
         more))

(defn- lost-certificate [from]
  {:class "lost" :element 4000
   :ops [(operation 8449 from "invoke" 2 "add" 4000 nil)
         (operation 8450 (+ from 0.003) "ok" 2 "add" 4000 {:node 1})]
   :reads [{:index 63321 :time 34200000000 :node 3 :role "master" :holds false}]})

(defn- cycle-certificate [from]
  (let [ops [(operation 31 from "ok" 1 "txn" [["append" 1 1] ["r" 2 nil]] {:node 1})
             (operation 33 (+ from 0.01) "ok" 2 "txn" [["append" 2 1] ["r" 1 nil]] {:node 3})]]
    {:class "G2" :ops ops :reads [[1 2] [2 1]]
     :cycle (mapv #(hash-map :op %1 :edge "rw" :key %2 :read nil :next 1) ops [2 1])
     :explanation "T1 < T2, because of key 2; T2 < T1, because of key 1: a contradiction"}))

(defn- stale-certificate [from]
  {:class "nonlinearizable" :key "register:7"
   :explanation "process 3 read 4 after process 1 had written 5 and been answered."
   :ops [(operation 102 (+ from 0.01) "ok" 1 "write" 5 {:node 3 :call 101 :return 102})
         (operation 104 (+ from 0.03) "ok" 3 "read" 4 {:node 1 :call 103 :return 104})
         (operation 106 (+ from 0.9) "info" 4 "write" "<6>" {:error "timeout" :call 105
                                                             :return nil})]})

(defn- adds [random lost? [from to]]
  (let [ok   (+ 20000 (.nextInt ^Random random 9000))
        lost (if lost? (+ 6000 (.nextInt ^Random random 3000)) 0)]
    {:workload "set" :valid (not lost?) :verdict "expected"
     :because (str "we found " lost " of " ok " acknowledged writes lost")
     :counts {:ok ok :fail (.nextInt ^Random random 90) :info (.nextInt ^Random random 50)
              :recovered 3 :never_read 11}
     :anomalies (if lost? {:lost {:count lost :shown (vec (repeat 5 (lost-certificate from)))}} {})
     :loss_window_s (when lost? [from (+ 10 to)])
     :by_node {"1" {:acknowledged (- ok 9000) :lost lost} "3" {:acknowledged 9000 :lost 0}}}))

(defn- register [verdict from]
  (let [wrong? (= "violated" verdict)]
    {:workload "register" :valid (not wrong?) :verdict verdict
     :because (if wrong? "we found 2 keys that no order of the operations explains"
                  "we found an order for every key")
     :counts {:ok 4711 :fail 17 :info 29 :keys 42}
     :anomalies (if wrong?
                  {:nonlinearizable {:count 2 :shown [(stale-certificate from)]}
                   :G2 {:count 1 :shown [(cycle-certificate from)]}}
                  {})}))

(defn- replica-reads [random system]
  {:workload "replica-reads" :valid true :verdict "unknown"
   :because "replicas answered too seldom to say"
   :counts {:ok 3100 :fail 0 :info 2
            :replica_staleness
            (let [width (* (if (= system "stock") 30 1) (between random 20 40))]
              {:k    {:n 2900 :q50 0 :q95 1 :q99 (Math/round (double width)) :max 1777}
               :t_ms {:n 2900 :q50 0 :q95 (* 0.5 width) :q99 width :max (* 9.5 width)}})}
   :anomalies {}})

(defn- cell [random system fault index seed]
  (let [lost?  (= fault "partition")
        from   (millis (between random 3 6))
        shade  [from (+ from 12)]
        stage  (stage random fault system from)
        bad?   (and (= system "stock") lost?)
        loads  [(adds random lost? shade)
                (register (if bad? "violated" "expected") from)
                (replica-reads random system)]
        dir    (str system "-" fault (when (pos? index) (str "-" index)))]
    {:system system :version ({"stock" "Redis 7.0.15"} system "Watchword 0.1.0")
     :mode "available" :net "mesh" :servers 3 :sentinels 3 :quorum 2
     :down_after_ms 1000 :nemesis fault :style "rediscover" :seed seed :clients 10
     :time_s time-s :rate 1000 :dir dir :verdict (if bad? "violated" "expected")
     :because (:because (loads (if bad? 1 0))) :operations (+ 60000 index)
     :machine_load [0.5 1.25] :history (str dir "/history.edn.gz")
     :phrase (if lost? "while the master was cut off" "when the master was killed")
     :expects (if bad? ["lost"] [])
     :claims (if (= system "stock") [] ["demoted-at-first-contact"])
     :workloads loads
     :stages_ms [stage (assoc (clojure.core/update-vals (select-keys stage [:sdown :odown])
                                                        #(* 1.5 %))
                              :fault fault :node 1 :at_s 25.0 :switch nil :first_ok nil)]
     :stale {:applies true :node 1 :contact_ms 6.9 :order_ms 20.5 :demoted_ms 412.25
             :contact_to_demoted_ms 405.35 :stale_after_return 387 :stale_after_contact 385
             :stale_after_order 0 :stale_after_demotion 0 :last_stale_ms 401.0}
     :returns [] :shade fault :shades_s [shade] :slice_s 0.5
     :slices (mapv #(slice random shade lost? %) (range (* 2 time-s)))
     :dots (dots random) :travel (travel shade stage fault lost?)}))

(defn results
  "A run as read back from its JSON text: `copies` times stock Redis and Watchword, under a
  partition and a kill."
  ([seed] (results seed 1))
  ([seed copies]
   (let [random (Random. seed)]
     (-> {:version 2 :run (str "run-" seed) :seed seed :started "2026-01-01T00:00:00Z"
          :command (str "./watchword chaos --seed " seed " <&>") :profile "short"
          :machine {:cores 2 :memory_mb 2048 :cpu "a processor" :os "Linux" :java "17"
                    :clojure "1.12.6"}
          :capabilities [{:name "mesh" :have true :why "a proxy of its own"}
                         {:name "disk-full" :have false :why "mounting is not allowed here"}]
          :versions {"stock" "Redis 7.0.15" "watchword" "Watchword 0.1.0"}
          :not_tested [{:what "power cuts" :why "needs a loop mount"}]
          :cells (vec (for [index (range copies), fault ["partition" "kill"]
                            system ["stock" "watchword"]]
                        (cell random system fault index seed)))}
         json/write-str
         (json/read-str :key-fn keyword)))))

(def self-test
  "selftest.json of a self-test that never happened, as read back."
  {:seed 9 :system "stock"
   :self_test [{:lie "drop-acknowledged" :workload "set" :harmless false :flagged true
                :right true :classes ["lost"] :strikes 12 :operations 1200 :seconds 4.1}
               {:lie "lost-reply" :workload "set" :harmless true :flagged false :right true
                :classes [] :strikes 13 :operations 1300 :seconds 4.2}
               {:lie nil :workload "counter" :harmless false :flagged true :right false
                :classes ["above-bounds"] :strikes 0 :operations 1400 :seconds 2.1}]})
