package io.watchword.spec.trace;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts as the model counts: replids in the order in which they appear, offsets in the order of
 * their size, so that the model's k-th record ends at the k-th offset at which any node's unit
 * ends.
 *
 * <p>Two histories may part and end their units at different offsets; then a unit of one is several
 * records of the model, none of which may be rested within. Offsets that only bound something
 * (first of the backlog, first beyond the previous history) need not be the ends of units; they are
 * rounded up, which keeps every comparison with an offset at which a node rests.
 */
final class Numbers {
  /** Beyond this, units are numbered by the offsets that views show, or TLC would take hours. */
  static final int UNITS_MAX = 4_000;

  private final Map<String, Integer> replids = new HashMap<>();
  private final NavigableMap<Long, Integer> offsets = new TreeMap<>();
  private final boolean exact;

  Numbers(List<TraceLine> lines) {
    TreeSet<Long> rests = new TreeSet<>();
    TreeSet<Long> ends = new TreeSet<>();
    rests.add(0L);
    for (TraceLine line : lines) {
      rests.add(line.after().offset());
      ends.addAll(line.ends());
    }
    exact = ends.size() <= UNITS_MAX;
    if (exact) {
      rests.addAll(ends);
    }
    rests.forEach(offset -> offsets.put(offset, offsets.size()));
    replids.put("0".repeat(40), 0);
  }

  /** Whether the ends of all units are numbered, and not only those that views show. */
  boolean isExact() {
    return exact;
  }

  int records() {
    return offsets.size() - 1;
  }

  /** The number of a replid; a new one gets the next. */
  int replid(String replid) {
    return replids.computeIfAbsent(replid, unseen -> replids.size());
  }

  boolean isKnown(long offset) {
    return offsets.containsKey(offset);
  }

  /** The number of records up to an offset, rounded up. */
  int offset(long offset) {
    Map.Entry<Long, Integer> entry = offsets.ceilingEntry(offset);
    return entry == null ? offsets.size() : entry.getValue();
  }

  /** The number of the first record from an offset on, which is the first byte of one or in one. */
  int first(long offset) {
    return offset < 0 ? -1 : offset(offset - 1) + 1;
  }
}
