package io.watchword.keyspace;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The walk of one snapshot over the tables as they stood when it began.
 *
 * <p>An entry belongs to the snapshot and is still to be taken when its generation is not the
 * snapshot's. A snapshot that is given up must still walk to the end, taking nothing: otherwise
 * entries of mixed generations would remain, and a later snapshot would omit some of them.
 */
public final class SnapshotCursor {
  private static final BeforeChange NOBODY = (database, entries, ref) -> {};

  private final Entries entries;
  private final List<Table> tables;
  private final int generation;
  private final Runnable done;
  private BeforeChange taker;
  private int table;
  private long prefix;
  private long early;
  private BooleanSupplier enough;
  private boolean stopped;

  SnapshotCursor(
      Entries entries, List<Table> tables, int generation, BeforeChange taker, Runnable done) {
    this.entries = entries;
    this.tables = tables;
    this.generation = generation;
    this.taker = taker;
    this.done = done;
  }

  /**
   * Walks at most {@code segments} segments, each of at most 896 entries. Returns false when the
   * snapshot has everything; nothing may be called after that.
   */
  public boolean slice(int segments) {
    return slice(segments, () -> false);
  }

  /**
   * The same, but stops after the entry at which {@code enough} says so: entries may be large. The
   * next slice begins that segment anew and passes over what has been taken.
   */
  public boolean slice(int segments, BooleanSupplier enough) {
    this.enough = enough;
    stopped = false;
    for (int i = 0; i < segments && !stopped; i++) {
      while (table < tables.size() && tables.get(table).size() == 0) {
        table++;
        prefix = 0;
      }
      if (table == tables.size()) {
        done.run();
        return false;
      }
      long next = tables.get(table).visitSegment(prefix, this::take);
      if (!stopped) {
        prefix = next;
      }
      if (prefix == Table.PREFIX_END) {
        prefix = 0;
        table++;
      }
    }
    return true;
  }

  /** Gives the snapshot up: its taker is told nothing more. */
  public void giveUp() {
    taker = NOBODY;
  }

  /** Entries taken early because a command was about to change them. */
  public long early() {
    return early;
  }

  void beforeChange(Table changing, long ref) {
    if (entries.generation(ref) != generation) {
      int database = tables.indexOf(changing);
      // A table made after the snapshot began, by a flush, holds nothing older than the snapshot.
      if (database >= 0) {
        early++;
        taker.entry(database, entries, ref);
        entries.generation(ref, generation);
      }
    }
  }

  private void take(long ref) {
    if (!stopped && entries.generation(ref) != generation) {
      taker.entry(table, entries, ref);
      entries.generation(ref, generation);
      stopped = enough.getAsBoolean();
    }
  }
}
