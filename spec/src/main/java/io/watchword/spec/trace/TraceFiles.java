package io.watchword.spec.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the files that nodes wrote: each holds lines of one node or of several. */
public final class TraceFiles {
  private static final long BYTES_MAX = 256L << 20;

  private TraceFiles() {}

  /**
   * The lines of each node, in the order in which they were written.
   *
   * @throws IllegalArgumentException with the place of what is malformed or missing
   */
  public static Map<String, List<TraceLine>> read(List<Path> files) throws IOException {
    Map<String, List<TraceLine>> nodes = new TreeMap<>();
    for (Path file : files) {
      if (Files.size(file) > BYTES_MAX) {
        throw new IllegalArgumentException(file + ": larger than " + BYTES_MAX + " bytes");
      }
      String text = Files.readString(file);
      String[] lines = text.split("\n", -1);
      // What follows the last line feed is a line that its writer did not finish, or nothing.
      for (int i = 0; i < lines.length - 1; i++) {
        TraceLine line = TraceLine.findReplication(file + ":" + (i + 1), lines[i]);
        if (line != null) {
          nodes.computeIfAbsent(line.node(), n -> new ArrayList<>()).add(line);
        }
      }
    }
    check(nodes);
    return nodes;
  }

  private static void check(Map<String, List<TraceLine>> nodes) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("no line of replication in what was given");
    }
    for (List<TraceLine> lines : nodes.values()) {
      TraceLine last = null;
      if (lines.stream().noneMatch(TraceLine::isStart)) {
        throw new IllegalArgumentException(lines.get(0).place() + ": a trace begins with Started");
      }
      for (TraceLine line : lines) {
        checkFollows(last, line);
        last = line;
      }
    }
    for (List<TraceLine> lines : nodes.values()) {
      for (TraceLine line : lines) {
        if (!line.after().source().isEmpty() && !nodes.containsKey(line.after().source())) {
          throw new IllegalArgumentException(
              line.place() + ": follows " + line.after().source() + ", whose trace is not given");
        }
      }
    }
  }

  private static void checkFollows(TraceLine last, TraceLine line) {
    boolean isNext = last != null && line.seq() == last.seq() + 1;
    // A timer may tick before the node has started; that changes nothing.
    boolean isFirstOfProcess = line.seq() == 1 && (line.isStart() || line.isStuttering());
    if (!isNext && !isFirstOfProcess) {
      throw new IllegalArgumentException(
          line.place()
              + (last == null
                  ? ": a trace begins with Started, seq 1, or with what changes nothing"
                  : ": seq " + line.seq() + " follows " + last.seq() + ": lines are missing"));
    }
    if (last != null && line.tNs() < last.tNs()) {
      throw new IllegalArgumentException(line.place() + ": t_ns goes back");
    }
  }
}
