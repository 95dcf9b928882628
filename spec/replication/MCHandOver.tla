----------------------------- MODULE MCHandOver -----------------------------
(***************************************************************************)
(* Bounds for HandOver.  They live here so that the algorithm knows none.    *)
(***************************************************************************)
EXTENDS HandOver, TLC

CONSTANTS
  MaxWrite,  \* records in all, numbered in the order in which they are written
  MaxEpoch   \* hand-overs in all

Symmetry == Permutations(Node)

MCWrite(n) == Cardinality(acked) < MaxWrite /\ Write(n, Cardinality(acked) + 1)
MCCopy(n) == \E length \in 0..MaxWrite : Copy(n, length)
MCBegin == epoch < MaxEpoch /\ Begin
MCFence(n) == \E e \in 1..MaxEpoch : Fence(n, e)
MCForce == Force
MCName(n) == Name(n)
MCNameForced(n) == NameForced(n)
MCPromote(n) == \E e \in 1..MaxEpoch : Promote(n, e)
MCFollow(n) == \E e \in 1..MaxEpoch : Follow(n, e)
MCResume(n) == Resume(n)

MCNext ==
  \/ MCBegin \/ MCForce
  \/ \E n \in Node :
    \/ MCWrite(n) \/ MCCopy(n) \/ MCFence(n) \/ MCName(n) \/ MCNameForced(n)
    \/ MCPromote(n) \/ MCFollow(n) \/ MCResume(n)

MCSpec == Init /\ [][MCNext]_vars
=============================================================================
