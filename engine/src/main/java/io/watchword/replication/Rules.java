package io.watchword.replication;

/**
 * The identity rules of PSYNC2, behind one interface so that a test can switch a rule off and see
 * the simulator find the damage. There is one set of rules in use, {@link #REAL}.
 */
public interface Rules {
  /** The rules of docs/GUARANTEES.md. */
  Rules REAL = new Rules() {};

  /** See {@link Resync#decide}. */
  default Resync decide(History ours, long backlogFirst, String wantedId, long wantedFrom) {
    return Resync.decide(ours, backlogFirst, wantedId, wantedFrom);
  }

  /** The history of a node that becomes a master. */
  default History promoted(History ours, String freshReplid) {
    return ours.renamed(freshReplid);
  }

  /**
   * The history of a master that comes back with what it had saved. It may have written on after
   * the save, and its replicas may hold that; so the old name stays with them [Psync2:
   * NewIdOnRestart].
   */
  default History restarted(History saved, String freshReplid) {
    return saved.renamed(freshReplid);
  }

  /**
   * Whether the replicas of a node must ask again because its name changed; they would otherwise go
   * on under a name that their master no longer bears [Psync2: DropSubs].
   */
  default boolean dropsReplicasOnRename() {
    return true;
  }
}
