package io.watchword.keyspace;

import io.watchword.bytes.SipHash;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The hash table of one database: extendible hashing over {@link Segment}s of open addressing.
 *
 * <p>The directory has one place for each value of the first bits of the hash; several neighbouring
 * places share a segment until it fills and splits in two. So the table grows by one segment at a
 * time and no command ever waits for a rehash. A segment that has become sparse joins its sibling.
 *
 * <p>A <em>prefix</em> names a place among the keys independently of how far the directory has
 * grown: the first 32 bits of the hash. Walks (scan, snapshot, expiry) keep a prefix and survive
 * splits and joins between their steps.
 *
 * <p>Expiry needs no index of its own: each segment counts its keys with a deadline and keeps a
 * lower bound of them, so a sweep looks into the segments where something is due and no others.
 *
 * <p>Source: Fagin et al., "Extendible hashing", 1979.
 */
final class Table {
  static final int PREFIX_BITS = 32;
  static final long PREFIX_END = 1L << PREFIX_BITS;

  /** 2^26 segments, some 47 billion keys: more than references can name. */
  private static final int DEPTH_MAX = 26;

  private static final int TAG_PREFIX_BITS = 18;
  private static final int SPARSE = Segment.SLOTS / 8;
  private static final int TOGETHER = 16;
  private static final int JOINED_MAX = Segment.SLOTS / 2;

  /** Told of each key that is due; must remove it. */
  interface Due {
    void key(byte[] key);
  }

  /** Told of each entry of a walk; must not change the table. */
  interface Visitor {
    void entry(long ref);
  }

  private final Entries entries;
  private final SipHash hash;
  private final long[] scratch = new long[Segment.SLOTS];
  private Segment[] directory = {new Segment(0)};
  private int depth;
  private long size;
  private long deadlines;
  private long expirePrefix;

  /** Keeps the compiler from leaving out a look that nobody else needs. */
  @SuppressWarnings("UnusedVariable")
  private int looked;

  /** Where the last {@link #find} stopped: the segment, and the slot when it found the key. */
  private Segment foundIn;

  private int foundAt;

  Table(Entries entries, SipHash hash) {
    this.entries = entries;
    this.hash = hash;
  }

  long size() {
    return size;
  }

  /** Number of keys that have a deadline. */
  long deadlines() {
    return deadlines;
  }

  /** Bytes of the directory and the segments. */
  long footprintBytes() {
    long segments = 0;
    for (long p = 0; p < PREFIX_END; p = end(p)) {
      segments++;
    }
    return segments * (Segment.SLOTS * 8L + 64) + directory.length * 4L;
  }

  private static long tag(long h) {
    return h >>> (64 - TAG_PREFIX_BITS) << 10 | h & Segment.MASK;
  }

  private Segment segment(long h) {
    // Two shifts: a shift by 64, for an undivided directory, would be none at all.
    return directory[(int) (h >>> 1 >>> (63 - depth))];
  }

  /** The entry of a key whose hash is {@code h}, or 0. */
  long find(byte[] k, int offset, int length, long h) {
    Segment s = segment(h);
    long[] slots = s.slots;
    long tag = tag(h);
    int i = (int) h & Segment.MASK;
    foundIn = s;
    for (long slot = slots[i]; slot != 0; slot = slots[i]) {
      if (slot >>> Segment.REF_BITS == tag) {
        long ref = Segment.ref(slot);
        if (entries.keyIs(ref, k, offset, length)) {
          foundAt = i;
          return ref;
        }
      }
      i = (i + 1) & Segment.MASK;
    }
    return 0;
  }

  /** Loads what finds of these hashes would miss: first all their slots, then all their entries. */
  void look(long[] hashes, int count) {
    long seen = 0;
    for (int i = 0; i < count; i++) {
      seen += segment(hashes[i]).slots[(int) hashes[i] & Segment.MASK];
    }
    for (int i = 0; i < count; i++) {
      long slot = segment(hashes[i]).slots[(int) hashes[i] & Segment.MASK];
      seen += slot == 0 ? 0 : entries.generation(Segment.ref(slot));
    }
    looked += (int) seen;
  }

  /** Points the slot that {@link #find} just found to another reference. */
  void repoint(long ref) {
    long[] slots = foundIn.slots;
    slots[foundAt] = slots[foundAt] & ~Segment.REF_MASK | ref;
  }

  /** The deadline of the entry just found changed. */
  void deadlineChanged(long before, long after) {
    if (before != Entries.NO_DEADLINE) {
      foundIn.deadlines--;
      deadlines--;
    }
    if (after != Entries.NO_DEADLINE) {
      foundIn.deadline(after);
      deadlines++;
    }
  }

  /** Adds an entry whose key {@link #find} just did not find. */
  void insert(long h, long ref, long deadline) {
    while (foundIn.count >= Segment.FULL) {
      split(h);
      foundIn = segment(h);
    }
    foundIn.place(tag(h) << Segment.REF_BITS | ref);
    size++;
    if (deadline != Entries.NO_DEADLINE) {
      foundIn.deadline(deadline);
      deadlines++;
    }
  }

  /** Takes out the entry that {@link #find} just found; its block is the caller's. */
  void remove(long h, long deadline) {
    foundIn.remove(foundAt);
    size--;
    if (deadline != Entries.NO_DEADLINE) {
      foundIn.deadlines--;
      deadlines--;
    }
    if (foundIn.count < SPARSE && foundIn.depth > 0) {
      join(h >>> 32, foundIn);
    }
  }

  private void split(long h) {
    Segment s = foundIn;
    if (s.depth == DEPTH_MAX) {
      throw new io.watchword.memory.PagesFull();
    }
    if (s.depth == depth) {
      Segment[] wider = new Segment[2 * directory.length];
      for (int i = 0; i < directory.length; i++) {
        wider[2 * i] = directory[i];
        wider[2 * i + 1] = directory[i];
      }
      directory = wider;
      depth++;
    }
    int bit = s.depth++;
    Segment high = new Segment(s.depth);
    System.arraycopy(s.slots, 0, scratch, 0, Segment.SLOTS);
    Arrays.fill(s.slots, 0);
    s.count = 0;
    for (long slot : scratch) {
      if (slot != 0) {
        (prefixBit(slot, bit) == 0 ? s : high).place(slot);
      }
    }
    shareDeadlines(s, high);
    int span = 1 << (depth - high.depth);
    int first = (int) (h >>> 1 >>> (63 - depth)) & -(2 * span);
    Arrays.fill(directory, first + span, first + 2 * span, high);
  }

  /** Bit number {@code bit} of the hash, counted from the top. */
  private int prefixBit(long slot, int bit) {
    if (bit < TAG_PREFIX_BITS) {
      return (int) (slot >>> (63 - bit)) & 1;
    }
    byte[] key = entries.key(Segment.ref(slot));
    return (int) (hash.hash(key, 0, key.length) >>> (63 - bit)) & 1;
  }

  /** Counts anew which half has which deadlines; segments without any are spared the look. */
  private void shareDeadlines(Segment low, Segment high) {
    if (low.deadlines > 0) {
      count(low);
      count(high);
    }
  }

  private void count(Segment s) {
    s.deadlines = 0;
    s.earliest = Long.MAX_VALUE;
    for (long slot : s.slots) {
      long deadline = slot == 0 ? Entries.NO_DEADLINE : entries.deadline(Segment.ref(slot));
      if (deadline != Entries.NO_DEADLINE) {
        s.deadline(deadline);
      }
    }
  }

  /** Joins a sparse segment with its sibling when both fit well into one. */
  private void join(long prefix, Segment s) {
    long siblingPrefix = prefix ^ 1L << (PREFIX_BITS - s.depth);
    Segment sibling = at(siblingPrefix);
    if (sibling.depth != s.depth || sibling.count + s.count > JOINED_MAX) {
      return;
    }
    for (long slot : sibling.slots) {
      if (slot != 0) {
        s.place(slot);
      }
    }
    s.deadlines += sibling.deadlines;
    s.earliest = Math.min(s.earliest, sibling.earliest);
    s.depth--;
    int span = 1 << (depth - s.depth);
    int first = index(prefix) & -span;
    Arrays.fill(directory, first, first + span, s);
  }

  // Walks

  private int index(long prefix) {
    return (int) (prefix >>> (PREFIX_BITS - depth));
  }

  private Segment at(long prefix) {
    return directory[index(prefix)];
  }

  /** First prefix of the segment that holds {@code prefix}. */
  private long start(long prefix) {
    return prefix & -(1L << (PREFIX_BITS - at(prefix).depth));
  }

  /** First prefix after the segment that holds {@code prefix}. */
  private long end(long prefix) {
    return start(prefix) + (1L << (PREFIX_BITS - at(prefix).depth));
  }

  /** Visits the segment at {@code prefix} and returns the prefix of the next, or PREFIX_END. */
  long visitSegment(long prefix, Visitor visitor) {
    long[] slots = at(prefix).slots;
    for (int from = 0; from < Segment.SLOTS; from += TOGETHER) {
      // Each entry is a cache miss; looked at together first, their misses overlap.
      for (int i = from; i < from + TOGETHER; i++) {
        looked += slots[i] == 0 ? 0 : entries.generation(Segment.ref(slots[i]));
      }
      for (int i = from; i < from + TOGETHER; i++) {
        if (slots[i] != 0) {
          visitor.entry(Segment.ref(slots[i]));
        }
      }
    }
    return end(prefix);
  }

  /**
   * One step of SCAN: visits whole homes until {@code wanted} entries were seen, and returns the
   * next cursor, 0 at the end.
   *
   * <p>A cursor is prefix, home and depth. Slots move within a run when a neighbour is deleted, so
   * the unit is the home: all keys of a home are visited together. When the segment was joined
   * since the cursor was made, its homes are begun anew: keys may come twice, none is missed.
   */
  long scan(long cursor, int wanted, Visitor visitor) {
    long prefix = cursor >>> 16 & (PREFIX_END - 1);
    int home = (int) cursor & Segment.MASK;
    Segment s = at(prefix);
    if (s.depth < (int) (cursor >>> 10 & 63)) {
      home = 0;
    }
    int seen = 0;
    // Empty homes count a little, else one step over a huge sparse table would walk all of it; two
    // segments at least, so that a small database is seen in one step.
    long patience = Math.max(2L * Segment.SLOTS, wanted * 10L);
    while (true) {
      seen += visitHome(s, home++, visitor);
      if (home == Segment.SLOTS) {
        prefix = end(prefix);
        if (prefix == PREFIX_END) {
          return 0;
        }
        s = at(prefix);
        home = 0;
      }
      if (seen >= wanted || --patience <= 0) {
        return start(prefix) << 16 | (long) s.depth << 10 | home;
      }
    }
  }

  private static int visitHome(Segment s, int home, Visitor visitor) {
    int seen = 0;
    int i = home;
    for (long slot = s.slots[i]; slot != 0; slot = s.slots[i]) {
      if (Segment.home(slot) == home) {
        visitor.entry(Segment.ref(slot));
        seen++;
      }
      i = (i + 1) & Segment.MASK;
    }
    return seen;
  }

  /** A random entry, or 0 when there is none; every key has about the same chance. */
  long random(RandomGenerator random) {
    if (size == 0) {
      return 0;
    }
    while (true) {
      Segment s = directory[random.nextInt(directory.length)];
      // A sparse segment is tried as often as a full one and hits less: fair to keys, not segments.
      for (int tries = 0; tries < 8 && s.count > 0; tries++) {
        long slot = s.slots[random.nextInt(Segment.SLOTS)];
        if (slot != 0) {
          return Segment.ref(slot);
        }
      }
      if (size < Segment.SLOTS && s.count > 0) {
        return nth(s, random.nextInt(s.count));
      }
    }
  }

  private static long nth(Segment s, int n) {
    int left = n;
    for (long slot : s.slots) {
      if (slot != 0 && left-- == 0) {
        return Segment.ref(slot);
      }
    }
    return 0;
  }

  /**
   * Sweeps segments where a key is due at {@code now}, at most {@code segmentsMax} of them, going
   * round the table from call to call. Returns whether there may be more to do at once.
   */
  boolean expire(long now, int segmentsMax, Due due) {
    if (deadlines == 0) {
      return false;
    }
    int swept = 0;
    long last = expirePrefix & (PREFIX_END - 1);
    long prefix = start(last);
    long walked = 0;
    while (walked < PREFIX_END && deadlines > 0) {
      Segment s = at(prefix);
      if (s.deadlines > 0 && s.earliest <= now) {
        if (swept++ == segmentsMax) {
          expirePrefix = prefix;
          return true;
        }
        sweep(s, now, due);
      }
      long next = end(prefix);
      walked += next - start(prefix);
      prefix = next == PREFIX_END ? 0 : next;
    }
    expirePrefix = prefix;
    return false;
  }

  private void sweep(Segment s, long now, Due due) {
    byte[][] keys = new byte[s.count][];
    int found = 0;
    for (long slot : s.slots) {
      if (slot != 0) {
        long deadline = entries.deadline(Segment.ref(slot));
        if (deadline != Entries.NO_DEADLINE && deadline <= now) {
          keys[found++] = entries.key(Segment.ref(slot));
        }
      }
    }
    // Removal moves slots and may join segments, so the keys are gathered first.
    for (int i = 0; i < found; i++) {
      due.key(keys[i]);
    }
    count(s);
  }
}
