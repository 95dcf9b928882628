(ns chaos.report.html
  "HTML from data: [:tag {:attr value} child ...], children being strings, numbers, nil,
  vectors or sequences of these. All text is escaped; `raw` is for what is markup already.
  What comes out is well-formed XML as well, so that a test can parse it."
  (:require [clojure.string :as str])
  (:import (java.util Locale)))

(defrecord Raw [text])

(defn raw [text] (->Raw text))

(defn escape [text]
  (-> (str text)
      (str/replace "&" "&amp;") (str/replace "<" "&lt;") (str/replace ">" "&gt;")
      (str/replace "\"" "&quot;")))

(def ^:private void-tags #{:meta :link :br :hr :img :col :input})

(defn- attributes [attrs]
  (str/join (for [[k v] attrs :when (some? v)] (str " " (name k) "=\"" (escape v) "\""))))

(declare render)

(defn- render-element [[tag & more]]
  (let [attrs    (when (and (map? (first more)) (not (record? (first more)))) (first more))
        children (if attrs (rest more) more)
        opened   (str "<" (name tag) (attributes attrs))]
    (if (void-tags tag)
      (str opened "/>")
      (str opened ">" (str/join (map render children)) "</" (name tag) ">"))))

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
  "An integer with narrow spaces, which do not break, between thousands; \"–\" for nil."
  [n]
  (if (nil? n)
    "–"
    (str/replace (String/format Locale/ROOT "%,d" (object-array [(long n)])) "," "\u202f")))

(defn decimal
  "A number with so many digits after the point; \"–\" for nil."
  [n digits]
  (if (nil? n)
    "–"
    (String/format Locale/ROOT (str "%." digits "f") (object-array [(double n)]))))

(defn table
  "A table that scrolls sideways on a narrow screen. columns: [[heading class] ...]; the
  first column heads its row."
  [caption columns rows]
  [:div {:class "scroll"}
   [:table
    [:caption caption]
    [:thead [:tr (for [[heading class] columns] [:th {:scope "col" :class class} heading])]]
    [:tbody
     (for [row rows]
       [:tr [:th {:scope "row" :class (second (first columns))} (first row)]
        (map (fn [cell [_ class]] [:td {:class class} cell]) (rest row) (rest columns))])]]])

(defn page
  "A whole page as text. Its policy forbids the browser to load anything whatever: a page
  is one file. after: markup behind the body's content, such as data and scripts."
  [title css body after]
  (str "<!DOCTYPE html>\n"
       (render
        [:html {:lang "en"}
         [:head
          [:meta {:charset "utf-8"}]
          [:meta {:http-equiv "Content-Security-Policy"
                  :content (str "default-src 'none'; style-src 'unsafe-inline'; "
                                "script-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                                "form-action 'none'")}]
          [:meta {:name "viewport" :content "width=device-width, initial-scale=1"}]
          [:meta {:name "color-scheme" :content "light dark"}]
          [:title title]
          [:link {:rel "icon" :href "data:,"}]
          [:style (raw css)]]
         [:body body after]])
       "\n"))

(defn data-script
  "JSON text as an element that a browser does not run and that the text cannot end."
  [id json]
  [:script {:type "application/json" :id id} (raw (str/replace json "<" "\\u003c"))])
