(ns chaos.results
  "results.json, version 1: run, seed, versions, and cells of {system, mode, workload,
  nemesis, verdict, ok, fail, info, lost, stages_ms}, with more beside. The report renders
  this data and computes nothing of its own."
  (:require [clojure.data.json :as json]
            [clojure.java.io :as io]
            [clojure.string :as str]))

(def version 1)

(defn- stage [{:keys [fault node at-s sdown odown switch first-ok]}]
  {:fault fault :node node :at_s at-s :sdown sdown :odown odown :switch switch :first_ok first-ok})

(defn- snake [k] (if (keyword? k) (str/replace (str/replace (name k) "?" "") "-" "_") (str k)))

(defn cell
  "One cell of results.json from the findings of chaos.cell/analyze."
  [{:keys [adds] :as found}]
  {:system       (:system found)
   :version      (:version found)
   :mode         (:mode found)
   :workload     (:workload found)
   :nemesis      (:nemesis found)
   :client_style (:style found)
   :seed         (:seed found)
   :clients      (:clients found)
   :time_s       (:time-s found)
   :rate         (:rate found)
   :verdict      (:verdict found)
   :because      (:because found)
   :ok           (:acknowledged adds)
   :fail         (:failed adds)
   :info         (:unsure adds)
   :lost         (get-in adds [:lost :count])
   :lost_percent (:lost-percent adds)
   :loss_window_s (:loss-window adds)
   :recovered    (:recovered adds)
   :never_read   (:never-read adds)
   :dirty        (get-in adds [:dirty :count])
   :unexpected   (get-in adds [:unexpected :count])
   :corrupt      (get-in adds [:corrupt :count])
   :divergent    (get-in adds [:divergent :count])
   :by_node      (:by-node adds)
   :stages_ms    (mapv stage (:stages found))
   :stale        (:stale found)
   :returns      (:returns found)
   :shade        (get-in found [:perf :name])
   :shades_s     (:shades found)
   :slice_s      (:slice-s found)
   :slices       (:slices found)
   :dots         (:dots found)
   :certificates (:certificates found)
   :machine_load (:load found)
   :operations   (:operations found)
   :dir          (:dir found)})

(defn results
  [run cells]
  {:version  version
   :run      (:run run)
   :seed     (:seed run)
   :started  (:started run)
   :command  (:command run)
   :machine  (:machine run)
   :versions (into (sorted-map) (map (juxt (comp name :system) :version)) cells)
   :skipped  (:skipped run)
   :cells    (mapv cell cells)})

(defn save!
  "Writes results.json into dir and returns its text."
  [dir results]
  (let [text (json/write-str results :key-fn snake)]
    (spit (io/file dir "results.json") (str text "\n"))
    text))
