package io.watchword.keyspace;

/**
 * 1024 slots of a {@link Table}, probed linearly from a key's home.
 *
 * <p>A slot is 0 when empty, else a 28-bit tag above a 36-bit reference. The tag's low 10 bits are
 * the home, its high 18 the first bits of the hash, so that a walk along a run of slots reads an
 * entry only when it is almost surely the one sought, and a split needs no entry at all.
 */
final class Segment {
  static final int SLOTS = 1024;
  static final int MASK = SLOTS - 1;

  /** Above this a segment splits: runs stay short, and an empty slot always ends them. */
  static final int FULL = SLOTS * 7 / 8;

  static final int REF_BITS = 36;
  static final long REF_MASK = (1L << REF_BITS) - 1;

  final long[] slots = new long[SLOTS];
  int count;

  /** How many first bits of the hash all keys in here share. */
  int depth;

  /** Keys with a deadline, and no later than the earliest of those; see {@link Table#expire}. */
  int deadlines;

  long earliest = Long.MAX_VALUE;

  Segment(int depth) {
    this.depth = depth;
  }

  static int home(long slot) {
    return (int) (slot >>> REF_BITS) & MASK;
  }

  static long ref(long slot) {
    return slot & REF_MASK;
  }

  /** Puts a slot at the first free place from its home. */
  void place(long slot) {
    int i = home(slot);
    while (slots[i] != 0) {
      i = (i + 1) & MASK;
    }
    slots[i] = slot;
    count++;
  }

  /** Empties slot {@code i} and moves later slots of the run up, so that no run has a hole. */
  void remove(int i) {
    int hole = i;
    int j = i;
    slots[hole] = 0;
    count--;
    while (true) {
      j = (j + 1) & MASK;
      long slot = slots[j];
      if (slot == 0) {
        return;
      }
      if (((j - home(slot)) & MASK) >= ((j - hole) & MASK)) {
        slots[hole] = slot;
        slots[j] = 0;
        hole = j;
      }
    }
  }

  /** Counts a deadline in. */
  void deadline(long deadline) {
    deadlines++;
    earliest = Math.min(earliest, deadline);
  }
}
