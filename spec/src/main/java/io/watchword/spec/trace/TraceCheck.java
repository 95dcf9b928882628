package io.watchword.spec.trace;

import io.watchword.spec.Tlc;
import io.watchword.spec.TlcJob;
import io.watchword.spec.TlcOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tlc2.overrides.NdTraceOverride;

/**
 * Validates traces against Psync2. A trace that is rejected is searched a second time, with the
 * step that does not fit left open, to learn what the model would say there.
 */
public final class TraceCheck {
  private static final int VIOLATION = 12;
  private static final int PASSED = 0;
  private static final String ACCEPTED = "TraceNotAccepted";

  private final Path spec;
  private final int budgetSeconds;

  /**
   * @param spec the folder {@code spec/}
   * @param budgetSeconds for the search
   */
  public TraceCheck(Path spec, int budgetSeconds) {
    this.spec = spec;
    this.budgetSeconds = budgetSeconds;
  }

  /**
   * Validates what the nodes of one run wrote, and says why it does not fit.
   *
   * @param nodes the lines of each, as {@link TraceFiles} gives them
   */
  public TraceVerdict check(Map<String, List<TraceLine>> nodes)
      throws IOException, InterruptedException {
    return check(nodes, true);
  }

  /**
   * As {@link #check(Map)}, with the reason left out, which takes a second search, if so wanted.
   */
  TraceVerdict check(Map<String, List<TraceLine>> nodes, boolean explains)
      throws IOException, InterruptedException {
    List<String> names = List.copyOf(new TreeMap<>(nodes).keySet());
    TraceRows rows = new TraceRows(names, CausalOrder.merge(nodes));
    Path file = Files.createTempFile("watchword-trace", ".rows");
    try {
      Files.write(file, rows.lines());
      return judge(rows, file, run(file, 0), explains);
    } finally {
      Files.delete(file);
    }
  }

  private TraceVerdict judge(TraceRows rows, Path file, TlcOutput output, boolean explains)
      throws IOException, InterruptedException {
    int steps = rows.steps().size();
    int matched = Math.max(0, reached(output) - 2);
    TraceVerdict.Outcome outcome;
    String detail = "";
    if (output.timedOut()) {
      outcome = TraceVerdict.Outcome.UNKNOWN;
      detail = "no answer within " + budgetSeconds + " s";
    } else if (output.exit() == VIOLATION && output.violated().equals(ACCEPTED)) {
      outcome = TraceVerdict.Outcome.ACCEPTED;
      matched = steps;
      detail = rows.numbers().isExact() ? "" : ", units numbered only where views rest";
    } else if (output.exit() == VIOLATION) {
      outcome = TraceVerdict.Outcome.UNSAFE;
      detail = output.violated() + " is violated";
    } else if (output.exit() == PASSED) {
      outcome = TraceVerdict.Outcome.REJECTED;
      detail = explains ? why(rows, file, matched) : "";
    } else {
      throw new IOException("TLC could not judge the trace: " + output.complaint());
    }
    return new TraceVerdict(outcome, steps, matched, detail, output.seconds());
  }

  private String why(TraceRows rows, Path file, int matched)
      throws IOException, InterruptedException {
    if (matched >= rows.steps().size()) {
      return "the first views of the nodes are not how nodes begin";
    }
    TraceLine line = rows.steps().get(matched);
    TlcOutput open = run(file, matched + 2);
    List<Map<String, String>> before = seen(open, "before");
    List<Map<String, String>> after = seen(open, "after");
    Map<String, String> claimedBefore = rows.numbered(line.before());
    Map<String, String> claimedAfter = rows.numbered(line.after());
    String what = "step " + (matched + 1) + " does not: " + line.describe() + "; ";
    Set<String> stale = different(claimedBefore, before);
    if (before.isEmpty()) {
      return what + "the model cannot even begin";
    }
    if (!line.isStart() && !stale.isEmpty()) {
      return what + "before it, " + contrast(stale, claimedBefore, before.get(0));
    }
    if (after.isEmpty()) {
      return what + "the model does not allow it in this state";
    }
    Set<String> wrong = different(claimedAfter, after);
    return what + "after it, " + contrast(wrong, claimedAfter, closest(claimedAfter, after));
  }

  /** Fields in which a claimed view differs from the one of the model that is closest to it. */
  private static Set<String> different(
      Map<String, String> claimed, List<Map<String, String>> model) {
    Set<String> fields = new TreeSet<>();
    if (!model.isEmpty()) {
      Map<String, String> close = closest(claimed, model);
      claimed.forEach(
          (field, value) -> {
            if (!value.equals(close.get(field))) {
              fields.add(field);
            }
          });
    }
    return fields;
  }

  private static Map<String, String> closest(
      Map<String, String> claimed, List<Map<String, String>> model) {
    Map<String, String> best = model.get(0);
    for (Map<String, String> view : model) {
      if (common(claimed, view) > common(claimed, best)) {
        best = view;
      }
    }
    return best;
  }

  private static long common(Map<String, String> one, Map<String, String> other) {
    return one.entrySet().stream().filter(e -> e.getValue().equals(other.get(e.getKey()))).count();
  }

  private static String contrast(
      Set<String> fields, Map<String, String> claimed, Map<String, String> model) {
    if (fields.isEmpty()) {
      return "the ends of its units are others than those that were written";
    }
    List<String> parts = new ArrayList<>();
    for (String field : fields) {
      parts.add(field + " is " + claimed.get(field) + " where the model has " + model.get(field));
    }
    return String.join(", ", parts) + " (as the model counts)";
  }

  private TlcOutput run(Path rows, int relaxed) throws IOException, InterruptedException {
    Map<String, String> properties = new TreeMap<>();
    properties.put("watchword.trace.rows", rows.toString());
    properties.put("watchword.trace.relaxed", Integer.toString(relaxed));
    Path folder = spec.resolve("trace");
    TlcJob job =
        new TlcJob(
            folder,
            "TracePsync2",
            folder.resolve("TracePsync2.cfg"),
            1,
            false,
            budgetSeconds,
            properties);
    return new Tlc(spec).run(job, line -> {});
  }

  private static int reached(TlcOutput output) {
    return output.lines().stream()
        .filter(line -> line.startsWith(NdTraceOverride.REACHED))
        .mapToInt(line -> Integer.parseInt(line.substring(NdTraceOverride.REACHED.length())))
        .max()
        .orElse(0);
  }

  private static List<Map<String, String>> seen(TlcOutput output, String when) {
    List<Map<String, String>> views = new ArrayList<>();
    for (String line : output.lines()) {
      if (line.startsWith(NdTraceOverride.SEEN + when)) {
        Map<String, String> view = new TreeMap<>();
        for (String part : line.substring(NdTraceOverride.SEEN.length()).split(" ")) {
          if (part.contains("=")) {
            view.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
          }
        }
        views.add(view);
      }
    }
    return views;
  }
}
