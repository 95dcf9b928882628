package io.watchword.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The state of a cluster as a table for people and as JSON for programs. */
final class StatusView {
  private static final String[] HEADS = {"NODE", "ROLE", "EPOCH", "OFFSET", "LAG", "LINK", "PID"};

  private StatusView() {}

  /** One line a node, then a line for each dead node that says how to start it again. */
  static List<String> table(List<NodeReport> reports, Launcher launcher) {
    List<String[]> rows = new ArrayList<>();
    rows.add(HEADS);
    reports.forEach(report -> rows.add(row(report, reports)));
    List<String> lines = new ArrayList<>(aligned(rows));
    for (NodeReport report : reports) {
      if (report.state() == NodeReport.State.DEAD) {
        lines.add(
            report.node().name()
                + " is dead; start it again with: "
                + launcher.says("up --restart " + report.node().name() + launcher.clusterOption()));
      }
    }
    return lines;
  }

  private static String[] row(NodeReport report, List<NodeReport> all) {
    boolean up = report.state() == NodeReport.State.UP;
    return new String[] {
      report.node().name(),
      up ? report.role() : report.state().word,
      orDash(report.epoch()),
      orDash(report.offset()),
      orDash(lagBytes(report, all)),
      report.link().isEmpty() ? "-" : report.link(),
      report.pid() == 0 ? "-" : Long.toString(report.pid())
    };
  }

  private static String orDash(long value) {
    return value < 0 ? "-" : Long.toString(value);
  }

  /** Bytes that a replica is behind the master it follows; -1 when one of the two is not known. */
  static long lagBytes(NodeReport report, List<NodeReport> all) {
    if (!report.isReplica() || report.offset() < 0) {
      return -1;
    }
    for (NodeReport other : all) {
      String address = Node.HOST + " " + other.node().port();
      if (other.node().isServer() && other.offset() >= 0 && report.follows().equals(address)) {
        // The two were asked one after the other: a replica may have moved on in between.
        return Math.max(0, other.offset() - report.offset());
      }
    }
    return -1;
  }

  private static List<String> aligned(List<String[]> rows) {
    int[] widths = new int[HEADS.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** One JSON object on one line; fields that nobody knows are null. */
  static String json(ClusterPlan plan, List<NodeReport> reports) {
    StringBuilder text = new StringBuilder("{");
    text.append("\"master\":").append(string(ClusterPlan.MASTER_NAME));
    text.append(",\"port_base\":").append(plan.portBase());
    text.append(",\"dir\":").append(string(plan.folder().toString()));
    text.append(",\"nodes\":[");
    for (int i = 0; i < reports.size(); i++) {
      text.append(i == 0 ? "" : ",").append(node(reports.get(i), reports));
    }
    return text.append("]}").toString();
  }

  private static String node(NodeReport report, List<NodeReport> all) {
    Node node = report.node();
    return String.join(
        ",",
        "{\"kind\":" + string(node.kind().word),
        "\"name\":" + string(node.name()),
        "\"host\":" + string(Node.HOST),
        "\"port\":" + node.port(),
        "\"pid\":" + (report.pid() == 0 ? "null" : Long.toString(report.pid())),
        "\"state\":" + string(report.state().word),
        "\"role\":" + stringOrNull(report.role()),
        "\"follows\":" + stringOrNull(report.follows().replace(' ', ':')),
        "\"epoch\":" + numberOrNull(report.epoch()),
        "\"offset\":" + numberOrNull(report.offset()),
        "\"lag_bytes\":" + numberOrNull(lagBytes(report, all)),
        "\"link\":" + stringOrNull(report.link()) + "}");
  }

  private static String numberOrNull(long value) {
    return value < 0 ? "null" : Long.toString(value);
  }

  private static String stringOrNull(String value) {
    return value.isEmpty() ? "null" : string(value);
  }

  private static String string(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
