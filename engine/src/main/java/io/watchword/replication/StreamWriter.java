package io.watchword.replication;

import io.watchword.resp.Request;
import java.util.Arrays;

/**
 * A master's end of the stream: units are appended to the backlog as commands run.
 *
 * <p>The bytes count as written only when the turn ends and {@link ReplicationEvent.Wrote} says how
 * far; so a step of the machine covers a whole turn and not one command. Used by the command
 * thread.
 */
public final class StreamWriter {
  private static final byte[] PING = Request.encode("PING");
  private static final byte[] GETACK = Request.encode("REPLCONF", "GETACK", "*");

  /** No database is known to be selected: the next unit says which. */
  public static final int NO_DB = -1;

  private final Backlog backlog;
  private final boolean countEnds;
  private boolean enabled;
  private int db = NO_DB;
  private long barrier = -1;
  private long[] ends = new long[16];
  private int endCount;

  StreamWriter(Backlog backlog, boolean countEnds) {
    this.backlog = backlog;
    this.countEnds = countEnds;
  }

  /** Whether changes are wanted: this node is a master and somebody reads the stream. */
  public boolean isOn() {
    return enabled && backlog.isOn();
  }

  /**
   * Appends {@code b[from, to)}, one unit: a lone command, SELECT included, or MULTI to EXEC.
   *
   * @param inDb database that is selected after it
   */
  public void append(byte[] b, int from, int to, int inDb) {
    db = inDb;
    backlog.append(b, from, to);
    unitEnded();
  }

  /** Offset of the last byte appended, which may not count yet. */
  public long end() {
    return backlog.next() - 1;
  }

  /** Tells replicas that the link is alive, even when nothing is written. */
  void ping() {
    append(PING);
  }

  /** Asks all replicas for their offset at once instead of at their next second. */
  public void askForAcks() {
    append(GETACK);
  }

  /** The first record of an epoch: has no effect on stock Redis, counts, is passed on verbatim. */
  void barrier(long epoch) {
    append(Request.encode("PING", StreamParser.BARRIER + epoch));
    barrier = epoch;
  }

  /** Makes the next unit say its database again, for a reader who starts without one. */
  void forgetDb() {
    db = NO_DB;
  }

  /** Database that the stream has selected, or {@link #NO_DB}: then a SELECT must come first. */
  public int db() {
    return db;
  }

  void enabled(boolean value) {
    enabled = value;
  }

  /** What was appended since the last call, as an event. */
  ReplicationEvent.Wrote turnEnded() {
    ReplicationEvent.Wrote wrote =
        new ReplicationEvent.Wrote(backlog.next() - 1, Arrays.copyOf(ends, endCount), barrier);
    endCount = 0;
    barrier = -1;
    return wrote;
  }

  private void append(byte[] command) {
    backlog.append(command, 0, command.length);
    unitEnded();
  }

  private void unitEnded() {
    if (countEnds) {
      if (endCount == ends.length) {
        ends = Arrays.copyOf(ends, 2 * endCount);
      }
      ends[endCount++] = backlog.next() - 1;
    }
  }
}
