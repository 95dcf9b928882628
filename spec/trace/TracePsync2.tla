---------------------------- MODULE TracePsync2 ----------------------------
(***************************************************************************)
(* Is a trace of running nodes a behaviour of Psync2?                        *)
(*                                                                           *)
(* A trace is accepted iff TLC reports that TraceNotAccepted is violated: a  *)
(* behaviour was found that matches every row.  If TLC visits all states     *)
(* without that, no behaviour does.  Every invariant of Psync2 is judged on  *)
(* the way, so a trace may also be unsafe.                                   *)
(*                                                                           *)
(* io.watchword.spec.trace prepares the rows: it merges the nodes' files     *)
(* into one causal order, leaves out lines whose view did not change (Tick,  *)
(* Acked and so on: stuttering), gives numbers to replids in the order of    *)
(* their appearance, and to offsets in the order of their size, so that the  *)
(* k-th offset at which a unit ends is k.                                    *)
(*                                                                           *)
(*   trace line, Java event        action here                               *)
(*   Started (first of a node)     part of TraceInit                         *)
(*   Started (again)               Restart                                   *)
(*   Wrote, Streamed, Trimmed      Write, Stream, Trim                       *)
(*   Lost, Follow, Promoted        Disconnect, Follow, Promote               *)
(*   Continued, Loaded, Forgot     Continued, Loaded, Forget                 *)
(*   Asked (view changed)          Rename                                    *)
(*   (no line)                     AnswerContinue, AnswerFull, Save          *)
(*                                                                           *)
(* The last three leave no line because they change no view.  They may       *)
(* happen between any two rows, but only if a later row of the node needs    *)
(* just that: each row carries what its nodes wait for (`wants`, `saves`).   *)
(***************************************************************************)
EXTENDS Psync2, NdTrace

Rows == NdTraceRead("watchword.trace.rows")
Header == Rows[1]
TraceNodes == {Header.nodes[i] : i \in DOMAIN Header.nodes}

\* A row whose `after` is not matched, to learn what the model would say; 0 for none.
Relaxed == NdTraceNumber("watchword.trace.relaxed")

VARIABLES
  row,      \* ghost: the row to be matched next
  unitEnds  \* ghost: records with which a unit ends; a record is a stretch that no view divides

traceVars == <<vars, row, unitEnds>>

ViewOf(n) ==
  [replid |-> replid[n], replid2 |-> replid2[n], secondOffset |-> secondOffset[n],
   backlogFirst |-> backlogFirst[n], offset |-> Offset(n), source |-> source[n],
   master |-> master[n]]

Line == Rows[row]
Is(type) == Line.type = type /\ ViewOf(Line.node) = Line.before
Ends(n) == {log'[n][Line.ends[i]] : i \in DOMAIN Line.ends}

\* `after` is matched, and the offset rests where a unit ends.  (\E, not LET: a prime would reach
\* through LET to `row`.)
Matched ==
  /\ row' = row + 1
  /\ \E n \in {Line.node}, after \in {Line.after} :
       /\ row = Relaxed \/ ViewOf(n)' = after
       /\ log'[n] # <<>> => log'[n][Len(log'[n])] \in unitEnds'

TraceInit ==
  /\ Init
  /\ \A n \in Node : ViewOf(n) = Header.first[n]
  /\ row = 2
  /\ unitEnds = {}

IsWrote ==
  /\ Is("Wrote")
  /\ Write(Line.node, Line.to - Line.before.offset, Line.after.backlogFirst)
  /\ unitEnds' = unitEnds \cup Ends(Line.node)

IsStreamed ==
  LET n == Line.node
      new == (Line.before.offset + 1)..Line.to
  IN /\ Is("Streamed")
     /\ Stream(n, Line.to - Line.before.offset, Line.after.backlogFirst)
     /\ {log'[n][i] : i \in new} \cap unitEnds = Ends(n)
     /\ UNCHANGED unitEnds

\* Before it starts again a node has no view of its own; what it had is gone.
IsStarted == Line.type = "Started" /\ Restart(Line.node, Line.after.master) /\ UNCHANGED unitEnds

IsOther ==
  /\ \/ Is("Trimmed") /\ Trim(Line.node, Line.after.backlogFirst)
     \/ Is("Lost") /\ Disconnect(Line.node)
     \/ Is("Promoted") /\ Promote(Line.node)
     \/ Is("Follow") /\ Follow(Line.node)
     \/ Is("Continued") /\ Continued(Line.node)
     \/ Is("Loaded") /\ Loaded(Line.node)
     \/ Is("Forgot") /\ Forget(Line.node)
     \/ Is("Asked") /\ Rename(Line.node)
  /\ UNCHANGED unitEnds

\* What a sender answers, if the replica will show that it was answered so.
Answer(r) ==
  LET want == Line.wants[r] IN
  \/ /\ want.type = "Continued" /\ replid[want.from] = want.replid
     /\ AnswerContinue(want.from, r)
  \/ /\ want.type = "Loaded" /\ replid[want.from] = want.replid
     /\ Offset(want.from) = want.offset
     /\ AnswerFull(want.from, r)
  \/ want.type = "Forgot" /\ \E s \in Node : AnswerFull(s, r)

\* What a node puts on disk, if it will start from just that.
Saved(n) ==
  LET want == Line.saves[n] IN
  /\ want.type = "Started" /\ replid[n] = want.replid /\ Offset(n) = want.offset
  /\ saved[n] # [replid |-> replid[n], log |-> log[n]]
  /\ Save(n)

Unseen == (\E n \in Node : Answer(n) \/ Saved(n)) /\ UNCHANGED <<row, unitEnds>>

TraceNext ==
  /\ row <= Len(Rows)
  /\ ((IsWrote \/ IsStreamed \/ IsStarted \/ IsOther) /\ Matched) \/ Unseen

TraceSpec == TraceInit /\ [][TraceNext]_traceVars

-----------------------------------------------------------------------------
\* Violated when every row was matched.
TraceNotAccepted == row <= Len(Rows)

\* Never violated: tells the checker how far this state is, and what it says where it was asked to.
TraceProgressInv ==
  /\ NdTraceReached(row)
  /\ (Relaxed > 0 /\ row = Relaxed) => NdTraceSeen("before", ViewOf(Rows[Relaxed].node))
  /\ (Relaxed > 0 /\ row = Relaxed + 1) => NdTraceSeen("after", ViewOf(Rows[Relaxed].node))
=============================================================================
