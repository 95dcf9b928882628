package io.watchword.keyspace;

import io.watchword.bytes.Bytes;
import io.watchword.bytes.SipHash;
import io.watchword.memory.Pages;
import java.util.ArrayList;
import java.util.List;

/**
 * All databases and what they share: pages, the keyed hash, watched keys, the running snapshot.
 *
 * <p>A snapshot costs no copy: each entry carries the generation of the last snapshot that has it.
 * Before an entry of an older generation is changed or removed, its old form is given to the
 * snapshot; a cursor gives it the rest in short slices. New entries are born into the running
 * generation.
 */
public final class Keyspace {
  private static final int GENERATIONS = 255;

  private final Pages pages;
  private final Entries entries;
  private final SipHash hash;
  private final Database[] databases;
  private final Watched watched = new Watched();

  /** Tables whose databases were flushed while others stand; freed in slices. */
  private final List<Table> flushed = new ArrayList<>();

  private long flushedPrefix;
  private int generation;
  private int clock;
  private SnapshotCursor snapshot;

  /**
   * @param pageBytesMax limit of the pages in bytes
   * @param k0 and k1: the secret of the hash
   */
  public Keyspace(int databaseCount, long pageBytesMax, long k0, long k1) {
    pages = new Pages(pageBytesMax);
    entries = new Entries(pages);
    hash = new SipHash(k0, k1);
    databases = new Database[databaseCount];
    for (int i = 0; i < databaseCount; i++) {
      databases[i] = new Database(i, this, entries, hash);
    }
  }

  /** Number of databases. */
  public int count() {
    return databases.length;
  }

  public Database database(int index) {
    return databases[index];
  }

  /** Keys of all databases. */
  public long size() {
    long size = 0;
    for (Database database : databases) {
      size += database.size();
    }
    return size;
  }

  /** The keyed hash of a key. */
  public long hash(byte[] k, int offset, int length) {
    return hash.hash(k, offset, length);
  }

  public Watched watched() {
    return watched;
  }

  /** Bytes in use: blocks, objects outside the pages, tables. */
  public long usedBytes() {
    long tables = 0;
    for (Database database : databases) {
      tables += database.tableBytes();
    }
    return pages.usedBytes() + entries.outsideBytes() + tables;
  }

  /** Bytes of pages taken from the JVM's heap. */
  public long reservedBytes() {
    return pages.reservedBytes();
  }

  /** Whether a write of ordinary size finds room. */
  public boolean hasRoom() {
    return pages.roomBytes() > 1 << 21;
  }

  /** The clock reading that entries touched from now on carry: tens of seconds, modulo 2^16. */
  public void clock(long nowMs) {
    clock = (int) (nowMs / 10_000) & 0xFFFF;
  }

  public int clock() {
    return clock;
  }

  int generation() {
    return generation;
  }

  // Whole databases

  /** Empties one database; a running snapshot still gets what it held. */
  public void flush(int index) {
    Database database = databases[index];
    watched.changedAll(index, key -> exists(index, key));
    Table old = database.table();
    if (old.size() == 0) {
      return;
    }
    database.table(new Table(entries, hash));
    if (snapshot == null && flushed.isEmpty() && size() == 0) {
      reset();
    } else {
      flushed.add(old);
    }
  }

  /**
   * Empties every database: at once and giving all memory back, or, while a snapshot still needs
   * the entries, one database after the other.
   */
  public void flushAll() {
    if (snapshot != null) {
      for (int i = 0; i < databases.length; i++) {
        flush(i);
      }
      return;
    }
    for (int i = 0; i < databases.length; i++) {
      int index = i;
      watched.changedAll(index, key -> exists(index, key));
    }
    for (Database database : databases) {
      database.table(new Table(entries, hash));
    }
    reset();
  }

  private void reset() {
    flushed.clear();
    flushedPrefix = 0;
    pages.clear();
    entries.clear();
  }

  private boolean exists(int index, Bytes key) {
    byte[] k = key.array();
    return databases[index].find(k, 0, k.length, hash(k, 0, k.length)) != Database.NONE;
  }

  /** Exchanges the content of two databases. */
  public void swap(int one, int other) {
    if (one == other) {
      return;
    }
    watched.changedAll(one, key -> exists(one, key) || exists(other, key));
    watched.changedAll(other, key -> exists(one, key) || exists(other, key));
    Table table = databases[one].table();
    databases[one].table(databases[other].table());
    databases[other].table(table);
  }

  /**
   * Frees a slice of what was flushed: at most {@code segments} segments. False when all is done.
   */
  public boolean reap(int segments) {
    if (flushed.isEmpty() || snapshot != null) {
      return false;
    }
    for (int i = 0; i < segments; i++) {
      flushedPrefix = flushed.get(0).visitSegment(flushedPrefix, entries::release);
      if (flushedPrefix == Table.PREFIX_END) {
        flushed.remove(0);
        flushedPrefix = 0;
        if (flushed.isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }

  // Snapshots

  /**
   * Begins a snapshot of all databases as they are now. Its slices are the caller's to run until it
   * is done, also after it was given up.
   *
   * @throws IllegalStateException when one is running
   */
  public SnapshotCursor snapshot(BeforeChange taker) {
    if (snapshot != null) {
      throw new IllegalStateException("a snapshot is running");
    }
    generation = generation % GENERATIONS + 1;
    List<Table> tables = new ArrayList<>();
    for (Database database : databases) {
      tables.add(database.table());
    }
    snapshot = new SnapshotCursor(entries, tables, generation, taker, () -> snapshot = null);
    return snapshot;
  }

  /** Whether a snapshot's cursor still has a way to go. */
  public boolean isSnapshotRunning() {
    return snapshot != null;
  }

  void beforeChange(Table table, long ref) {
    if (snapshot != null) {
      snapshot.beforeChange(table, ref);
    }
  }
}
