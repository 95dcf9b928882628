(ns chaos.cluster.programs
  "Processes as the machine knows them: started with a file for what they say, and signalled."
  (:import (java.io File)
           (java.lang ProcessBuilder$Redirect)
           (java.util Map)
           (java.util.concurrent TimeUnit)))

(defn launch!
  "Starts argv in dir, with what it says appended to output. environment is added to ours."
  ^Process [argv ^File dir ^File output ^Map environment]
  (let [builder (doto (ProcessBuilder. ^java.util.List argv)
                  (.directory dir)
                  (.redirectErrorStream true)
                  (.redirectOutput (ProcessBuilder$Redirect/appendTo output)))]
    (.putAll (.environment builder) environment)
    (.start builder)))

(defn signal! [pid signal]
  (let [argv ["kill" (str "-" signal) (str pid)]]
    (.waitFor (.start (ProcessBuilder. ^java.util.List argv)) 5 TimeUnit/SECONDS)))
