(ns chaos.registry
  "Names given on the command line, looked up in maps. An unknown name throws before
  anything starts: a misspelt fault must not become a run without faults."
  (:require [clojure.string :as str]))

(defn usage-error
  "An exception that ends the program with exit status 2."
  [message]
  (ex-info message {:exit 2}))

(defn parse
  "Names in text, separated by commas, as keywords in the order given and without
  repetition; a name in `groups` stands for several. Throws on an unknown name."
  [what registry groups text]
  (let [wanted  (->> (str/split text #"," -1)
                     (map (comp keyword str/trim))
                     (mapcat #(get groups % [%]))
                     distinct
                     vec)
        unknown (remove registry wanted)]
    (when (seq unknown)
      (throw (usage-error
              (str "unknown " what " " (str/join ", " (map #(str \" (name %) \") unknown))
                   "; known: " (str/join ", " (sort (map name (concat (keys registry)
                                                                      (keys groups)))))))))
    wanted))

(defn parse-one
  "As parse, where one name is wanted."
  [what registry text]
  (let [[found & more] (parse what registry {} text)]
    (when more
      (throw (usage-error (str "one " what ", not several: \"" text "\""))))
    found))
