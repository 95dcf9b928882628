package io.watchword.local;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration files of a local cluster, in the words of redis.conf and sentinel.conf, so that
 * a reader can copy one and change it.
 *
 * <p>A file is written when the cluster is made. Later only the {@code replicaof} line changes,
 * when the cluster is stopped: a resumed cluster must start from the roles that its nodes had, not
 * from those of its first day, or the newest data would be overwritten by the oldest.
 */
final class NodeConf {
  private static final String REPLICAOF = "replicaof ";

  private NodeConf() {}

  /** Makes the node's folders and its file. */
  static void write(ClusterPlan plan, Node node) throws IOException {
    Files.createDirectories(node.data());
    Files.writeString(
        node.conf(),
        String.join("\n", node.isServer() ? server(plan, node) : sentinel(plan, node)));
  }

  /** Remembers whom a server followed when it was stopped; an empty name means nobody. */
  static void setMaster(Node server, String master) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(server.conf()));
    List<String> before = List.copyOf(lines);
    lines.removeIf(line -> line.startsWith(REPLICAOF));
    if (!master.isEmpty()) {
      lines.add(REPLICAOF + master);
    }
    if (!lines.equals(before)) {
      Files.writeString(server.conf(), String.join("\n", lines) + "\n");
    }
  }

  /** True for a server that follows nobody when it starts. */
  static boolean isMaster(Node node) throws IOException {
    return node.isServer()
        && Files.readAllLines(node.conf()).stream().noneMatch(line -> line.startsWith(REPLICAOF));
  }

  private static List<String> common(Node node) {
    return List.of(
        "port " + node.port(),
        "bind " + Node.HOST,
        "dir " + quoted(node.data().toString()),
        "logfile " + quoted(node.log().toString()));
  }

  private static List<String> server(ClusterPlan plan, Node node) {
    List<String> lines = new ArrayList<>(common(node));
    lines.add("dbfilename dump.rdb");
    // A replica of this cluster is there at once: waiting for others would only delay the start.
    lines.add("repl-diskless-sync-delay 0");
    if (node.port() != plan.portBase()) {
      lines.add(REPLICAOF + Node.HOST + " " + plan.portBase());
    }
    lines.add("");
    return lines;
  }

  private static List<String> sentinel(ClusterPlan plan, Node node) {
    String peers =
        plan.sentinelNodes().stream()
            .map(peer -> Node.HOST + ":" + ClusterPlan.raftPort(peer))
            .collect(Collectors.joining(","));
    String name = ClusterPlan.MASTER_NAME;
    List<String> lines = new ArrayList<>(common(node));
    lines.add("sentinel raft-port " + ClusterPlan.raftPort(node));
    lines.add("sentinel raft-peers " + peers);
    lines.add(
        String.join(
            " ",
            "sentinel monitor",
            name,
            Node.HOST,
            Integer.toString(plan.portBase()),
            Integer.toString(plan.quorum())));
    // On one machine a silent leader is a dead one sooner than across a network.
    lines.add("sentinel raft-election-timeout-ms 500");
    lines.add("sentinel down-after-milliseconds " + name + " 1000");
    lines.add("");
    return lines;
  }

  /** The quotes of redis.conf, in which a backslash and a quote are escaped. */
  private static String quoted(String path) {
    return '"' + path.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
