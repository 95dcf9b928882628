(ns chaos.report
  "Reports by name: each is a function of (results, results as JSON text) giving the text of
  a file. A new report is one namespace under chaos.report.* and one line in `reports`."
  (:require [chaos.report.page :as page]
            [clojure.java.io :as io]))

(def reports
  "File name -> what writes it."
  {"index.html" page/page})

(defn save!
  "Writes every report of the results into dir."
  [dir results json]
  (doseq [[file write] (sort reports)]
    (spit (io/file dir file) (write results json))))
