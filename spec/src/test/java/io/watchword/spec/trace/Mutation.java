package io.watchword.spec.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * One thing changed in the traces of a run: a step deleted, two swapped, or a field of one altered.
 * Steps are numbered anew, so that only the spec can tell, and an altered view stays what the
 * node's next step begins with, so that the lie is a consistent one.
 *
 * @param what for the message of a test
 * @param nodes the changed traces
 */
record Mutation(String what, Map<String, List<TraceLine>> nodes) {

  static Mutation of(Map<String, List<TraceLine>> nodes, Random random) {
    List<String> names = new ArrayList<>(nodes.keySet());
    String node = names.get(random.nextInt(names.size()));
    List<TraceLine> lines = new ArrayList<>(nodes.get(node));
    List<Integer> seen = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isStuttering()) {
        seen.add(i);
      }
    }
    if (seen.size() < 2) {
      return of(nodes, random);
    }
    int pick = random.nextInt(seen.size() - 1);
    String what =
        switch (random.nextInt(3)) {
          case 0 -> delete(lines, seen.get(random.nextInt(seen.size())));
          case 1 -> swap(lines, seen.get(pick), seen.get(pick + 1));
          default -> alter(lines, seen.get(random.nextInt(seen.size())), random);
        };
    Map<String, List<TraceLine>> changed = new TreeMap<>(nodes);
    changed.put(node, lines);
    return new Mutation(what, changed);
  }

  private static String delete(List<TraceLine> lines, int index) {
    return "deleted " + lines.remove(index).describe();
  }

  /** The two exchange all but their instants, which a trace must keep ascending. */
  private static String swap(List<TraceLine> lines, int first, int second) {
    TraceLine one = lines.get(first);
    TraceLine other = lines.get(second);
    lines.set(first, at(other, one.tNs()));
    lines.set(second, at(one, other.tNs()));
    return "swapped " + one.describe() + " and " + other.describe();
  }

  private static String alter(List<TraceLine> lines, int index, Random random) {
    TraceLine line = lines.get(index);
    View after = line.after();
    View other = altered(after, random);
    lines.set(index, with(line, line.before(), other));
    if (index + 1 < lines.size() && !lines.get(index + 1).isStart()) {
      TraceLine next = lines.get(index + 1);
      lines.set(index + 1, with(next, other, next.isStuttering() ? other : next.after()));
    }
    return "altered " + line.describe() + " to " + other;
  }

  private static View altered(View v, Random random) {
    String replid = v.replid();
    String replid2 = v.replid2();
    long second = v.secondOffset();
    long first = v.backlogFirst();
    long offset = v.offset();
    String source = v.source();
    boolean master = v.master();
    switch (random.nextInt(6)) {
      case 0 -> replid = "f".repeat(40);
      case 1 -> replid2 = replid2.equals("0".repeat(40)) ? replid : "0".repeat(40);
      case 2 -> second = second < 0 ? offset + 1 : -1;
      case 3 -> offset = offset == 0 ? 1 : offset - 1;
      case 4 -> source = source.isEmpty() ? "a:1" : "";
      default -> master = !master;
    }
    return new View(replid, replid2, second, first, offset, source, master);
  }

  private static TraceLine at(TraceLine l, long tNs) {
    return new TraceLine(
        l.place(), l.node(), l.seq(), tNs, l.type(), l.to(), l.ends(), l.before(), l.after());
  }

  private static TraceLine with(TraceLine l, View before, View after) {
    return new TraceLine(
        l.place(), l.node(), l.seq(), l.tNs(), l.type(), l.to(), l.ends(), before, after);
  }
}
