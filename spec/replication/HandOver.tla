------------------------------- MODULE HandOver ------------------------------
(***************************************************************************)
(* A master hands over to a replica because an operator asked for it, in    *)
(* mode `available`: a write is acknowledged as soon as the master has it,   *)
(* and none that was acknowledged is lost, whatever becomes of the          *)
(* sentinels in the middle of it.  One that an operator forces in the middle *)
(* may lose what was acknowledged in the epochs before it.                   *)
(*                                                                           *)
(* Mirrors: io.watchword.sentinel.core (Entry.FailoverAsked,                 *)
(* Entry.HandOverForced, Entry.Promote, HandOver, Duties) and                *)
(* io.watchword.authority.Authority.                                         *)
(*                                                                           *)
(* Abstractions, and why they are sound:                                     *)
(*  - The sentinels' log is `epoch`, `open`, `forced` and `named`: Raft's    *)
(*    promise.                                                               *)
(*    Any sentinel may act at any moment on any report that was ever given,  *)
(*    which is more than changing leaders can do, and than the others do,    *)
(*    who only fence (SentinelMachine.stop).                                 *)
(*  - Orders are never lost nor kept in order: each may arrive at any time   *)
(*    after the log allowed it, and again.                                   *)
(*  - A record is a number that was never written before.  An offset is the  *)
(*    length of the log: that two logs of one length and one history are     *)
(*    equal is what Psync2 is about, so here logs are compared.              *)
(*  - A replica copies from the node it follows in one step any prefix that  *)
(*    is longer than its own, or starts over when it holds something else.   *)
(*  - Nodes do not restart: what they promise is on disk, and a master that  *)
(*    dies in the middle, or restarts with what it has left, is an ordinary  *)
(*    failover, which may lose writes.                                       *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Node,           \* the data nodes
  None,           \* no node
  \* The rules.  All TRUE is the protocol; a mutant switches one off.
  WaitCatchUp,    \* only who has all that the fenced master reported is named in its place
  HoldIsPromise,  \* a fenced master stays fenced, however long its clients have waited
  NameOnce,       \* an epoch has one master: the second entry that names one changes nothing
  RefuseStale     \* a node obeys no order of an epoch below the one it has promised

VARIABLES
  epoch,     \* log: the highest epoch given out
  open,      \* log: a hand-over to `epoch` has begun and its master is not named yet
  forced,    \* log: epochs whose hand-over an operator forced while it was open
  named,     \* log: Seq, the master of each epoch from 0 on; None when there is none yet
  role,      \* [Node -> STRING] "master", "replica", or "fenced"
  promised,  \* [Node -> Nat] the highest epoch that the node has promised
  source,    \* [Node -> Node] whom a replica follows
  log,       \* [Node -> Seq] all records applied
  reports,   \* ghost: what nodes have answered to FENCE
  acked      \* ghost: [record, epoch] that clients were told are written, by the epoch's master

vars == <<epoch, open, forced, named, role, promised, source, log, reports, acked>>
state == <<epoch, open, forced, named>>

\* -------------------------------------------------------------------------
IsPrefix(s, t) == Len(s) <= Len(t) /\ SubSeq(t, 1, Len(s)) = s
Records(n) == {log[n][i] : i \in DOMAIN log[n]}

\* Epochs count from 0, sequences from 1.
MasterOf(e) == named[e + 1]

\* The latest epoch whose master the log names.
Decided == IF open THEN epoch - 1 ELSE epoch

\* Whether node n may obey an order of epoch e.
Obeys(n, e) == RefuseStale => e >= promised[n]

TypeInv ==
  /\ epoch \in Nat /\ open \in BOOLEAN /\ forced \subseteq Nat
  /\ \A e \in DOMAIN named : named[e] \in Node \cup {None}
  /\ role \in [Node -> {"master", "replica", "fenced"}]
  /\ promised \in [Node -> Nat]
  /\ source \in [Node -> Node \cup {None}]
  /\ acked \subseteq [record : Nat, epoch : Nat]

\* -------------------------------------------------------------------------
Init ==
  /\ epoch = 0 /\ open = FALSE /\ forced = {}
  /\ \E m \in Node :
       /\ named = <<m>>
       /\ role = [n \in Node |-> IF n = m THEN "master" ELSE "replica"]
       /\ source = [n \in Node |-> IF n = m THEN None ELSE m]
  /\ promised = [n \in Node |-> 0]
  /\ log = [n \in Node |-> <<>>]
  /\ reports = {} /\ acked = {}

\* A client's write, acknowledged at once.
Write(n, r) ==
  /\ role[n] = "master"
  /\ log' = [log EXCEPT ![n] = Append(@, r)]
  /\ acked' = acked \cup {[record |-> r, epoch |-> promised[n]]}
  /\ UNCHANGED <<state, role, promised, source, reports>>

\* A replica applies some of what its source has; a fenced source sends what it had.
Copy(r, length) ==
  /\ role[r] = "replica" /\ source[r] # None
  /\ LET from == log[source[r]] IN
       /\ length \in 0..Len(from)
       /\ IsPrefix(log[r], from) => length > Len(log[r])
       /\ log' = [log EXCEPT ![r] = SubSeq(from, 1, length)]
  /\ UNCHANGED <<state, role, promised, source, reports, acked>>

\* Entry.FailoverAsked is applied.
Begin ==
  /\ ~open
  /\ epoch' = epoch + 1 /\ open' = TRUE /\ named' = Append(named, None)
  /\ UNCHANGED <<forced, role, promised, source, log, reports, acked>>

\* Entry.HandOverForced is applied: the epoch stays, since nobody was named in it.
Force ==
  /\ open /\ epoch \notin forced
  /\ forced' = forced \cup {epoch}
  /\ UNCHANGED <<epoch, open, named, role, promised, source, log, reports, acked>>

\* Authority.fence: a promise on disk, and a report.  Once the node has its role in that epoch, a
\* fence that comes late undoes nothing.
Fence(n, e) ==
  /\ e \in 1..epoch
  /\ Obeys(n, e)
  /\ e # promised[n] \/ role[n] = "fenced"
  /\ role' = [role EXCEPT ![n] = "fenced"]
  /\ promised' = [promised EXCEPT ![n] = e]
  /\ reports' = reports \cup {[node |-> n, epoch |-> e, log |-> log[n]]}
  /\ UNCHANGED <<state, source, log, acked>>

\* HandOver.step, Entry.Promote is applied: n has all that the old master reported, or is the old
\* master itself, which goes on because nobody has.
Name(n) ==
  /\ open \/ (~NameOnce /\ epoch > 0)
  /\ LET old == MasterOf(epoch - 1) IN
     \E held, own \in reports :
       /\ held.epoch = epoch /\ held.node = old
       /\ own.epoch = epoch /\ own.node = n
       /\ WaitCatchUp => own.log = held.log
  /\ open' = FALSE
  /\ named' = [named EXCEPT ![epoch + 1] = n]
  /\ UNCHANGED <<epoch, forced, role, promised, source, log, reports, acked>>

\* The same once it is forced: the master is not waited for, and any report may be the best one.
NameForced(n) ==
  /\ open /\ epoch \in forced
  /\ \E own \in reports : own.epoch = epoch /\ own.node = n
  /\ open' = FALSE
  /\ named' = [named EXCEPT ![epoch + 1] = n]
  /\ UNCHANGED <<epoch, forced, role, promised, source, log, reports, acked>>

\* Authority.promote: only who still holds exactly what it reported.
Promote(n, e) ==
  /\ e \in 1..Decided /\ MasterOf(e) = n
  /\ Obeys(n, e)
  /\ role[n] = "fenced"
  /\ [node |-> n, epoch |-> e, log |-> log[n]] \in reports
  /\ role' = [role EXCEPT ![n] = "master"]
  /\ promised' = [promised EXCEPT ![n] = e]
  /\ source' = [source EXCEPT ![n] = None]
  /\ UNCHANGED <<state, log, reports, acked>>

\* Authority.follow.
Follow(n, e) ==
  /\ e \in 1..Decided /\ MasterOf(e) \notin {n, None}
  /\ Obeys(n, e)
  /\ role[n] # "replica" \/ source[n] # MasterOf(e)
  /\ role' = [role EXCEPT ![n] = "replica"]
  /\ promised' = [promised EXCEPT ![n] = e]
  /\ source' = [source EXCEPT ![n] = MasterOf(e)]
  /\ UNCHANGED <<state, log, reports, acked>>

\* The mutant of HoldIsPromise: clients have waited long enough, so the master serves them.
Resume(n) ==
  /\ ~HoldIsPromise
  /\ role[n] = "fenced" /\ source[n] = None
  /\ role' = [role EXCEPT ![n] = "master"]
  /\ UNCHANGED <<state, promised, source, log, reports, acked>>

\* -------------------------------------------------------------------------
Masters == {n \in Node : role[n] = "master"}

\* What was acknowledged is held by the master that the log names, unless an epoch that began after
\* the one in which it was acknowledged was forced.
NoAckedLostInv ==
  \A a \in acked :
    a.record \in Records(MasterOf(Decided)) \/ \E e \in a.epoch + 1..Decided : e \in forced

\* Whether epoch e began after the one that n serves, and not after that of m.
IsAfter(e, n, m) == promised[n] < e /\ e <= promised[m]

\* No two nodes take writes, not even in different epochs: the old master is fenced before another
\* is named, unless an epoch between the two was forced.
OneMasterInv ==
  \A n, m \in Masters :
    n # m => \E e \in forced : IsAfter(e, n, m) \/ IsAfter(e, m, n)

\* No two nodes take writes in one epoch, forced or not.
OneMasterOfAnEpochInv == \A n, m \in Masters : promised[n] = promised[m] => n = m

\* Meant to be violated: forcing costs nothing.
DebugInvForcedLosesNothing == {a.record : a \in acked} \subseteq Records(MasterOf(Decided))

\* Meant to be violated: a replica that has writes to catch up with takes over.
DebugInvNoHandOver == ~(epoch > 0 /\ ~open /\ MasterOf(epoch - 1) # MasterOf(epoch) /\ acked # {})
===============================================================================
