package io.watchword.local;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the nodes of a cluster through the commands that any client may send. */
final class Probe {
  private static final int ANSWER_MS_MAX = 1_000;

  private Probe() {}

  static List<NodeReport> all(ClusterPlan plan) {
    return plan.nodes().stream().map(Probe::one).toList();
  }

  static NodeReport one(Node node) {
    Optional<ProcessHandle> process = NodeProcesses.find(node);
    if (process.isEmpty()) {
      return NodeReport.dead(node);
    }
    long pid = process.get().pid();
    try (RespConnection connection = new RespConnection(Node.HOST, node.port(), ANSWER_MS_MAX)) {
      return node.isServer() ? server(node, pid, connection) : sentinel(node, pid, connection);
    } catch (IOException silence) {
      return NodeReport.silent(node, pid);
    }
  }

  private static NodeReport server(Node node, long pid, RespConnection connection)
      throws IOException {
    // A node that loads its data answers INFO and refuses PING; it cannot be used yet.
    if (connection.ask("PING") instanceof Answer.Failure) {
      return NodeReport.silent(node, pid);
    }
    Map<String, String> info = fields(connection.ask("INFO", "replication").text());
    boolean isMaster = NodeReport.MASTER.equals(info.get("role"));
    String link =
        isMaster
            ? info.getOrDefault("connected_slaves", "0") + " replicas"
            : info.getOrDefault("master_link_status", "");
    String follows =
        isMaster ? "" : info.getOrDefault("master_host", "") + " " + info.get("master_port");
    return new NodeReport(
        node,
        NodeReport.State.UP,
        pid,
        isMaster ? NodeReport.MASTER : NodeReport.REPLICA,
        follows,
        number(info.get("watchword_epoch")),
        number(info.get(isMaster ? "master_repl_offset" : "slave_repl_offset")),
        link);
  }

  private static NodeReport sentinel(Node node, long pid, RespConnection connection)
      throws IOException {
    if (connection.ask("PING") instanceof Answer.Failure) {
      return NodeReport.silent(node, pid);
    }
    Map<String, String> master = master(connection);
    boolean quorum =
        connection.ask("SENTINEL", "CKQUORUM", ClusterPlan.MASTER_NAME) instanceof Answer.Status;
    return new NodeReport(
        node,
        NodeReport.State.UP,
        pid,
        NodeReport.SENTINEL,
        master.containsKey("port") ? master.get("ip") + " " + master.get("port") : "",
        number(master.get("config-epoch")),
        -1,
        quorum ? "quorum" : "no quorum");
  }

  /** True when a sentinel knows all replicas and all other sentinels of its master. */
  static boolean knowsAll(ClusterPlan plan, Node sentinel) {
    try (RespConnection connection =
        new RespConnection(Node.HOST, sentinel.port(), ANSWER_MS_MAX)) {
      Map<String, String> master = master(connection);
      return number(master.get("num-slaves")) >= plan.replicas()
          && number(master.get("num-other-sentinels")) >= plan.sentinels() - 1;
    } catch (IOException silence) {
      return false;
    }
  }

  private static Map<String, String> master(RespConnection connection) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    if (connection.ask("SENTINEL", "MASTER", ClusterPlan.MASTER_NAME) instanceof Answer.Many all) {
      for (int i = 0; i + 1 < all.items().size(); i += 2) {
        fields.put(all.items().get(i).text(), all.items().get(i + 1).text());
      }
    }
    return fields;
  }

  /** The {@code name:value} lines of an INFO answer. */
  static Map<String, String> fields(String info) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : info.split("\r?\n")) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.charAt(0) != '#') {
        fields.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return fields;
  }

  private static long number(String digits) {
    return digits != null && digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
  }
}
