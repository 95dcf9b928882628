(ns chaos.progress
  "One line that tells how a run is going: rewritten in place on a terminal, printed every
  five seconds elsewhere."
  (:require [clojure.string :as str])
  (:import (java.util.concurrent CountDownLatch TimeUnit)))

(defn counters [] (atom {:ok 0 :fail 0 :info 0 :said ""}))

(defn note!
  "Counts a completed operation; what the nemesis did is said."
  [counters {:keys [process type f value]}]
  (if (= :nemesis process)
    (swap! counters assoc :said (str (name f) (when-let [node (some value [:isolated :killed :healed
                                                                           :restarted])]
                                                (str " n" node))))
    (swap! counters update type inc)))

(defn- line [label started {:keys [ok fail info said]}]
  (format "%-22s %5.1f s   %6d acknowledged   %5d refused   %4d unsure   %s"
          label (/ (- (System/nanoTime) started) 1e9) ok fail info said))

(defn start!
  "Shows the counters until the returned function is called."
  [label counters]
  (let [started (System/nanoTime)
        tty?    (some? (System/console))
        ended   (CountDownLatch. 1)
        period  (if tty? 250 5000)
        thread  (Thread. ^Runnable
                         (fn []
                           (while (not (.await ended period TimeUnit/MILLISECONDS))
                             (if tty?
                               (do (print (str "\r" (line label started @counters))) (flush))
                               (println (line label started @counters)))))
                         "chaos-progress")]
    (.setDaemon thread true)
    (.start thread)
    (fn stop []
      (.countDown ended)
      (println (str (when tty? "\r") (str/trimr (line label started @counters)))))))
