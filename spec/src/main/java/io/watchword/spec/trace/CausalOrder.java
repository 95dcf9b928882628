package io.watchword.spec.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Merges the steps of all nodes into one order in which a cause comes before its effect.
 *
 * <p>The clock of all nodes is the same (virtual time, or one host's), and a step is written down
 * before its effects are performed, so time alone orders causes before effects, but for ties:
 * virtual time stands still while a step is taken. Among steps of the same instant those wait that
 * apply units which their source has not written yet.
 */
final class CausalOrder {
  private final Map<String, Deque<TraceLine>> waiting = new TreeMap<>();
  private final Map<String, Long> offsets = new TreeMap<>();

  private CausalOrder(Map<String, List<TraceLine>> nodes) {
    nodes.forEach((node, lines) -> waiting.put(node, new ArrayDeque<>(lines)));
  }

  static List<TraceLine> merge(Map<String, List<TraceLine>> nodes) {
    return new CausalOrder(nodes).merge();
  }

  private List<TraceLine> merge() {
    List<TraceLine> merged = new ArrayList<>();
    for (TraceLine next = findNext(); next != null; next = findNext()) {
      waiting.get(next.node()).remove();
      offsets.put(next.node(), next.after().offset());
      merged.add(next);
    }
    return merged;
  }

  private TraceLine findNext() {
    TraceLine best = null;
    for (Deque<TraceLine> lines : waiting.values()) {
      TraceLine line = lines.peek();
      if (line != null && (best == null || isBefore(line, best))) {
        best = line;
      }
    }
    return best;
  }

  private boolean isBefore(TraceLine line, TraceLine other) {
    if (line.tNs() != other.tNs()) {
      return line.tNs() < other.tNs();
    }
    return !isEarly(line) && isEarly(other);
  }

  /** Whether it applies what its source has not written yet, as far as it was merged. */
  private boolean isEarly(TraceLine line) {
    return line.type().equals("Streamed")
        && line.to() > offsets.getOrDefault(line.before().source(), 0L);
  }
}
