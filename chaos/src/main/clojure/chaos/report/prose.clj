(ns chaos.report.prose
  "The fixed sentences of the pages: what words and plots mean, and what claims say."
  (:require [clojure.string :as str]))

(def ^:private claims
  "Claim -> its sentence and the property of the specs that says the same."
  {"demoted-at-first-contact"
   {:text     (str "An old master acknowledges nothing once it says that it is a replica, and "
                   "it says so right after its first contact with the other side.")
    :property "none"}
   "planned-failover-loses-nothing"
   {:text     "A failover that an operator asks for loses no acknowledged write."
    :property "HandOver NoAckedLostInv"}})

(defn claim-of [claim] (get claims claim))

(def anomalies
  "Class of anomaly -> what was counted, as it reads after a number."
  {:lost               "lost writes"
   :dirty              "refused writes that happened"
   :unexpected         "values that nobody wrote"
   :corrupt            "damaged values"
   :divergent          "values on some nodes only"
   :duplicate          "duplicated values"
   :nonlinearizable    "keys that no order of the operations explains"
   :stale_read         "stale reads"
   :lost_update        "lost updates"
   :incompatible_order "incompatible orders"
   :below_bounds       "counter answers too small"
   :above_bounds       "counter answers too great"
   :mutual_exclusion   "locks with two holders"
   :token_regression   "fencing tokens that went back"
   :non_monotonic_read "reads older than one before, on another or a restarted node"
   :non_monotonic_node_read "reads older than one before, on the same node"
   :read_your_writes   "reads that missed a write of the same client"
   :two_masters        "writes acknowledged by a master whose replacement was announced"
   :undelivered        "messages that a listener did not get"
   :out_of_order       "links with messages out of order"
   :wrong_final        "last messages that do not name the master"
   :internal           "transactions that contradict themselves"
   :G0                 "cycles of writes (G0)"
   :G1a                "reads of refused writes (G1a)"
   :G1b                "reads of unfinished transactions (G1b)"
   :G1c                "cycles of writes and reads (G1c)"
   :G_single           "skewed reads (G-single)"
   :G2                 "cycles of anti-dependencies (G2)"})

(defn counted
  "A number of anomalies of a class, in words; the class is spelt by `name` where it is new."
  [n text class name]
  (let [many (anomalies class)]
    (str text " " (cond (nil? many) name
                        (= 1 n)     (str/replace-first many #"(?<=[a-z])s\b" "")
                        :else       many))))

(def words
  [["acknowledged" "The server answered without an error."]
   ["lost" "Acknowledged, and not on the final master when all was healed."]
   ["refused, unsure"
    "An error that says the operation did not happen; anything else, time-outs included."]
   ["recovered, never read" "Unsure, and there; unsure, and nowhere, which is allowed."]
   ["dirty, unexpected, corrupt, divergent"
    (str "Refused, and there; there, and never written; there, with another value; on some "
         "nodes only. No mode allows any of them.")]
   ["stale ack" "A write that the old master acknowledged after its return, and that was lost."]
   ["expected"
    (str "What the mode allows or, for stock Redis as the control, the flaw that it must be "
         "caught with.")]
   ["violated" "Something that the mode does not allow, or that breaks a claim of the system."]
   ["unknown" "The run did not show enough to say. It counts as a failure of the run."]
   ["control" (str "Stock Redis under the same faults. A run whose control is not caught proves "
                   "nothing.")]])

(def claims-mean
  (str "What a system says of itself beyond its mode, and what we found where it was tried. "
       "Expected means that these runs did not refute it, no more."))

(def availability
  (str "A slot is served when any client was acknowledged in it. Clients of a cut-off side "
       "count like all others, so a system that goes on serving both sides looks available "
       "here and pays for it in lost writes."))

(def stages
  (str "From the fault to the first sentinel that calls the master subjectively down (+sdown), "
       "to the first that calls it objectively down (+odown), to the first +switch-master, to "
       "the first write that another node acknowledged. Each row is one failover; sorted, their "
       "right-hand edge is the distribution."))

(def returns
  (str "Times are counted from the heal, or from the start of the process. Contact: first bytes "
       "from a sentinel, in a partition one of the other side. Order: first SLAVEOF, FENCE or "
       "FOLLOW."))

(def staleness
  (str "How far a read was behind what had been acknowledged when it began: how many newer writes "
       "of its key it missed, and for how long the oldest of them had been acknowledged. A lost "
       "write makes reads stale for good, so these figures also grow by loss. Points are the "
       "quantiles; the lines between them only lead the eye."))

(def measures
  "Measure of staleness -> what is counted."
  {:k "newer writes missed" :t_ms "ms behind"})

(def seed
  (str "The seed fixes the schedule of faults and the pace of the clients; the interleaving of "
       "processes is the machine's own, so counts differ from run to run."))

(def ^:private numbers
  ["no" "one" "two" "three" "four" "five" "six" "seven" "eight" "nine"])

(defn counted-of
  "three servers, one sentinel, 12 nodes."
  [n what]
  (str (get numbers n n) " " what (when (not= 1 n) "s")))

(def nodes "real processes on one machine, one cluster at a time")

(def network
  {"mesh" "an unprivileged TCP proxy on every link: replication, sentinels, Raft, clients"})

(def self-test
  (str "A checker is code, hence wrong until tested: a proxy that lies was put before a server "
       "that does not. Each lie must be flagged by the workload that is meant for it; harmless "
       "ones, which a truthful system may do as well, and clean runs must not."))
