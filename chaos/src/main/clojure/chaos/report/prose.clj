(ns chaos.report.prose
  "The fixed sentences of the page: what words mean, and what no run of this harness looks
  at yet. Whoever adds a workload or a fault takes its line out of `not-tested`.")

(def phrases
  "Nemesis -> how it reads after \"we found n writes lost\"."
  {:partition "while the master and half of the clients were cut off"
   :kill      "when the master was killed"
   :failovers "while the master was killed again and again"})

(def not-tested
  ["Reads during faults (staleness, order): only final reads are made."
   "Transactions, lists, counters, locks, expiry, delivery of messages to clients."
   "Modes other than available."
   "Pauses, slow or full disks, power cuts, clocks, one-way cuts, packet loss."
   "Rolling restarts, planned failovers, two faults at once."
   "Clients that listen to +switch-master instead of asking after an error."
   "Persistence: all nodes run without it."])

(def words
  [["acknowledged" "The server answered OK."]
   ["lost" "Acknowledged, and not on the final master when all was healed."]
   ["refused, unsure"
    "An error that says the write did not happen; anything else, time-outs included."]
   ["recovered, never read" "Unsure, and there; unsure, and nowhere, which is allowed."]
   ["dirty, unexpected, corrupt, divergent"
    (str "Refused, and there; there, and never written; there, with another value; on some "
         "nodes only. No mode allows any of them.")]
   ["stale ack" "A write that the old master acknowledged after its return, and that was lost."]
   ["expected"
    (str "What the mode allows or, for stock Redis as the control, the flaw that it must be "
         "caught with.")]
   ["unknown" "The run did not show enough to say. It counts as a failure of the run."]])

(def stages
  (str "From the fault to the first sentinel that calls the master subjectively down, to the first "
       "that calls it objectively down, to the first +switch-master, to the first write that "
       "another node acknowledged."))

(def returns
  (str "Times are counted from the heal, or from the start of the process. Contact: first bytes "
       "from a sentinel, in a partition one of the other side. Order: first SLAVEOF, FENCE or "
       "FOLLOW."))

(def seed
  (str "The seed fixes the schedule of faults and the pace of the clients; the interleaving of "
       "processes is the machine's own, so counts differ from run to run. "))

(def nodes
  (str "Three servers and three sentinels (quorum 2, down-after 1000 ms, no persistence): real "
       "processes on one machine, one cluster at a time."))

(def network
  "An unprivileged TCP proxy on every link: replication, sentinels, Raft, clients.")
