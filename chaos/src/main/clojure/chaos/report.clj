(ns chaos.report
  "Reports by name: each is a function of the text of results.json giving the text of a file.
  A report sees nothing else, so `./watchword report` can write it again at any later time.
  A new report is one namespace under chaos.report.* and one line in `reports`."
  (:require [chaos.report.page :as page]
            [clojure.java.io :as io]))

(def reports
  "File name -> what writes it."
  {"index.html" page/render})

(defn save!
  "Writes every report of the results into dir. json: the text of results.json."
  [dir json]
  (doseq [[file write] (sort reports)]
    (spit (io/file dir file) (write json))))
