(ns chaos.workload.set
  "Each client adds elements that nobody else ever adds, each as a key of its own
  (SET set:<element> <element>), and one operation in ten reads a recent element from the
  master. At the end every node is read in full. An acknowledged element that is not there
  was lost; one that was certainly not added and is there is dirty; a read that began after
  the acknowledgement and did not see the element was stale.

  It sees lost, phantom and late-seen writes. It does not see reordered writes, since no two
  adds touch the same key, nor staleness shorter than the pauses between its few reads."
  (:require [chaos.checker.certificate :as certificate]
            [chaos.checker.unique-adds :as checker]
            [chaos.client :as client]
            [chaos.random :as random]
            [chaos.workload.elements :as elements]
            [chaos.workload.support :as support]))

(def ^:private key-prefix "set:")

(def ^:private reads-share 0.1)
(def ^:private recent
  "How many of a thread's last slots a read chooses from, the later ones more often. Threads
  drift apart by tens of slots, so a narrower choice would mostly ask for what is yet to come."
  200)

;; ---- what is done: thread t of n owns the elements t, t + n, t + 2n, ... ----

(defn- add-slot? [seed t i] (<= reads-share (random/unit seed :set-read t i)))

(defn- recent-element
  "An element that some thread was to add in one of its slots before i, or nil."
  [{:keys [seed clients]} t i]
  (let [other (int (* clients (random/unit seed :set-whom t i)))
        back  (random/unit seed :set-which t i)
        from  (- i 1 (long (* recent back back)))
        slot  (first (filter #(add-slot? seed other %) (range from -1 -1)))]
    (when slot (+ other (* clients slot)))))

(defn operation
  "Operation i of thread t: an add, or a read of a recent element."
  [{:keys [seed clients] :as opts} t i]
  (let [read (when-not (add-slot? seed t i) (recent-element opts t i))]
    (if read
      {:f :read :value read}
      {:f :add :value (+ t (* clients i))})))

;; ---- doing it ----

(defn- invoke! [client {:keys [f value] :as op}]
  (case f
    :add  (client/execute! client op ["SET" (str key-prefix value) value]
                           (fn [reply]
                             (if (= "OK" reply) {} {:type :info :error [:reply reply]})))
    :read (client/with-master! client op
            (fn [conn _]
              {:present? (some? (client/must! conn "GET" (str key-prefix value)))}))))

(defn workload [opts]
  {:needs           #{"SET" "GET" "MGET" "SCAN"}
   :invoke          invoke!
   :read-node       (elements/reader key-prefix)
   :generator       (support/paced opts :set (fn [t _ i] (operation opts t i)))
   :final-generator (elements/final-reads opts)
   :checker         checker/check
   :recheck         certificate/holds?})
