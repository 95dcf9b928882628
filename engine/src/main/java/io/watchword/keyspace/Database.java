package io.watchword.keyspace;

import io.watchword.bytes.SipHash;
import java.util.random.RandomGenerator;

/**
 * One numbered database. Every change of a key passes through here, so watching clients and a
 * running snapshot see it whichever command makes it.
 *
 * <p>Keys are given as slices with their hash ({@link Keyspace#hash}), computed once a command.
 * References to entries are valid until the next change.
 */
public final class Database {
  /** No entry. */
  public static final long NONE = 0;

  private final int index;
  private final Keyspace keyspace;
  private final Entries entries;
  private final Entries.Draft draft = new Entries.Draft();
  private Table table;

  Database(int index, Keyspace keyspace, Entries entries, SipHash hash) {
    this.index = index;
    this.keyspace = keyspace;
    this.entries = entries;
    this.table = new Table(entries, hash);
  }

  /** Its number. */
  public int index() {
    return index;
  }

  /** How entries are read. */
  public Entries entries() {
    return entries;
  }

  /** Number of keys, expired ones that are still there included. */
  public long size() {
    return table.size();
  }

  /** Number of keys with a deadline. */
  public long deadlines() {
    return table.deadlines();
  }

  /** The entry of a key whatever its deadline, or {@link #NONE}. */
  public long find(byte[] k, int offset, int length, long hash) {
    return table.find(k, offset, length, hash);
  }

  /** Fetches into the caches what {@link #find} of these hashes will need. */
  public void look(long[] hashes, int count) {
    table.look(hashes, count);
  }

  /**
   * Sets a key to a string, whatever it was before.
   *
   * @param deadline milliseconds since the epoch, or {@link Entries#NO_DEADLINE}
   * @param encoding {@link Entries#AS_SET} or {@link Entries#CHANGED_IN_PLACE}
   */
  public void set(
      byte[] k,
      int offset,
      int length,
      long hash,
      byte[] v,
      int valueAt,
      int valueLength,
      long deadline,
      int encoding) {
    fill(k, offset, length, v, valueAt, valueLength, deadline, encoding);
    draft.given = false;
    set(hash);
  }

  /** Sets the draft's key to the draft's value. */
  private void set(long hash) {
    Entries.Draft d = draft;
    long ref = table.find(d.key, d.keyAt, d.keyLength, hash);
    if (ref == NONE) {
      table.insert(hash, entries.create(d), d.deadline);
    } else {
      keyspace.beforeChange(table, ref);
      long before = entries.deadline(ref);
      long after = entries.replace(ref, d);
      if (after != ref) {
        table.repoint(after);
      }
      if (before != d.deadline) {
        table.deadlineChanged(before, d.deadline);
      }
    }
    changed(d.key, d.keyAt, d.keyLength);
  }

  private void fill(
      byte[] k, int offset, int length, byte[] v, int at, int size, long deadline, int encoding) {
    Entries.Draft d = draft;
    d.key = k;
    d.keyAt = offset;
    d.keyLength = length;
    d.value = v;
    d.valueAt = at;
    d.valueLength = size;
    d.deadline = deadline;
    d.encoding = encoding;
    d.generation = keyspace.generation();
    d.clock = keyspace.clock();
  }

  /**
   * Writes {@code b[at, at + count)} into a string at {@code from}, growing it and filling a gap
   * with zeros; a missing key is an empty string. The deadline stays. Returns the new length.
   */
  public int write(
      byte[] k, int offset, int length, long hash, int from, byte[] b, int at, int count) {
    long ref = table.find(k, offset, length, hash);
    if (ref != NONE && entries.fitsInPlace(ref, from, count)) {
      keyspace.beforeChange(table, ref);
      entries.writeInPlace(ref, from, b, at, count);
      changed(k, offset, length);
      return entries.length(ref);
    }
    int before = ref == NONE ? 0 : entries.length(ref);
    byte[] whole = new byte[Math.max(before, from + count)];
    if (ref != NONE) {
      System.arraycopy(entries.valueArray(ref), entries.valueAt(ref), whole, 0, before);
    }
    System.arraycopy(b, at, whole, from, count);
    long deadline = ref == NONE ? Entries.NO_DEADLINE : entries.deadline(ref);
    fill(k, offset, length, whole, 0, whole.length, deadline, Entries.CHANGED_IN_PLACE);
    draft.given = true;
    set(hash);
    return whole.length;
  }

  /** Gives an existing key a deadline, or takes it away with {@link Entries#NO_DEADLINE}. */
  public void deadline(byte[] k, int offset, int length, long hash, long deadline) {
    long ref = table.find(k, offset, length, hash);
    long before = entries.deadline(ref);
    if (before == deadline) {
      changed(k, offset, length);
      return;
    }
    keyspace.beforeChange(table, ref);
    if (before != Entries.NO_DEADLINE && deadline != Entries.NO_DEADLINE) {
      entries.moveDeadline(ref, deadline);
    } else {
      table.repoint(entries.withDeadline(ref, deadline));
    }
    table.deadlineChanged(before, deadline);
    changed(k, offset, length);
  }

  /** Removes a key; false when there is none. */
  public boolean delete(byte[] k, int offset, int length, long hash) {
    long ref = table.find(k, offset, length, hash);
    if (ref == NONE) {
      return false;
    }
    keyspace.beforeChange(table, ref);
    table.remove(hash, entries.deadline(ref));
    entries.release(ref);
    changed(k, offset, length);
    return true;
  }

  /**
   * Gives an existing key another name, whose former value, if any, is lost. The value is not
   * copied twice, and a large one not at all.
   */
  public void rename(
      byte[] k, int offset, int length, long hash, byte[] to, int at, int size, long toHash) {
    long ref = table.find(k, offset, length, hash);
    keyspace.beforeChange(table, ref);
    long fresh = entries.renamed(ref, to, at, size, keyspace.generation());
    table.remove(hash, entries.deadline(fresh));
    take(fresh, to, at, size, toHash);
    changed(k, offset, length);
  }

  /** Moves an existing key to another database, which does not have it. */
  public void move(byte[] k, int offset, int length, long hash, Database target) {
    long ref = table.find(k, offset, length, hash);
    keyspace.beforeChange(table, ref);
    table.remove(hash, entries.deadline(ref));
    target.take(ref, k, offset, length, hash);
    changed(k, offset, length);
  }

  /** Enters an entry that stands in no table under its key; an entry of that key is freed. */
  private void take(long fresh, byte[] k, int offset, int length, long hash) {
    long deadline = entries.deadline(fresh);
    long old = table.find(k, offset, length, hash);
    if (old == NONE) {
      table.insert(hash, fresh, deadline);
    } else {
      keyspace.beforeChange(table, old);
      table.repoint(fresh);
      table.deadlineChanged(entries.deadline(old), deadline);
      entries.release(old);
    }
    changed(k, offset, length);
  }

  private void changed(byte[] k, int offset, int length) {
    if (!keyspace.watched().isEmpty()) {
      keyspace.watched().changed(index, k, offset, length);
    }
  }

  /** One step of SCAN from {@code cursor}; see {@link Table#scan}. */
  public long scan(long cursor, int wanted, Visitor visitor) {
    return table.scan(cursor, wanted, visitor::entry);
  }

  /** Visits every entry; the visitor must not change the database. */
  public void each(Visitor visitor) {
    long prefix = 0;
    while (prefix < Table.PREFIX_END) {
      prefix = table.visitSegment(prefix, visitor::entry);
    }
  }

  /** Told of each entry of a walk. */
  public interface Visitor {
    void entry(long ref);
  }

  /** A random entry, expired ones included, or {@link #NONE}. */
  public long random(RandomGenerator random) {
    return table.random(random);
  }

  /**
   * Finds keys that are due at {@code now}, in at most {@code segmentsMax} segments, and hands each
   * to {@code due}, which must delete it. Returns whether there may be more.
   */
  public boolean expire(long now, int segmentsMax, Due due) {
    return table.expire(now, segmentsMax, due::key);
  }

  /** Told of each key that is due. */
  public interface Due {
    void key(byte[] key);
  }

  /** Memory of the table itself, without the entries, in bytes. */
  public long tableBytes() {
    return table.footprintBytes();
  }

  Table table() {
    return table;
  }

  void table(Table other) {
    table = other;
  }
}
