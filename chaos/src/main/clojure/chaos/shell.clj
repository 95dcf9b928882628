(ns chaos.shell
  "Programs of the machine (ip, nft, mount, ...), run to their end. Nothing is ever passed
  through a shell, so no name needs quoting."
  (:refer-clojure :exclude [run!])
  (:require [clojure.string :as str])
  (:import (java.io IOException)
           (java.util.concurrent TimeUnit)))

(def ^:private seconds-max 20)

(defn- output
  "What the process says, a promise. On a thread of its own and not on the pool of Clojure, which
  is closed when an interrupted program still has things to undo."
  [^Process process]
  (let [said (promise)]
    (doto (Thread. ^Runnable #(deliver said (try (slurp (.getInputStream process))
                                                 (catch IOException _ "")))
                   "chaos-shell")
      (.setDaemon true)
      (.start))
    said))

(defn run!
  "Runs argv, with `input` (a string) on its standard input. Returns {:exit :out}, both streams in
  :out. A program that is missing, or not done in time, has exit status 127 or 124. None outlives
  this call, also when the thread is interrupted."
  ([argv] (run! argv ""))
  ([argv ^String input]
   (try
     (let [process (.start (.redirectErrorStream (ProcessBuilder. ^java.util.List (map str argv))
                                                 true))]
       (try
         (with-open [to (.getOutputStream process)] (.write to (.getBytes input)))
         (let [out (output process)]
           (if (.waitFor process seconds-max TimeUnit/SECONDS)
             {:exit (.exitValue process) :out (str/trim @out)}
             {:exit 124 :out (str (first argv) " did not end in " seconds-max " s")}))
         (finally (.destroyForcibly process))))
     (catch IOException e {:exit 127 :out (.getMessage e)}))))

(defn ok? [argv] (zero? (:exit (run! argv))))

(defn must!
  "As run!, but throws when the program fails, with what it said."
  ([argv] (must! argv ""))
  ([argv input]
   (let [{:keys [exit out] :as done} (run! argv input)]
     (when-not (zero? exit)
       (throw (ex-info (str (str/join " " argv) ": " out) {:exit 4})))
     done)))

(defn complaint
  "What the programs say against doing this, run one after another until one fails; else nil."
  [& argvs]
  (some (fn [argv] (let [{:keys [exit out]} (run! argv)]
                     (when-not (zero? exit) (str (first argv) ": " (if (= "" out) "failed" out)))))
        argvs))
