------------------------------- MODULE LinRepl -------------------------------
(***************************************************************************)
(* NOT YET REWRITTEN to docs/STYLE.md: this is the prototype, kept as it was *)
(* so that what it found stays checked.  Its names, its order and its bounds *)
(* inside the module are those of the prototype.  Nothing in Java mirrors it *)
(* yet: modes `bounded` and `linearizable` are refused at start.             *)
(*                                                                         *)
(* Prototype of product mode (c) "linearizable".                           *)
(*                                                                         *)
(* Data nodes keep a replicated command stream (log).  The sentinels' Raft *)
(* group is abstracted to ONE atomic record `raft` (its applied state      *)
(* machine); any step on it stands for a committed + applied Raft entry.   *)
(*                                                                         *)
(* Network abstraction ("monotone facts"):                                 *)
(*   elog[e]    everything ever put on epoch e's stream (TCP, FIFO): an    *)
(*              attached replica may receive the next entry at any time,   *)
(*              even after the sender died  -> unbounded delay             *)
(*   ackd[e][n] the highest ack n ever SENT in epoch e: may be counted by  *)
(*              the master at any later time -> delay/reorder/loss         *)
(*   rep        fence reports sent to the sentinel leader                  *)
(* A message loss is "the step that would consume the fact is not taken".  *)
(*                                                                         *)
(* Time: countdown timers, all decremented by Tick; clock drift is folded  *)
(* into the worst case  LeaseTicks = L(1+rho),  WaitTicks = W(1-rho).      *)
(*                                                                         *)
(* Every protocol rule is a switch; all TRUE = the repaired design.        *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
  Node, InitMembers,
  MaxEpoch, MaxWrite, MaxCrash, MaxReconf, MaxRead, MaxFull,
  LeaseTicks, WaitTicks,
  SpareEpochs,   \* epochs reserved for really needed failovers (liveness runs)
  \* ---- rule switches ---------------------------------------------------
  RFence,        \* a report is also a persisted promise: no apply/ack below it
  RPromQuorum,   \* promotion needs reports of a majority of the members
  RAckQuorum,    \* ack only after a majority of members (incl. self) hold it
  REpochFirst,   \* candidates compared by (data epoch, offset), not offset
  RInBandEpoch,  \* data epoch = epoch of last APPLIED record, not of the link
  RBarrier,      \* new master appends a barrier of its epoch; commits only
                 \*   through records of its own epoch (Raft fig. 8)
  RPsyncCheck,   \* partial resync only when history really is a prefix
  RAtomicResync, \* full resync swaps atomically (old data kept until loaded)
  RDurable,      \* ack / report only what is fsynced
  RAmnesia,      \* (instead of RDurable) restarted node is "recovering":
                 \*   gives no report and no ack until caught up
  RNoResume,     \* a restarted master never resumes mastership of its epoch
  RLease,        \* reads need a valid lease; promotion waits it out
  RLeaseSend,    \* lease runs from request send time, not from receipt
  RFreshClock,   \* lease is compared with a fresh clock, not a cached one
  RCommitRead,   \* read reply released only when what it saw is committed
  RTakeCheck,    \* take-over only if the node still holds exactly what it
                 \*   reported (the Promote entry carries that report)
  RConfStep,     \* next member change only after the master confirmed the last
  Fine           \* FALSE: apply+fsync+ack is one step (sound reduction when
                 \*   RDurable: "applied, not acked" behaves like "ack delayed")

CONSTANT None

VARIABLES
  raft,      \* [epoch, master, members, fo, conf]  fo = epoch being elected
  wait,      \* sentinel: remaining lease wait-out before Promote
  rep,       \* [Node -> None | [de, len]] reports for raft.fo
  up, log, dur, prom, att, mst, com, mm, rec,      \* node state
  lease, grant, cok, pend,                         \* read path
  elog, ackd,                                      \* sent facts
  obs, stale, nw, nc, nr, nrd, nf                  \* ghosts / counters

nodeVars == <<up, log, dur, prom, att, mst, com, mm, rec>>
readVars == <<lease, grant, cok, pend>>
sentVars == <<elog, ackd>>
cntVars  == <<nw, nc, nr, nrd, nf>>
vars == <<raft, wait, rep, nodeVars, readVars, sentVars, obs, stale, cntVars>>

Epoch == 1..MaxEpoch
Max(a,b) == IF a > b THEN a ELSE b
Min(a,b) == IF a < b THEN a ELSE b
IsPrefix(s,t) == Len(s) <= Len(t) /\ \A i \in 1..Len(s) : s[i] = t[i]
LastE(s) == IF s = <<>> THEN 0 ELSE s[Len(s)].e
Majority(Q, M) == 2 * Cardinality(Q \cap M) > Cardinality(M)
Longer(s,t) == IF Len(s) > Len(t) THEN s ELSE t
Promoted == {e \in Epoch : elog[e] # <<>>}
Latest   == CHOOSE e \in Promoted : \A f \in Promoted : f <= e

Init ==
  /\ \E m \in InitMembers :
       /\ raft = [epoch |-> 1, master |-> m, members |-> InitMembers,
                  fo |-> 0, conf |-> TRUE, base |-> [de |-> 1, len |-> 1]]
       /\ mst = [n \in Node |-> IF n = m THEN 1 ELSE 0]
       /\ att = [n \in Node |-> IF n = m THEN 0 ELSE 1]
  /\ wait = 0
  /\ rep  = [n \in Node |-> None]
  /\ up   = [n \in Node |-> TRUE]
  /\ log  = [n \in Node |-> <<[e |-> 1, v |-> 0]>>]   \* epoch-1 barrier everywhere
  /\ dur  = [n \in Node |-> 1]
  /\ prom = [n \in Node |-> 1]
  /\ com  = [n \in Node |-> 1]
  /\ mm   = [n \in Node |-> InitMembers]
  /\ rec  = [n \in Node |-> 0]
  /\ lease = [n \in Node |-> 0]
  /\ grant = [n \in Node |-> FALSE]
  /\ cok   = [n \in Node |-> FALSE]
  /\ pend  = [n \in Node |-> None]
  /\ elog = [e \in Epoch |-> IF e = 1 THEN <<[e |-> 1, v |-> 0]>> ELSE <<>>]
  /\ ackd = [e \in Epoch |-> [n \in Node |-> IF e = 1 THEN 1 ELSE 0]]
  /\ obs = <<[e |-> 1, v |-> 0]>> /\ stale = FALSE
  /\ nw = 0 /\ nc = 0 /\ nr = 0 /\ nrd = 0 /\ nf = 0

-----------------------------------------------------------------------------
(* Replication stream                                                      *)

Write(m) ==                      \* client write accepted and put on the stream
  /\ up[m] /\ mst[m] # 0 /\ nw < MaxWrite
  /\ LET e == mst[m]
         s == Append(log[m], [e |-> e, v |-> nw + 1])
     IN /\ log'  = [log  EXCEPT ![m] = s]
        /\ elog' = [elog EXCEPT ![e] = s]
  /\ nw' = nw + 1
  /\ IF Fine THEN UNCHANGED <<dur, ackd>>
     ELSE /\ dur'  = [dur EXCEPT ![m] = Len(log[m]) + 1]
          /\ ackd' = [ackd EXCEPT ![mst[m]][m] = Len(log[m]) + 1]
  /\ UNCHANGED <<raft, wait, rep, up, prom, att, mst, com, mm, rec,
                 readVars, obs, stale, nc, nr, nrd, nf>>

CanFollow(r, e) == RFence => prom[r] <= e

Stream(r) ==                     \* replica applies the next record of its link
  /\ up[r] /\ att[r] # 0 /\ mst[r] = 0
  /\ LET e == att[r] IN
       /\ CanFollow(r, e)
       /\ Len(log[r]) < Len(elog[e])
       /\ (RPsyncCheck => IsPrefix(log[r], elog[e]))
       /\ log' = [log EXCEPT ![r] = Append(@, elog[e][Len(@) + 1])]
       /\ IF Fine THEN UNCHANGED <<dur, ackd>>
          ELSE /\ dur'  = [dur EXCEPT ![r] = Len(log[r]) + 1]
               /\ ackd' = [ackd EXCEPT ![e][r] = Max(@, Len(log[r]) + 1)]
  /\ UNCHANGED <<raft, wait, rep, up, prom, att, mst, com, mm, rec,
                 readVars, elog, obs, stale, cntVars>>

Ack(n) ==                        \* fsync (if RDurable) + REPLCONF ACK; also the
  /\ up[n]                       \* master's own vote for its log
  /\ LET e == IF mst[n] # 0 THEN mst[n] ELSE att[n] IN
       /\ e # 0
       /\ CanFollow(n, e)
       /\ (RAmnesia => rec[n] = 0)
       /\ Len(log[n]) > ackd[e][n]
       /\ Len(log[n]) <= Len(elog[e])
       /\ ackd' = [ackd EXCEPT ![e][n] = Len(log[n])]
  /\ dur' = IF RDurable THEN [dur EXCEPT ![n] = Len(log[n])] ELSE dur
  /\ UNCHANGED <<raft, wait, rep, up, log, prom, att, mst, com, mm, rec,
                 readVars, elog, obs, stale, cntVars>>

Commit(m) ==                     \* master counts acks, replies +OK to clients
  /\ up[m] /\ mst[m] # 0
  /\ LET e == mst[m] IN
     \E k \in (com[m] + 1)..Len(log[m]) :
       /\ LET Q == {n \in Node : ackd[e][n] >= k}
          IN IF RAckQuorum THEN Majority(Q, mm[m]) ELSE m \in Q
       /\ (RBarrier => log[m][k].e = e)
       /\ com' = [com EXCEPT ![m] = k]
       /\ LET P == SubSeq(log[m], 1, k) IN
            /\ obs' = Longer(obs, P)
            /\ stale' = (stale \/ ~(IsPrefix(obs, P) \/ IsPrefix(P, obs)))
  /\ UNCHANGED <<raft, wait, rep, up, log, dur, prom, att, mst, mm, rec,
                 readVars, sentVars, cntVars>>

Attach(r, e, full) ==            \* PSYNC handshake with the master of epoch e
  /\ up[r] /\ mst[r] < e /\ e \in Promoted
  /\ (full => nf < MaxFull)
  /\ \E m \in Node \ {r} : up[m] /\ mst[m] = e
  /\ (RFence => prom[r] <= e)
  /\ att[r] # e \/ full
  /\ LET tgt == elog[e]
         fits == IF RPsyncCheck THEN IsPrefix(log[r], tgt)
                                ELSE Len(log[r]) <= Len(tgt)
         needFull == full \/ ~fits
         new == IF ~needFull THEN log[r]
                ELSE IF RAtomicResync THEN tgt ELSE <<>>
     IN /\ log' = [log EXCEPT ![r] = new]
        /\ dur' = [dur EXCEPT ![r] = IF ~needFull THEN @
                                     ELSE IF RDurable THEN Len(new) ELSE 0]
        /\ rec' = [rec EXCEPT ![r] = IF @ # 0 THEN
                       (IF Len(new) >= Len(tgt) THEN 0 ELSE Len(tgt)) ELSE 0]
  /\ nf' = IF full THEN nf + 1 ELSE nf
  /\ att' = [att EXCEPT ![r] = e]
  /\ prom' = [prom EXCEPT ![r] = Max(@, e)]
  /\ mst' = [mst EXCEPT ![r] = 0]
  /\ pend' = [pend EXCEPT ![r] = None] /\ lease' = [lease EXCEPT ![r] = 0]
  /\ UNCHANGED <<raft, wait, rep, up, com, mm, grant, cok, sentVars,
                 obs, stale, nw, nc, nr, nrd>>

Recovered(r) ==                  \* RAmnesia: caught up to the handshake target
  /\ up[r] /\ rec[r] # 0 /\ att[r] # 0 /\ rec[r] < 99
  /\ Len(log[r]) >= rec[r]
  /\ rec' = [rec EXCEPT ![r] = 0]
  /\ UNCHANGED <<raft, wait, rep, up, log, dur, prom, att, mst, com, mm,
                 readVars, sentVars, obs, stale, cntVars>>

-----------------------------------------------------------------------------
(* Crash / restart.  Anything beyond dur may or may not have reached disk.  *)
Crash(n) ==
  /\ up[n] /\ nc < MaxCrash
  /\ up' = [up EXCEPT ![n] = FALSE]
  /\ \E k \in dur[n]..Len(log[n]) :
       /\ log' = [log EXCEPT ![n] = SubSeq(@, 1, k)]
       /\ dur' = [dur EXCEPT ![n] = Min(@, k)]
  /\ mst' = [mst EXCEPT ![n] = IF RNoResume THEN 0 ELSE @]
  /\ att' = [att EXCEPT ![n] = 0]
  /\ com' = [com EXCEPT ![n] = 0]
  /\ lease' = [lease EXCEPT ![n] = 0] /\ cok' = [cok EXCEPT ![n] = FALSE]
  /\ grant' = [grant EXCEPT ![n] = FALSE] /\ pend' = [pend EXCEPT ![n] = None]
  /\ rec' = [rec EXCEPT ![n] = IF RAmnesia THEN 99 ELSE 0]
  /\ nc' = nc + 1
  /\ UNCHANGED <<raft, wait, rep, prom, mm, sentVars, obs, stale, nw, nr, nrd, nf>>

Restart(n) ==
  /\ ~up[n]
  /\ up' = [up EXCEPT ![n] = TRUE]
  /\ elog' = IF mst[n] # 0 THEN [elog EXCEPT ![mst[n]] = log[n]] ELSE elog
  \* a resumed master makes its replicas reconnect
  /\ att' = IF mst[n] # 0 THEN [r \in Node |-> IF att[r] = mst[n] THEN 0 ELSE att[r]]
                          ELSE att
  /\ UNCHANGED <<raft, wait, rep, log, dur, prom, mst, com, mm, rec,
                 readVars, ackd, obs, stale, cntVars>>

-----------------------------------------------------------------------------
(* Failover driven by the sentinels' Raft state machine                     *)
\* the master of the current epoch cannot serve it (any more); a BeginFailover
\* when ~Needed models a false suspicion (partition, GC pause, slow take-over)
Needed == LET m == raft.master IN
  \/ ~up[m] \/ prom[m] > raft.epoch
  \/ mst[m] # raft.epoch /\ elog[raft.epoch] # <<>>

BeginFailover ==                 \* committed entry: stop lease grants, reserve epoch
  /\ raft.fo = 0 /\ raft.epoch < MaxEpoch
  /\ Needed \/ raft.epoch < MaxEpoch - SpareEpochs
  /\ raft' = [raft EXCEPT !.fo = raft.epoch + 1]
  /\ wait' = IF RLease THEN WaitTicks ELSE 0
  /\ rep'  = [n \in Node |-> None]
  /\ UNCHANGED <<nodeVars, readVars, sentVars, obs, stale, cntVars>>

Promise(n) ==                    \* FENCE e -> report
  /\ raft.fo # 0 /\ up[n] /\ n \in raft.members /\ rep[n] = None
  /\ (RAmnesia => rec[n] = 0)
  /\ RFence => prom[n] < raft.fo
  /\ rep' = [rep EXCEPT ![n] =
        [de |-> IF RInBandEpoch THEN LastE(log[n]) ELSE prom[n],
         len |-> Len(log[n])]]
  /\ IF RFence
     THEN /\ prom' = [prom EXCEPT ![n] = raft.fo]
          /\ mst'  = [mst  EXCEPT ![n] = 0]
          /\ att'  = [att  EXCEPT ![n] = 0]
          /\ lease' = [lease EXCEPT ![n] = 0]
          /\ pend' = [pend EXCEPT ![n] = None]
     ELSE UNCHANGED <<prom, mst, att, lease, pend>>
  /\ dur' = IF RDurable THEN [dur EXCEPT ![n] = Len(log[n])] ELSE dur
  /\ UNCHANGED <<raft, wait, up, log, com, mm, rec, grant, cok, sentVars,
                 obs, stale, cntVars>>

Better(a, b) == IF REpochFirst THEN a.de > b.de \/ (a.de = b.de /\ a.len >= b.len)
                               ELSE a.len >= b.len

Promote(n) ==                    \* committed entry: epoch fo belongs to n
  /\ raft.fo # 0 /\ wait = 0
  /\ rep[n] # None
  /\ LET R == {x \in Node : rep[x] # None} IN
       /\ (RPromQuorum => Majority(R, raft.members))
       /\ \A x \in R : Better(rep[n], rep[x])
       /\ (~RPromQuorum => n # raft.master)   \* classic: some other replica
  /\ raft' = [raft EXCEPT !.epoch = raft.fo, !.master = n, !.fo = 0, !.conf = FALSE,
                        !.base = rep[n]]
  /\ rep' = [x \in Node |-> None]
  /\ UNCHANGED <<wait, nodeVars, readVars, sentVars, obs, stale, cntVars>>

TakeOver(n) ==                   \* the chosen node learns it is master
  /\ up[n] /\ raft.master = n /\ mst[n] < raft.epoch
  /\ elog[raft.epoch] = <<>>
  /\ (RFence => prom[n] = raft.epoch)
  /\ (RTakeCheck => /\ raft.base = [de |-> LastE(log[n]), len |-> Len(log[n])]
                    /\ rec[n] = 0)
  /\ LET e == raft.epoch
         s == IF RBarrier THEN Append(log[n], [e |-> e, v |-> 0]) ELSE log[n]
     IN /\ mst' = [mst EXCEPT ![n] = e]
        /\ log' = [log EXCEPT ![n] = s]
        /\ elog' = [elog EXCEPT ![e] = s]
        /\ prom' = [prom EXCEPT ![n] = Max(@, e)]
  /\ att' = [att EXCEPT ![n] = 0]
  /\ com' = [com EXCEPT ![n] = 0]
  /\ mm'  = [mm EXCEPT ![n] = raft.members]
  /\ IF Fine THEN UNCHANGED <<dur, ackd>>
     ELSE /\ dur' = [dur EXCEPT ![n] = Len(log'[n])]
          /\ ackd' = [ackd EXCEPT ![raft.epoch][n] = Len(log'[n])]
  /\ UNCHANGED <<raft, wait, rep, up, rec, readVars, obs, stale, cntVars>>

-----------------------------------------------------------------------------
(* Lease + reads                                                            *)
CanGrant(n) == raft.epoch = mst[n] /\ raft.master = n /\ raft.fo = 0

LeaseGrant(n) ==
  /\ RLease /\ up[n] /\ mst[n] # 0 /\ CanGrant(n)
  /\ IF RLeaseSend
     THEN lease[n] < LeaseTicks /\ lease' = [lease EXCEPT ![n] = LeaseTicks]
          /\ UNCHANGED grant
     ELSE ~grant[n] /\ grant' = [grant EXCEPT ![n] = TRUE] /\ UNCHANGED lease
  /\ UNCHANGED <<raft, wait, rep, nodeVars, cok, pend, sentVars, obs, stale, cntVars>>

LeaseRecv(n) ==                  \* only ~RLeaseSend: late grant restarts the timer
  /\ ~RLeaseSend /\ up[n] /\ mst[n] # 0 /\ grant[n]
  /\ lease' = [lease EXCEPT ![n] = LeaseTicks]
  /\ grant' = [grant EXCEPT ![n] = FALSE]
  /\ UNCHANGED <<raft, wait, rep, nodeVars, cok, pend, sentVars, obs, stale, cntVars>>

Tick ==
  /\ RLease
  /\ wait > 0 \/ \E n \in Node : lease[n] > 0
  /\ wait'  = IF wait > 0 THEN wait - 1 ELSE 0
  /\ lease' = [n \in Node |-> IF lease[n] > 0 THEN lease[n] - 1 ELSE 0]
  /\ UNCHANGED <<raft, rep, nodeVars, grant, cok, pend, sentVars, obs, stale, cntVars>>

CacheClock(n) ==                 \* only ~RFreshClock: event loop samples its clock
  /\ ~RFreshClock /\ up[n] /\ cok[n] # (lease[n] > 0)
  /\ cok' = [cok EXCEPT ![n] = (lease[n] > 0)]
  /\ UNCHANGED <<raft, wait, rep, nodeVars, lease, grant, pend, sentVars, obs, stale, cntVars>>

LeaseOK(n) == ~RLease \/ (IF RFreshClock THEN lease[n] > 0 ELSE cok[n])

ReadStart(n) ==                  \* read executed on the master's current state
  /\ up[n] /\ mst[n] # 0 /\ pend[n] = None /\ nrd < MaxRead
  /\ LeaseOK(n)
  /\ pend' = [pend EXCEPT ![n] = [len |-> Len(log[n]), floor |-> Len(obs)]]
  /\ nrd' = nrd + 1
  /\ UNCHANGED <<raft, wait, rep, nodeVars, lease, grant, cok, sentVars,
                 obs, stale, nw, nc, nr, nf>>

ReadReply(n) ==
  /\ up[n] /\ mst[n] # 0 /\ pend[n] # None
  /\ (RCommitRead => com[n] >= pend[n].len)
  /\ LET P == SubSeq(log[n], 1, pend[n].len) IN
       /\ stale' = (stale \/ ~IsPrefix(SubSeq(obs, 1, pend[n].floor), P)
                          \/ ~(IsPrefix(P, obs) \/ IsPrefix(obs, P)))
       /\ obs' = Longer(obs, P)
  /\ pend' = [pend EXCEPT ![n] = None]
  /\ UNCHANGED <<raft, wait, rep, nodeVars, lease, grant, cok, sentVars, cntVars>>

-----------------------------------------------------------------------------
(* Replica-set reconfiguration (members live in the Raft log)               *)
Reconf ==
  /\ raft.fo = 0 /\ nr < MaxReconf
  /\ (RConfStep => raft.conf)
  /\ \E n \in Node \ {raft.master} :
       LET M == IF n \in raft.members THEN raft.members \ {n}
                                      ELSE raft.members \cup {n}
       IN M # {} /\ raft' = [raft EXCEPT !.members = M, !.conf = FALSE]
  /\ nr' = nr + 1
  /\ UNCHANGED <<wait, rep, nodeVars, readVars, sentVars, obs, stale, nw, nc, nrd, nf>>

Adopt(m) ==                      \* master learns the current member set
  /\ up[m] /\ mst[m] # 0 /\ mst[m] = raft.epoch /\ raft.master = m
  /\ mm[m] # raft.members
  /\ mm' = [mm EXCEPT ![m] = raft.members]
  /\ UNCHANGED <<raft, wait, rep, up, log, dur, prom, att, mst, com, rec,
                 readVars, sentVars, obs, stale, cntVars>>

Confirm(m) ==                    \* ... and everything it ever acked is now on a
  /\ up[m] /\ mst[m] # 0         \*     majority of THAT set: commits "conf"
  /\ mst[m] = raft.epoch /\ raft.master = m /\ raft.fo = 0
  /\ ~raft.conf /\ mm[m] = raft.members
  /\ com[m] > 0 /\ log[m][com[m]].e = mst[m]
  /\ Majority({n \in Node : ackd[mst[m]][n] >= com[m]}, mm[m])
  /\ raft' = [raft EXCEPT !.conf = TRUE]
  /\ UNCHANGED <<wait, rep, nodeVars, readVars, sentVars, obs, stale, cntVars>>

-----------------------------------------------------------------------------
Next ==
  \/ \E n \in Node :
       \/ Write(n) \/ Stream(n) \/ Ack(n) \/ Commit(n) \/ Recovered(n)
       \/ \E e \in Epoch, f \in BOOLEAN : Attach(n, e, f)
       \/ Crash(n) \/ Restart(n)
       \/ Promise(n) \/ Promote(n) \/ TakeOver(n)
       \/ LeaseGrant(n) \/ LeaseRecv(n) \/ CacheClock(n)
       \/ ReadStart(n) \/ ReadReply(n)
       \/ Adopt(n) \/ Confirm(n)
  \/ BeginFailover \/ Tick \/ Reconf

Spec == Init /\ [][Next]_vars

\* Fairness: everything the protocol does by itself; failures, failover
\* suspicion, writes, reads and reconfiguration are NOT fair.
Fairness ==
  /\ \A n \in Node :
       /\ WF_vars(Stream(n)) /\ WF_vars(Ack(n)) /\ WF_vars(Commit(n))
       /\ WF_vars(Recovered(n)) /\ WF_vars(Restart(n))
       /\ WF_vars(Promise(n)) /\ WF_vars(Promote(n)) /\ WF_vars(TakeOver(n))
       /\ WF_vars(Adopt(n)) /\ WF_vars(Confirm(n))
       /\ \A e \in Epoch : WF_vars(Attach(n, e, FALSE))
  /\ WF_vars(Tick)
  /\ WF_vars(Needed /\ BeginFailover)
FairSpec == Spec /\ Fairness
\* once disturbances stop (they are bounded here) the newest epoch has a
\* master, and everything on its stream gets committed
Serving == \E n \in Node : up[n] /\ mst[n] = raft.epoch /\ raft.master = n
                           /\ com[n] = Len(log[n])
EventuallyServing == <>[]Serving

-----------------------------------------------------------------------------
(* Properties                                                              *)
\* every reply a client ever saw is contained in the newest master's stream
AckedSurvive == IsPrefix(obs, elog[Latest])
\* no reply contradicts real-time order / another reply (linearizability of
\* the log, hence of any register in it)
Linearizable == ~stale
\* one owner per epoch (by construction of the raft CAS; kept as a guard)
OneMasterPerEpoch == \A a, b \in Node : mst[a] # 0 /\ mst[a] = mst[b] => a = b
\* a follower never diverges from the stream it follows
FollowerPrefix == \A r \in Node : up[r] /\ att[r] # 0 /\ mst[r] = 0 =>
                     IsPrefix(log[r], elog[att[r]])
\* at most one node can serve lease reads that see the current epoch's writes
LeaseExclusive == \A a, b \in Node :
     (a # b /\ mst[a] # 0 /\ mst[b] # 0 /\ lease[a] > 0 /\ lease[b] > 0) => FALSE
\* a committed log position is held durably by a majority of some member set
Perms == Permutations(Node)

\* counters that only bound the model are hidden from the fingerprint? NO:
\* they bound behaviours, so they must stay in the state.
=============================================================================
