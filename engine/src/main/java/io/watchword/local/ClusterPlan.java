package io.watchword.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a local cluster: how many nodes, on which ports, in which folder. It is written
 * once, when the cluster is made, and read by every later command; who is master is asked of the
 * nodes.
 *
 * @param folder the work folder, absolute
 * @param portBase data nodes listen at portBase.., sentinels 20000 above, their Raft 5000 above
 *     that
 * @param replicas data nodes besides the first master, 0 to 9
 * @param sentinels 0 to 9; none means that nobody fails over but the person who types it
 */
record ClusterPlan(Path folder, int portBase, int replicas, int sentinels) {
  static final String MASTER_NAME = "mymaster";
  static final int PORT_BASE_DEFAULT = 6379;
  static final int REPLICAS_DEFAULT = 2;
  static final int SENTINELS_DEFAULT = 3;

  private static final int NODES_MAX = 9;
  private static final int SENTINEL_PORTS_ABOVE = 20_000;
  private static final int RAFT_PORTS_ABOVE = 5_000;
  private static final int PORT_BASE_MAX =
      65_535 - SENTINEL_PORTS_ABOVE - RAFT_PORTS_ABOVE - NODES_MAX;
  private static final String FILE = "cluster.conf";
  private static final String FORMAT = "1";

  ClusterPlan {
    requireRange("--port-base", portBase, 1, PORT_BASE_MAX);
    requireRange("--replicas", replicas, 0, NODES_MAX);
    requireRange("--sentinels", sentinels, 0, NODES_MAX);
    folder = folder.toAbsolutePath().normalize();
  }

  private static void requireRange(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          option + " is " + value + "; it must lie between " + min + " and " + max);
    }
  }

  /** Data nodes first, the first of them the first master, then the sentinels. */
  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i <= replicas; i++) {
      nodes.add(node(Node.Kind.SERVER, portBase + i));
    }
    for (int i = 0; i < sentinels; i++) {
      nodes.add(node(Node.Kind.SENTINEL, portBase + SENTINEL_PORTS_ABOVE + i));
    }
    return nodes;
  }

  List<Node> servers() {
    return nodes().stream().filter(Node::isServer).toList();
  }

  List<Node> sentinelNodes() {
    return nodes().stream().filter(node -> !node.isServer()).toList();
  }

  /** Every port that the cluster binds, those of Raft included. */
  List<Integer> ports() {
    List<Integer> ports = new ArrayList<>();
    for (Node node : nodes()) {
      ports.add(node.port());
      if (!node.isServer()) {
        ports.add(raftPort(node));
      }
    }
    return ports;
  }

  static int raftPort(Node sentinel) {
    return sentinel.port() + RAFT_PORTS_ABOVE;
  }

  /** How many sentinels must agree that the master is down: a majority of them. */
  int quorum() {
    return sentinels / 2 + 1;
  }

  private Node node(Node.Kind kind, int port) {
    return new Node(kind, port, folder.resolve(kind.word + "-" + port));
  }

  static boolean existsIn(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  void save() throws IOException {
    Files.createDirectories(folder);
    String text =
        "# A local cluster of ./watchword up; removing this folder forgets it.\n"
            + ("format " + FORMAT + "\n")
            + ("port-base " + portBase + "\n")
            + ("replicas " + replicas + "\n")
            + ("sentinels " + sentinels + "\n");
    Files.writeString(folder.resolve(FILE), text);
  }

  /**
   * Reads the plan of an existing cluster.
   *
   * @throws IOException when the file cannot be read or is not one of ours
   */
  static ClusterPlan load(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.strip().split("\\s+", 2);
      if (words.length == 2 && !words[0].startsWith("#")) {
        values.put(words[0], words[1]);
      }
    }
    if (!FORMAT.equals(values.get("format"))) {
      throw new IOException(file + " is not a cluster of format " + FORMAT);
    }
    return new ClusterPlan(
        folder,
        number(file, values, "port-base"),
        number(file, values, "replicas"),
        number(file, values, "sentinels"));
  }

  private static int number(Path file, Map<String, String> values, String key) throws IOException {
    try {
      return Integer.parseInt(values.getOrDefault(key, ""));
    } catch (NumberFormatException notANumber) {
      throw new IOException(file + ": no number for " + key, notANumber);
    }
  }
}
