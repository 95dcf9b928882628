(ns chaos.report.html
  "HTML from data: [:tag {:attr value} child ...], children being strings, numbers, nil,
  vectors or sequences of these. All text is escaped; `raw` is for what is markup already."
  (:require [clojure.string :as str])
  (:import (java.util Locale)))

(defrecord Raw [text])

(defn raw [text] (->Raw text))

(defn escape [text]
  (-> (str text)
      (str/replace "&" "&amp;") (str/replace "<" "&lt;") (str/replace ">" "&gt;")
      (str/replace "\"" "&quot;")))

(def ^:private void-tags #{:meta :link :br :hr :img :col})

(defn- attributes [attrs]
  (str/join (for [[k v] attrs :when (some? v)] (str " " (name k) "=\"" (escape v) "\""))))

(declare render)

(defn- render-element [[tag & more]]
  (let [attrs    (when (and (map? (first more)) (not (record? (first more)))) (first more))
        children (if attrs (rest more) more)
        opened   (str "<" (name tag) (attributes attrs) ">")]
    (if (void-tags tag)
      opened
      (str opened (str/join (map render children)) "</" (name tag) ">"))))

(defn render
  "Markup of one node."
  [node]
  (cond
    (nil? node)           ""
    (instance? Raw node)  (:text node)
    (vector? node)        (render-element node)
    (sequential? node)    (str/join (map render node))
    :else                 (escape node)))

(defn number
  "An integer with thin spaces between thousands; \"-\" for nil."
  [n]
  (if (nil? n)
    "-"
    (str/replace (String/format Locale/ROOT "%,d" (object-array [(long n)])) "," "\u2009")))

(defn decimal
  "A number with so many digits after the point; \"-\" for nil."
  [n digits]
  (if (nil? n)
    "-"
    (String/format Locale/ROOT (str "%." digits "f") (object-array [(double n)]))))

(defn table
  "A table that scrolls sideways on a narrow screen. columns: [[heading class] ...]."
  [caption columns rows]
  [:div {:class "scroll"}
   [:table
    [:caption caption]
    [:thead [:tr (for [[heading class] columns] [:th {:scope "col" :class class} heading])]]
    [:tbody
     (for [row rows]
       [:tr (map (fn [cell [_ class]] [:td {:class class} cell]) row columns)])]]])
