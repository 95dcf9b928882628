(ns chaos.progress
  "What a person sees of a run: one line for the whole, rewritten in place on a terminal and
  printed every five seconds elsewhere, with a bar of cells, what the load does and what the
  nemesis did last; and a line that stays for every cell that has its verdict."
  (:require [clojure.string :as str])
  (:import (java.util.concurrent CountDownLatch TimeUnit)))

(def ^:private bar-width 20)

(def ^:private nothing {:ok 0 :fail 0 :info 0 :said "" :label ""})

(defn tally
  "The state of the line for a run of n cells."
  [n]
  (atom (assoc nothing :cells n :done 0 :began (System/nanoTime))))

(defn begin-cell! [tally label]
  (swap! tally merge nothing {:label label :cell-began (System/nanoTime) :said "starting"}))

(defn end-cell! [tally] (swap! tally #(-> % (update :done inc) (dissoc :cell-began))))

(defn said! [tally text] (swap! tally assoc :said text))

(defn- what-it-did [{:keys [f value]}]
  (let [told [:isolated :killed :planned :healed :restarted :paused :resumed]
        node (when (map? value) (some value told))]
    (str (name f) (when (integer? node) (str " n" node)))))

(defn note!
  "Counts a completed operation; what the nemesis did is said."
  [tally {:keys [process type] :as op}]
  (if (= :nemesis process)
    (said! tally (what-it-did op))
    (swap! tally update type inc)))

(defn bar
  "done of n as a bar."
  [done n]
  (let [full (quot (* bar-width done) (max 1 n))]
    (str "[" (str/join (repeat full "#")) (str/join (repeat (- bar-width full) "-")) "] "
         done "/" n)))

(defn line
  "The line of state at `now` (System/nanoTime)."
  [{:keys [cells done label ok fail info said cell-began]} now]
  (format "%s  %-28s %5.1f s  %6d ok %5d refused %4d unsure  %s"
          (bar done cells) label (if cell-began (/ (- now cell-began) 1e9) 0.0) ok fail info said))

(defn- wipe [tty?] (when tty? (print "\r\u001b[K")))

(defn say!
  "A line that stays."
  [text]
  (wipe (some? (System/console)))
  (println text)
  (flush))

(defn start!
  "Shows the line until the returned function is called."
  [tally]
  (let [tty?   (some? (System/console))
        ended  (CountDownLatch. 1)
        period (if tty? 250 5000)
        show   #(let [text (line @tally (System/nanoTime))]
                  (if tty? (do (wipe true) (print text) (flush)) (println text)))
        thread (Thread. ^Runnable #(while (not (.await ended period TimeUnit/MILLISECONDS)) (show))
                        "chaos-progress")]
    (.setDaemon thread true)
    (.start thread)
    (fn stop []
      (.countDown ended)
      (wipe tty?)
      (flush))))
