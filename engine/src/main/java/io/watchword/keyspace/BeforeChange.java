package io.watchword.keyspace;

/**
 * Takes the entries of a snapshot, each exactly once: in the order of the cursor, or earlier when a
 * command is about to change one.
 */
public interface BeforeChange {
  /** An entry as it was when the snapshot began. Must serialise it before returning. */
  void entry(int database, Entries entries, long ref);
}
