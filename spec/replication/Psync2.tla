------------------------------- MODULE Psync2 -------------------------------
(***************************************************************************)
(* Who may go on with whose stream.  PSYNC2 names a history by a replication *)
(* id and an offset; this module says when a replica may resume after a cut  *)
(* (partial resync) and when it has to start over (full resync), so that     *)
(* (replid, offset) never names two different histories and a connected      *)
(* replica is always a prefix of what its source sent to it.                 *)
(*                                                                           *)
(* Mirrors: io.watchword.replication.Replication; its ReplicationView has    *)
(* the variables below that are not marked as ghost, under the same names,   *)
(* with one exception: `log` stands for the field `offset`, which is         *)
(* Len(log).  Each action names the event or method that it stands for.      *)
(*                                                                           *)
(* Abstractions, and why they are sound:                                     *)
(*  - One record is one unit (a command, or a whole MULTI or script).  The   *)
(*    code counts bytes, but its offset rests only at the end of a unit.     *)
(*  - A record is a number that was never written before, because only the   *)
(*    identity of a write matters: two histories diverge where numbers do.   *)
(*  - Replication ids are numbers given out in order.  The code draws 160    *)
(*    random bits; that two draws never meet is assumed, not shown.          *)
(*  - A link is FIFO and loses nothing but its tail (TCP).  A sender that    *)
(*    hangs up leaves on the way what it had sent, and the receiver may      *)
(*    apply that before it notices: hence `open` and `sent` in `link`.       *)
(*  - The answer to PSYNC is on the way for a while: AnswerContinue or       *)
(*    AnswerFull is the sender's step, Continued or Loaded the receiver's.   *)
(*  - A full resync carries the sender's state at one instant; what the      *)
(*    sender writes while it is on the way follows on the same link.         *)
(*  - A node saves its data when it likes, and a restart loads the last      *)
(*    save.  Fsync and torn files are not modelled: a load fails or is whole.*)
(*  - A full resync may be answered even where a partial one were possible   *)
(*    (a replica without a cached master asks for it): never wrong, only     *)
(*    slow.                                                                  *)
(*  - Timeouts, acks, heartbeats and authentication change no variable here. *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Node,               \* the data nodes
  None,               \* no node
  \* The rules.  All TRUE is the protocol; a mutant switches one off.
  CheckReplid,        \* a replica resumes only a history whose id the sender knows
  CheckSecondOffset,  \* the previous id counts only up to secondOffset
  ShiftOnPromote,     \* a promoted node takes a new id, the old one becomes replid2
  DropOnPromote,      \* a promoted node hangs up on its replicas: they re-ask under the new id
  DropOnContinue,     \* so does a replica whose id changes by a partial resync
  NewIdOnRestart      \* a restarted master takes a new id, the saved one becomes replid2

VARIABLES
  replid,        \* [Node -> Nat]     id of the history that the node is in
  replid2,       \* [Node -> Nat]     id it was in before, 0 when there is none
  secondOffset,  \* [Node -> Int]     first offset not covered by replid2, -1 when there is none
  backlogFirst,  \* [Node -> Nat]     first offset that the backlog still holds
  log,           \* [Node -> Seq]     all records applied; the field `offset` is its length
  source,        \* [Node -> Node]    whose stream the node applies, None when its link is down
  master,        \* [Node -> BOOLEAN] takes writes of clients
  link,          \* ghost: [Node -> record] the node's link to its source, with what is on the way
  saved,         \* ghost: [Node -> record] replid and log of the last save on disk
  issued,        \* ghost: how many replication ids were given out
  written        \* ghost: how many records were ever written

vars == <<replid, replid2, secondOffset, backlogFirst, log, source, master,
          link, saved, issued, written>>
history == <<replid, replid2, secondOffset>>

NoReplid == 0
NoOffset == -1
NoLink == [from |-> None, phase |-> "IDLE", replid |-> NoReplid, snapshot |-> <<>>,
           open |-> FALSE, sent |-> <<>>]
NoSave == [replid |-> NoReplid, log |-> <<>>]

Phase == {"IDLE", "ASKING", "LOADING", "STREAMING"}

TypeInv ==
  \A n \in Node :
    /\ replid[n] \in 1..issued
    /\ replid2[n] \in 0..issued
    /\ secondOffset[n] \in Nat \cup {NoOffset}
    /\ (replid2[n] = NoReplid) <=> (secondOffset[n] = NoOffset)
    /\ backlogFirst[n] \in 1..(Len(log[n]) + 1)
    /\ \A i \in 1..Len(log[n]) : log[n][i] \in 1..written
    /\ master[n] \in BOOLEAN
    /\ link[n].phase \in Phase
    /\ link[n].open \in BOOLEAN
    /\ link[n].replid \in 0..issued
    /\ saved[n].replid \in 0..issued
    /\ source[n] = IF link[n].phase = "STREAMING" THEN link[n].from ELSE None
    /\ master[n] => link[n] = NoLink

-----------------------------------------------------------------------------
(* Helpers *)

Offset(n) == Len(log[n])
NextOffset(n) == Offset(n) + 1        \* the offset that a replica asks for
IsPrefix(s, t) == Len(s) <= Len(t) /\ SubSeq(t, 1, Len(s)) = s
Compatible(s, t) == IsPrefix(s, t) \/ IsPrefix(t, s)

\* Everything that the sender has put on r's link: its whole log while the link is open.
Sent(r) == IF link[r].open THEN log[link[r].from] ELSE link[r].sent

\* s hangs up on all its replicas; what it had sent stays on the way.
HungUp(s) == [x \in Node |-> IF link[x].from = s /\ link[x].open
                             THEN [link[x] EXCEPT !.open = FALSE, !.sent = log[s]]
                             ELSE link[x]]

NewLink(s, phase, snapshot) ==
  [from |-> s, phase |-> phase, replid |-> replid[s], snapshot |-> snapshot,
   open |-> TRUE, sent |-> <<>>]

Init ==
  /\ issued = Cardinality(Node)
  /\ replid \in [Node -> 1..issued]
  /\ \A a, b \in Node : replid[a] = replid[b] => a = b
  /\ replid2 = [n \in Node |-> NoReplid]
  /\ secondOffset = [n \in Node |-> NoOffset]
  /\ backlogFirst = [n \in Node |-> 1]
  /\ log = [n \in Node |-> <<>>]
  /\ source = [n \in Node |-> None]
  /\ master \in [Node -> BOOLEAN]
  /\ link = [n \in Node |-> NoLink]
  /\ saved = [n \in Node |-> NoSave]
  /\ written = 0

-----------------------------------------------------------------------------
(* The stream *)

\* Event Wrote: a master appends `count` units; the ring may push out its oldest, up to `first`.
Write(n, count, first) ==
  /\ master[n]
  /\ log' = [log EXCEPT ![n] = @ \o [i \in 1..count |-> written + i]]
  /\ written' = written + count
  /\ first \in backlogFirst[n]..(Offset(n) + count + 1)
  /\ backlogFirst' = [backlogFirst EXCEPT ![n] = first]
  /\ UNCHANGED <<history, source, master, link, saved, issued>>

\* Event Streamed: a replica applies the next `count` units of its link.
Stream(r, count, first) ==
  /\ link[r].phase = "STREAMING"
  /\ Offset(r) + count <= Len(Sent(r))
  /\ log' = [log EXCEPT ![r] = @ \o SubSeq(Sent(r), Offset(r) + 1, Offset(r) + count)]
  /\ first \in backlogFirst[r]..(Offset(r) + count + 1)
  /\ backlogFirst' = [backlogFirst EXCEPT ![r] = first]
  /\ UNCHANGED <<history, source, master, link, saved, issued, written>>

\* Event Trimmed: the backlog forgets its oldest records.
Trim(n, first) ==
  /\ first \in (backlogFirst[n] + 1)..(Offset(n) + 1)
  /\ backlogFirst' = [backlogFirst EXCEPT ![n] = first]
  /\ UNCHANGED <<history, log, source, master, link, saved, issued, written>>

\* Event Lost: the replica notices that its link is gone, or gives up on a PSYNC.
Disconnect(r) ==
  /\ link[r] # NoLink
  /\ link' = [link EXCEPT ![r] = NoLink]
  /\ source' = [source EXCEPT ![r] = None]
  /\ UNCHANGED <<history, backlogFirst, log, master, saved, issued, written>>

-----------------------------------------------------------------------------
(* PSYNC *)

\* A replica that has no link of its own answers -NOMASTERLINK.
Asks(r, s) == r # s /\ ~master[r] /\ link[r] = NoLink /\ (master[s] \/ source[s] # None)

\* Resync.decide gives Continue.
AnswerContinue(s, r) ==
  /\ Asks(r, s)
  /\ \/ ~CheckReplid
     \/ replid[r] = replid[s]
     \/ replid[r] = replid2[s] /\ (CheckSecondOffset => NextOffset(r) <= secondOffset[s])
  /\ NextOffset(r) \in backlogFirst[s]..NextOffset(s)
  /\ link' = [link EXCEPT ![r] = NewLink(s, "ASKING", <<>>)]
  /\ UNCHANGED <<history, backlogFirst, log, source, master, saved, issued, written>>

\* Resync.decide gives Full: the snapshot is taken at this instant.
AnswerFull(s, r) ==
  /\ Asks(r, s)
  /\ link' = [link EXCEPT ![r] = NewLink(s, "LOADING", log[s])]
  /\ UNCHANGED <<history, backlogFirst, log, source, master, saved, issued, written>>

\* Event Continued: +CONTINUE reached the replica, perhaps with a new id for the same history.
Continued(r) ==
  /\ link[r].phase = "ASKING"
  /\ LET renamed == link[r].replid # replid[r]
         links == IF renamed /\ DropOnContinue THEN HungUp(r) ELSE link
     IN /\ replid' = [replid EXCEPT ![r] = link[r].replid]
        /\ replid2' = IF renamed THEN [replid2 EXCEPT ![r] = replid[r]] ELSE replid2
        /\ secondOffset' = IF renamed THEN [secondOffset EXCEPT ![r] = NextOffset(r)]
                           ELSE secondOffset
        /\ link' = [links EXCEPT ![r].phase = "STREAMING", ![r].replid = NoReplid]
  /\ source' = [source EXCEPT ![r] = link[r].from]
  /\ UNCHANGED <<backlogFirst, log, master, saved, issued, written>>

\* Event Loaded: the snapshot replaced everything; nobody may stay on the old stream.
Loaded(r) ==
  /\ link[r].phase = "LOADING"
  /\ replid' = [replid EXCEPT ![r] = link[r].replid]
  /\ replid2' = [replid2 EXCEPT ![r] = NoReplid]
  /\ secondOffset' = [secondOffset EXCEPT ![r] = NoOffset]
  /\ log' = [log EXCEPT ![r] = link[r].snapshot]
  /\ backlogFirst' = [backlogFirst EXCEPT ![r] = Len(link[r].snapshot) + 1]
  /\ source' = [source EXCEPT ![r] = link[r].from]
  /\ link' = [HungUp(r) EXCEPT ![r].phase = "STREAMING", ![r].replid = NoReplid,
                               ![r].snapshot = <<>>]
  /\ UNCHANGED <<master, saved, issued, written>>

-----------------------------------------------------------------------------
(* Roles and restarts *)

\* Event Promoted (REPLICAOF NO ONE, or PROMOTE of a sentinel).
Promote(n) ==
  /\ ~master[n]
  /\ master' = [master EXCEPT ![n] = TRUE]
  /\ issued' = IF ShiftOnPromote THEN issued + 1 ELSE issued
  /\ replid' = IF ShiftOnPromote THEN [replid EXCEPT ![n] = issued + 1] ELSE replid
  /\ replid2' = IF ShiftOnPromote THEN [replid2 EXCEPT ![n] = replid[n]] ELSE replid2
  /\ secondOffset' = IF ShiftOnPromote THEN [secondOffset EXCEPT ![n] = NextOffset(n)]
                                      ELSE secondOffset
  /\ link' = [(IF DropOnPromote THEN HungUp(n) ELSE link) EXCEPT ![n] = NoLink]
  /\ source' = [source EXCEPT ![n] = None]
  /\ UNCHANGED <<backlogFirst, log, saved, written>>

\* Event Follow: told to follow somebody.  A master keeps its id, so that it may resume under the
\* new one.  Its replicas are hung up on: two nodes that serve each other would wait for no master.
Follow(n) ==
  /\ master[n] \/ link[n] # NoLink
  /\ master' = [master EXCEPT ![n] = FALSE]
  /\ source' = [source EXCEPT ![n] = None]
  /\ link' = [HungUp(n) EXCEPT ![n] = NoLink]
  /\ UNCHANGED <<history, backlogFirst, log, saved, issued, written>>

\* Event Forgot: a load failed half-way.  Neither the old data nor the new is there, so there is no
\* history either.
Forget(r) ==
  /\ link[r].phase = "LOADING"
  /\ issued' = issued + 1
  /\ replid' = [replid EXCEPT ![r] = issued + 1]
  /\ replid2' = [replid2 EXCEPT ![r] = NoReplid]
  /\ secondOffset' = [secondOffset EXCEPT ![r] = NoOffset]
  /\ log' = [log EXCEPT ![r] = <<>>]
  /\ backlogFirst' = [backlogFirst EXCEPT ![r] = 1]
  /\ link' = [HungUp(r) EXCEPT ![r] = NoLink]
  /\ UNCHANGED <<source, master, saved, written>>

\* Event Asked at a node without a backlog: nothing was counted so far, so the name of its history
\* must be one that nobody has seen.
Rename(n) ==
  /\ backlogFirst[n] = NextOffset(n)
  /\ \A x \in Node : link[x].from = n => ~link[x].open
  /\ issued' = issued + 1
  /\ replid' = [replid EXCEPT ![n] = issued + 1]
  /\ replid2' = [replid2 EXCEPT ![n] = NoReplid]
  /\ secondOffset' = [secondOffset EXCEPT ![n] = NoOffset]
  /\ UNCHANGED <<backlogFirst, log, source, master, link, saved, written>>

\* SAVE, BGSAVE or a save point has put replid and data on disk; no event, no view changes.
Save(n) ==
  /\ saved' = [saved EXCEPT ![n] = [replid |-> replid[n], log |-> log[n]]]
  /\ UNCHANGED <<history, backlogFirst, log, source, master, link, issued, written>>

\* Event Started, not the first of its node: killed or stopped, then back in a role of its choice.
Restart(n, asMaster) ==
  LET old == saved[n]
      fresh == old = NoSave \/ (asMaster /\ NewIdOnRestart)
      inherits == fresh /\ old # NoSave
  IN /\ replid' = [replid EXCEPT ![n] = IF fresh THEN issued + 1 ELSE old.replid]
     /\ issued' = IF fresh THEN issued + 1 ELSE issued
     /\ replid2' = [replid2 EXCEPT ![n] = IF inherits THEN old.replid ELSE NoReplid]
     /\ secondOffset' =
          [secondOffset EXCEPT ![n] = IF inherits THEN Len(old.log) + 1 ELSE NoOffset]
     /\ log' = [log EXCEPT ![n] = old.log]
     /\ backlogFirst' = [backlogFirst EXCEPT ![n] = Len(old.log) + 1]
     /\ master' = [master EXCEPT ![n] = asMaster]
     /\ source' = [source EXCEPT ![n] = None]
     /\ link' = [HungUp(n) EXCEPT ![n] = NoLink]
     /\ UNCHANGED <<saved, written>>

-----------------------------------------------------------------------------
Step(n) ==
  \/ \E count \in Nat, first \in Nat : Write(n, count, first) \/ Stream(n, count, first)
  \/ \E first \in Nat : Trim(n, first)
  \/ Disconnect(n) \/ Continued(n) \/ Loaded(n)
  \/ \E s \in Node : AnswerContinue(s, n) \/ AnswerFull(s, n)
  \/ Promote(n) \/ Follow(n) \/ Forget(n) \/ Rename(n) \/ Save(n)
  \/ \E asMaster \in BOOLEAN : Restart(n, asMaster)

Next == \E n \in Node : Step(n)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* Properties *)

\* (replid, offset) names one history.
HistoryUniqueInv ==
  \A a, b \in Node : replid[a] = replid[b] => Compatible(log[a], log[b])

\* The id before names the same history as whoever still has it, as far as it counts.
InheritedHistoryInv ==
  \A a, b \in Node : replid2[a] = replid[b] =>
    Compatible(SubSeq(log[a], 1, secondOffset[a] - 1), log[b])

\* What a replica has is a prefix of what its source sent: it never resumes in another history.
LinkPrefixInv ==
  \A r \in Node :
    /\ link[r].phase \in {"ASKING", "STREAMING"} => IsPrefix(log[r], Sent(r))
    /\ link[r].phase = "LOADING" => IsPrefix(link[r].snapshot, Sent(r))

-----------------------------------------------------------------------------
(* Debug: meant to be violated; a counterexample shows that the interesting cases are reached. *)

\* A replica resumes under a new id: the sender knew it by its previous one.
DebugInvNoRenamed == \A r \in Node : link[r].phase = "ASKING" => link[r].replid = replid[r]

\* A replica applies what a sender sent before it hung up.
DebugInvNothingLeftOnTheWay ==
  \A r \in Node : (link[r].phase = "STREAMING" /\ ~link[r].open) => Sent(r) = log[r]
=============================================================================
