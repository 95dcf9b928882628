package io.watchword.spec.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What TracePsync2 reads: a header, then a row for each step that the model sees, each with what
 * its nodes wait for: the answer that a replica will show next, and the save that a node will start
 * from. So TLC tries only those unseen steps that lead somewhere.
 */
final class TraceRows {
  private static final String NONE = "{\"type\":\"none\"}";

  private final List<String> nodes;
  private final List<TraceLine> seen = new ArrayList<>();
  private final Map<String, TraceLine> first = new TreeMap<>();
  private final Numbers numbers;

  /**
   * @param nodes names of all
   * @param merged all steps in causal order
   */
  TraceRows(List<String> nodes, List<TraceLine> merged) {
    this.nodes = nodes;
    this.numbers = new Numbers(merged);
    for (TraceLine line : merged) {
      if (line.isStart() && !first.containsKey(line.node())) {
        first.put(line.node(), line);
      } else if (!line.isStuttering()) {
        seen.add(line);
      }
    }
    // The first names are those that the model gives out before its first step.
    nodes.forEach(node -> numbers.replid(first.get(node).after().replid()));
    seen.forEach(line -> numbers.replid(line.after().replid()));
  }

  Numbers numbers() {
    return numbers;
  }

  /** The steps that the model sees; the k-th is row k + 1, after the header. */
  List<TraceLine> steps() {
    return Collections.unmodifiableList(seen);
  }

  /** The rows as lines of JSON. */
  List<String> lines() {
    Map<String, String> wants = new LinkedHashMap<>();
    Map<String, String> saves = new LinkedHashMap<>();
    for (String node : nodes) {
      wants.put(node, NONE);
      saves.put(node, NONE);
    }
    List<String> rows = new ArrayList<>();
    for (int i = seen.size() - 1; i >= 0; i--) {
      TraceLine line = seen.get(i);
      wants.put(line.node(), wanted(line, wants.get(line.node())));
      if (line.isStart()) {
        saves.put(line.node(), start(line));
      }
      rows.add(row(line, wants, saves));
    }
    rows.add(header());
    Collections.reverse(rows);
    return rows;
  }

  private String header() {
    StringJoiner names = new StringJoiner(",", "[", "]");
    Map<String, String> views = new TreeMap<>();
    for (String node : nodes) {
      names.add(quoted(node));
      views.put(node, view(first.get(node).after()));
    }
    return "{\"nodes\":" + names + ",\"first\":" + fields(views) + "}";
  }

  private String row(TraceLine line, Map<String, String> wants, Map<String, String> saves) {
    StringJoiner ends = new StringJoiner(",", "[", "]");
    for (long end : line.ends()) {
      if (numbers.isKnown(end)) {
        ends.add(Integer.toString(numbers.offset(end)));
      }
    }
    return "{\"type\":"
        + quoted(line.type())
        + ",\"node\":"
        + quoted(line.node())
        + ",\"to\":"
        + numbers.offset(line.to())
        + ",\"ends\":"
        + ends
        + ",\"before\":"
        + view(line.before())
        + ",\"after\":"
        + view(line.after())
        + ",\"wants\":"
        + fields(wants)
        + ",\"saves\":"
        + fields(saves)
        + "}";
  }

  /** What a node waits for before this step, given what it waits for after it. */
  private String wanted(TraceLine line, String later) {
    return switch (line.type()) {
      case "Continued", "Loaded", "Forgot" ->
          "{\"type\":"
              + quoted(line.type())
              + ",\"from\":"
              + quoted(line.after().source())
              + ",\"replid\":"
              + numbers.replid(line.after().replid())
              + ",\"offset\":"
              + numbers.offset(line.after().offset())
              + "}";
      case TraceLine.STARTED, "Promoted", "Follow", "Lost" -> NONE;
      default -> later;
    };
  }

  private String start(TraceLine line) {
    View after = line.after();
    boolean inherits = after.master() && numbers.replid(after.replid2()) != 0;
    return "{\"type\":\"Started\",\"replid\":"
        + numbers.replid(inherits ? after.replid2() : after.replid())
        + ",\"offset\":"
        + numbers.offset(after.offset())
        + "}";
  }

  /** A view as the model counts, each field in TLA+'s notation but for the quotes of texts. */
  Map<String, String> numbered(View view) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("replid", Integer.toString(numbers.replid(view.replid())));
    fields.put("replid2", Integer.toString(numbers.replid(view.replid2())));
    fields.put("secondOffset", Integer.toString(numbers.first(view.secondOffset())));
    fields.put("backlogFirst", Integer.toString(numbers.first(view.backlogFirst())));
    fields.put("offset", Integer.toString(numbers.offset(view.offset())));
    fields.put("source", view.source());
    fields.put("master", view.master() ? "TRUE" : "FALSE");
    return fields;
  }

  private String view(View view) {
    Map<String, String> fields = numbered(view);
    fields.put("source", quoted(view.source()));
    fields.put("master", Boolean.toString(view.master()));
    return fields(fields);
  }

  private static String fields(Map<String, String> values) {
    StringJoiner fields = new StringJoiner(",", "{", "}");
    values.forEach((name, value) -> fields.add(quoted(name) + ":" + value));
    return fields.toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
