------------------------------ MODULE MCPsync2 ------------------------------
(***************************************************************************)
(* Bounds for Psync2.  They live here so that the algorithm knows none.      *)
(***************************************************************************)
EXTENDS Psync2, TLC

CONSTANTS
  MaxWrite,    \* records in all
  MaxId,       \* replication ids in all, the first ones of the nodes included
  MaxRestart,  \* restarts in all, and nodes that have saved something
  InFlight,    \* FALSE: an answer, or a hang-up, is noticed before anything else happens
  Forgets,     \* TRUE: loads fail, nodes without a backlog take a new id, backlogs are trimmed
  Fulls,       \* FALSE: no full resyncs, for models that need the room for a fourth node
  Fresh        \* TRUE: from Init; FALSE: from a state in which all are of one history

VARIABLE
  restarts     \* ghost: restarts so far

mcVars == <<vars, restarts>>
Symmetry == Permutations(Node)

\* What was saved is of no interest once nobody restarts any more.
View == <<replid, replid2, secondOffset, backlogFirst, log, source, master, link,
          IF restarts < MaxRestart THEN saved ELSE <<>>, issued, written, restarts>>

\* All have the empty data set of one master, and no link.  Reachable, and saves TLC the way there.
Joined ==
  /\ issued = 1 /\ written = 0
  /\ replid = [n \in Node |-> 1]
  /\ replid2 = [n \in Node |-> NoReplid]
  /\ secondOffset = [n \in Node |-> NoOffset]
  /\ backlogFirst = [n \in Node |-> 1]
  /\ log = [n \in Node |-> <<>>]
  /\ source = [n \in Node |-> None]
  /\ \E m \in Node : master = [n \in Node |-> n = m]
  /\ link = [n \in Node |-> NoLink]
  /\ saved = [n \in Node |-> NoSave]

MCInit == (IF Fresh THEN Init ELSE Joined) /\ restarts = 0

\* Links whose end has something to notice.
Unsettled == {r \in Node : \/ link[r].phase \in {"ASKING", "LOADING"}
                           \/ link[r].phase = "STREAMING" /\ ~link[r].open}
Calm == InFlight \/ Unsettled = {}
Same == UNCHANGED restarts

MCWrite(n) == Calm /\ written < MaxWrite /\ Write(n, 1, backlogFirst[n]) /\ Same
MCStream(r) == Calm /\ Stream(r, 1, backlogFirst[r]) /\ Same
MCTrim(n) == Calm /\ Forgets /\ Trim(n, Offset(n) + 1) /\ Same
MCDisconnect(r) == (Calm \/ link[r].phase = "STREAMING") /\ Disconnect(r) /\ Same
MCAnswerContinue(s, r) == Calm /\ AnswerContinue(s, r) /\ Same
MCAnswerFull(s, r) == Calm /\ Fulls /\ AnswerFull(s, r) /\ Same
MCContinued(r) == Continued(r) /\ Same
MCLoaded(r) == Loaded(r) /\ Same
MCPromote(n) == Calm /\ issued < MaxId /\ Promote(n) /\ Same
MCFollow(n) == Calm /\ Follow(n) /\ Same
MCForget(r) == Forgets /\ issued < MaxId /\ Forget(r) /\ Same
MCRename(n) == Calm /\ Forgets /\ issued < MaxId /\ Rename(n) /\ Same
MCSave(n) == Calm /\ restarts < MaxRestart /\ saved[n] = NoSave /\ Save(n) /\ Same
MCRestart(n, asMaster) ==
  /\ Calm /\ restarts < MaxRestart /\ restarts' = restarts + 1
  /\ Restart(n, asMaster) /\ issued' <= MaxId

MCNext ==
  \E n \in Node :
    \/ MCWrite(n) \/ MCStream(n) \/ MCTrim(n) \/ MCDisconnect(n)
    \/ \E s \in Node : MCAnswerContinue(s, n) \/ MCAnswerFull(s, n)
    \/ MCContinued(n) \/ MCLoaded(n)
    \/ MCPromote(n) \/ MCFollow(n) \/ MCForget(n) \/ MCRename(n)
    \/ MCSave(n) \/ \E asMaster \in BOOLEAN : MCRestart(n, asMaster)

MCSpec == MCInit /\ [][MCNext]_mcVars
=============================================================================
