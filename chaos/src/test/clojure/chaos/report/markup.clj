(ns chaos.report.markup
  "Reading pages back in tests: as XML, as the text a reader sees, by attribute."
  (:require [clojure.string :as str]
            [clojure.xml :as xml])
  (:import (java.io ByteArrayInputStream)))

(defn- without-code
  "The page without the bodies of scripts and styles, which are not XML."
  [text]
  (str/replace text #"(?s)(<(script|style)[^>]*>).*?(</\2>)" "$1$3"))

(defn parse
  "The tree of a page; throws where it is not well-formed."
  [text]
  (xml/parse (ByteArrayInputStream. (.getBytes ^String (without-code text) "UTF-8"))))

(defn text
  "All text of a page, as shown without scripts; folded parts included."
  [page]
  (->> (tree-seq map? :content (parse page))
       (filter string?)
       str/join))

(defn attribute
  "Values of one attribute over all elements, in order."
  [page k]
  (keep (comp k :attrs) (filter map? (tree-seq map? :content (parse page)))))

(defn part
  "The markup of the element of this tag and id, up to its own end."
  [page tag id]
  (let [from   (str/index-of page (str "<" (name tag) " id=\"" id "\""))
        marker (re-matcher (re-pattern (str "<" (name tag) "[ >]|</" (name tag) ">"))
                           (subs page from))]
    (loop [depth 0]
      (.find marker)
      (let [depth (if (str/starts-with? (.group marker) "</") (dec depth) (inc depth))]
        (if (zero? depth)
          (subs page from (+ from (.end marker)))
          (recur depth))))))

(defn script
  "The text of the data element of this id."
  [page id]
  (second (re-find (re-pattern (str "(?s)<script[^>]* id=\"" id "\">(.*?)</script>")) page)))
