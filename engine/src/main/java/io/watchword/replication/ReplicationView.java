package io.watchword.replication;

/**
 * The variables of {@code spec/replication/Psync2.tla}, under the same names ({@code log} there is
 * {@code offset} here: the length of the log).
 *
 * @param backlogFirst first offset that a replica can be given
 * @param source the master whose stream is being applied, or empty
 * @param master whether this node takes writes
 */
public record ReplicationView(
    String replid,
    String replid2,
    long secondOffset,
    long backlogFirst,
    long offset,
    String source,
    boolean master) {}
