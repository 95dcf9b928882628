package io.watchword.command;

/**
 * The single place where a change leaves the keyspace: the replication stream, which backlog,
 * replicas and AOF read. Called on the command thread, after the command ran and before its reply
 * is flushed.
 */
public interface Journal {
  /** Whether anybody reads; when not, changes are not even encoded. */
  boolean wanted();

  /** The database that the stream has selected, or -1 when a SELECT must come first. */
  int database();

  /** Offset of the last byte appended; what WAIT asks replicas to confirm. */
  default long end() {
    return 0;
  }

  /**
   * Appends one unit: RESP commands {@code bytes[from, to)} that are applied together or not at
   * all, a lone command or MULTI to EXEC.
   *
   * @param database the one selected at the end of the unit
   */
  void append(byte[] bytes, int from, int to, int database);
}
