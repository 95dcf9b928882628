(ns chaos.results
  "results.json, version 2: the findings of a run as data, described in docs/formats/results.md.
  The report renders this and computes nothing of its own, so that every number on a page can be
  found here, and here alone."
  (:require [chaos.workload :as workload]
            [clojure.data.json :as json]
            [clojure.java.io :as io]
            [clojure.string :as str]))

(def version 2)

(defn- snake [k]
  (if (keyword? k)
    (-> (subs (str k) 1) (str/replace "?" "") (str/replace "-" "_"))
    (str k)))

(defn- stage [{:keys [fault node at-s sdown odown switch first-ok]}]
  {:fault fault :node node :at_s at-s :sdown sdown :odown odown :switch switch :first_ok first-ok})

(defn- workload-found
  [{:keys [valid? anomalies counts loss-window] :as found}]
  (merge (select-keys found [:workload :verdict :because :by-node :check-s :losses])
         {:valid         (if (= :unknown valid?) "unknown" valid?)
          :counts        counts
          :anomalies     anomalies
          :loss_window_s loss-window}))

(defn- places
  "Where each node of a cluster was that is not ours; nil of one of ours."
  [{:keys [places]}]
  (seq (for [[[kind node] {:keys [host port]}] (sort-by (comp (juxt first second) key) places)]
         {:kind kind :node node :host host :port port})))

(defn cell
  "One cell of results.json from the findings of chaos.findings."
  [found]
  (merge (select-keys found [:system :version :mode :net :nemesis :style :seed :clients :time-s
                             :rate :verdict :because :operations :claims :stale :returns :slices
                             :slice-s :dots :travel :dir :phrase :planned? :expects
                             :claims-judged])
         {:workloads    (mapv workload-found (:workloads found))
          :variants     (workload/chosen (update found :workloads #(map :workload %)))
          :servers      (some-> (:nodes found) count)
          :sentinels    (:sentinels found)
          :quorum       (:quorum found)
          :down-after-ms (:down-after-ms found)
          :places       (places found)
          :stages_ms    (mapv stage (:stages found))
          :shade        (get-in found [:perf :name])
          :shades_s     (:shades found)
          :machine_load (:load found)
          :history      (when (pos? (:operations found))
                         (str (:dir found) "/" (:history found "history.edn.gz")))}))

(defn results
  "run: :run :seed :started :command :profile :machine :capabilities :not-tested."
  [run cells]
  {:version      version
   :run          (:run run)
   :seed         (:seed run)
   :started      (:started run)
   :command      (:command run)
   :profile      (:profile run)
   :machine      (:machine run)
   :capabilities (:capabilities run)
   :versions     (into (sorted-map)
                       (for [{:keys [system version]} cells :when version] [(name system) version]))
   :cells        (mapv cell cells)
   :not_tested   (vec (distinct (concat (mapcat :not-tested cells) (:not-tested run))))})

(defn- plain
  "Sets in an order, so that equal findings give equal files."
  [_ value]
  (if (set? value) (sort-by str value) value))

(defn save!
  "Writes results.json into dir and returns its text."
  [dir results]
  (let [text (json/write-str results :key-fn snake :value-fn plain)]
    (spit (io/file dir "results.json") (str text "\n"))
    text))

(defn load-text
  "results.json text as data with keyword keys (snake_case), as the report wants it."
  [text]
  (json/read-str text :key-fn keyword))
