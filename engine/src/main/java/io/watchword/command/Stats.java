package io.watchword.command;

/** Counters of INFO stats that commands move. Plain fields: one thread writes and reads them. */
public final class Stats {
  /** Of so many calls of one command the time of one is taken, for the clock costs time too. */
  public static final int SAMPLED = 64;

  public long commands;
  public long connections;
  public long rejectedConnections;
  public long keyspaceHits;
  public long keyspaceMisses;
  public long expiredKeys;
  public long inputBytes;
  public long outputBytes;
  public long errors;

  /** Changes since the last save, for save points. */
  public long changes;

  /** Calls of each command, by {@link Command#id}. */
  public long[] calls = new long[0];

  /** Time in the bodies of each command in nanoseconds, by {@link Command#id}; an estimate. */
  public long[] nanos = new long[0];

  /** Reads from sockets and writes to them. */
  public long reads;

  public long writes;

  /** Calls that the gate refused, by {@link Command#id}. */
  public long[] rejected = new long[0];

  /** Calls whose body failed, by {@link Command#id}. */
  public long[] failed = new long[0];

  /** Replies of each error code, for INFO errorstats. */
  public final java.util.Map<String, Long> errorCodes = new java.util.TreeMap<>();

  /** Counts an error reply by its first word; codes beyond a limit are counted together. */
  public void error(String text) {
    errors++;
    int blank = text.indexOf(' ');
    String code = blank < 0 ? text : text.substring(0, blank);
    errorCodes.merge(errorCodes.size() < 128 ? code : "ERRORSTATS_OVERFLOW", 1L, Long::sum);
  }

  /** Forgets everything but the changes, as CONFIG RESETSTAT does. */
  public void reset() {
    commands = 0;
    connections = 0;
    rejectedConnections = 0;
    keyspaceHits = 0;
    keyspaceMisses = 0;
    expiredKeys = 0;
    inputBytes = 0;
    outputBytes = 0;
    errors = 0;
    reads = 0;
    writes = 0;
    java.util.Arrays.fill(nanos, 0);
    java.util.Arrays.fill(calls, 0);
    java.util.Arrays.fill(rejected, 0);
    java.util.Arrays.fill(failed, 0);
    errorCodes.clear();
  }
}
