package io.watchword.replication;

/**
 * Whole units of stream, cut out of what a master sent. The array is lent: it is valid until the
 * parser is fed again.
 *
 * @param ends lengths, counted from {@code from}, at which units end; empty when nobody traces
 * @param db database selected before the first of these bytes
 * @param dbAfter database selected after the last of them
 * @param epoch epoch of the last barrier among them, or -1
 * @param asksForAck whether the master asks to be told the offset
 */
public record Units(
    byte[] bytes,
    int from,
    int to,
    long[] ends,
    int db,
    int dbAfter,
    long epoch,
    boolean asksForAck) {
  /** Number of bytes. */
  public int length() {
    return to - from;
  }
}
