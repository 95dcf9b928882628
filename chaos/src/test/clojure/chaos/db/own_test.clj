(ns chaos.db.own-test
  (:require [chaos.cluster :as cluster]
            [chaos.db.own :as own]
            [chaos.nemesis :as nemesis]
            [chaos.net :as net]
            [chaos.net.rules :as rules]
            [chaos.numbering :as numbering]
            [chaos.observer :as observer]
            [chaos.profile :as profile]
            [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]])
  (:import (clojure.lang ExceptionInfo)
           (java.net InetAddress ServerSocket)))

(deftest should-read-addresses
  (is (= [{:host "10.0.0.1" :port 26379} {:host "::1" :port 1} {:host "db.example" :port 65535}]
         (own/parse-addresses "10.0.0.1:26379, [::1]:1,db.example:65535"))))

(defn- exit [f & args]
  (try (apply f args) :nothing-thrown (catch ExceptionInfo e (:exit (ex-data e)))))

(deftest should-refuse-what-is-no-address
  (are [text] (= 2 (exit own/parse-addresses text))
    "" "host" "host:" "host:0" "host:70000" ":26379" "a:1,,b:2" "a:b:1"))

(deftest should-number-nodes-by-address-and-sentinels-as-given
  (let [a {:host "a" :port 1}, b {:host "b" :port 2}, s {:host "s" :port 3}, r {:host "r" :port 4}]
    (is (= {:nodes [1 2] :sentinels [1 2]
            :places {[:server 1] a [:server 2] b [:sentinel 1] s [:sentinel 2] r}}
           (own/numbered [b a] [s r])
           (own/numbered [a b a] [s r])))))

(deftest should-number-a-node-once-by-whatever-names-it-is-listed
  (let [local {:host "localhost" :port 1}, same {:host "127.0.0.1" :port 1}
        other {:host "127.0.0.1" :port 2}]
    (is (= {:nodes [1 2] :sentinels [1]
            :places {[:server 1] other [:server 2] local [:sentinel 1] same}}
           (own/numbered [local same other] [same local])))))

(deftest should-have-one-numbering-for-all-who-meet-an-address
  (let [local   (fn [port] {:host "127.0.0.1" :port port})
        places  (:places (own/numbered [(local 6380) (local 6379)] [(local 26379)]))
        cluster {:places places :number (numbering/of-places places) :master-name "ours"}
        text    "ours 127.0.0.1 6379 127.0.0.1 6380"]
    (is (= 2 (cluster/node-at cluster "localhost" 6380)))
    (is (nil? (cluster/node-at cluster "127.0.0.1" 6381)))
    (is (= 1 ((cluster/numbering cluster) :sentinel (local 26379))))
    (is (= {:node 1 :text text :old 1 :new 2}
           (:value (observer/published cluster 1 "+switch-master" text))))
    (is (nil? (observer/published cluster 1 "+switch-master" (str/replace text "ours" "theirs"))))
    (is (= {:old 1 :new 2} (numbering/switched {:text text :old 1 :new 2})))
    (is (= {:old 1 :new 3} (numbering/switched {:text "mymaster 127.0.1.1 7 127.0.1.3 7"}))
        "as it was stored before nodes were named")))

(defn- closed-port []
  (with-open [socket (ServerSocket. 0 1 (InetAddress/getLoopbackAddress))] (.getLocalPort socket)))

(deftest should-say-which-sentinel-does-not-answer
  (let [port (closed-port)]
    (is (= (str "no sentinel answers at 127.0.0.1:" port)
           (try (own/attach! [{:host "127.0.0.1" :port port}] "mymaster")
                (catch ExceptionInfo e (ex-message e)))))))

(def ^:private opts {:seed 7 :time-s 34 :clients 4 :own {:nodes [1 2]}})

(deftest should-have-only-faults-that-need-no-hand-on-the-cluster
  (is (map? (nemesis/package-of :none opts)))
  (is (map? (nemesis/package-of :planned-failover opts)))
  (are [fault part] (str/includes? (try (nemesis/package-of fault opts) "nothing thrown"
                                        (catch ExceptionInfo e
                                          (is (= 3 (:exit (ex-data e))))
                                          (ex-message e)))
                                   part)
    :kill      "processes: we did not start this cluster"
    :partition "links: the chosen network cannot do it"))

(deftest should-break-nothing-in-a-network-that-is-not-ours
  (let [net (net/start! :elsewhere {})]
    (testing "a heal is what every run ends with"
      (is (nil? (net/heal! net))))
    (is (= 3 (exit net/change! net rules/cut [[1 2]])))))

(deftest should-run-on-a-cluster-of-somebody-elses-or-on-systems-of-ours
  (is (= {:system [:own] :nemesis [:none]}
         (select-keys (profile/options {:profile :short :nodes-at [{}]}) [:system :nemesis])))
  (is (= [:kill] (:nemesis (profile/options {:nodes-at [{}] :nemesis [:kill]}))))
  (are [given] (= 2 (exit profile/options given))
    {:system [:own]}
    {:nodes-at [{}] :system [:stock]}))
