------------------------------ MODULE NdTrace ------------------------------
(***************************************************************************)
(* What a trace module needs from outside TLA+.  Implemented in Java by      *)
(* tlc2.overrides.NdTraceOverride; the definitions here are never used.      *)
(***************************************************************************)

\* The rows of the file that the Java system property `property` names, as a sequence of records.
NdTraceRead(property) == CHOOSE x : TRUE

\* The number in the Java system property `property`, 0 when it is not set.
NdTraceNumber(property) == CHOOSE x : TRUE

\* TRUE; tells the checker that the rows before `row` were matched.
NdTraceReached(row) == CHOOSE x : TRUE

\* TRUE; tells the checker what the model says at `row`, "before" or "after" it.
NdTraceSeen(when, view) == CHOOSE x : TRUE
=============================================================================
