package io.watchword.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Starts and stops a local cluster as a whole: all of it or nothing. */
final class Cluster {
  private static final long READY_MS_MAX = 60_000;
  private static final int LOG_LINES_SHOWN = 5;

  private final ClusterPlan plan;
  private final NodeProcesses processes;

  Cluster(ClusterPlan plan, Path root) {
    this.plan = plan;
    this.processes = new NodeProcesses(root);
  }

  /** A cluster that could not be started, or a node; nothing of the attempt is left running. */
  static final class StartFailed extends IOException {
    StartFailed(String why) {
      super(why);
    }
  }

  /**
   * Makes the folders where they are missing, starts every node and returns when all are ready.
   *
   * @throws StartFailed when a node ends or is not ready in time; those already started are stopped
   */
  void start() throws IOException {
    plan.save();
    for (Node node : plan.nodes()) {
      if (!Files.exists(node.conf())) {
        NodeConf.write(plan, node);
      }
    }
    startAndAwait(plan.nodes());
  }

  /** Starts one node of a cluster that is up and returns when that node is ready. */
  void restart(Node node) throws IOException {
    startAndAwait(List.of(node));
  }

  private void startAndAwait(List<Node> nodes) throws IOException {
    Map<Node, ProcessHandle> started = new LinkedHashMap<>();
    boolean ready = false;
    // Ctrl-C before the cluster is ready must not leave half of it behind.
    Thread cleanUp = new Thread(() -> NodeProcesses.stop(List.copyOf(started.values())));
    Runtime.getRuntime().addShutdownHook(cleanUp);
    try {
      for (Node node : nodes) {
        started.put(node, processes.start(node, plan.replicas() + 1));
        if (NodeConf.isMaster(node)) {
          // A replica that calls before its master listens tries again only a second later.
          awaitReady(started);
        }
      }
      awaitReady(started);
      ready = true;
    } finally {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
      if (!ready) {
        NodeProcesses.stop(List.copyOf(started.values()));
      }
    }
  }

  private void awaitReady(Map<Node, ProcessHandle> started) throws StartFailed {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MS_MAX);
    List<Node> waiting = new ArrayList<>(started.keySet());
    while (true) {
      for (Map.Entry<Node, ProcessHandle> entry : started.entrySet()) {
        if (!entry.getValue().isAlive()) {
          throw new StartFailed(
              entry.getKey().name() + " ended at once" + lastWords(entry.getKey()));
        }
      }
      waiting.removeIf(this::isReady);
      if (waiting.isEmpty()) {
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        Node first = waiting.get(0);
        throw new StartFailed(
            first.name() + " was not ready within " + READY_MS_MAX + " ms" + lastWords(first));
      }
      Pause.millis(50);
    }
  }

  /** A replica is ready when its link is up, a sentinel when it knows everybody else. */
  private boolean isReady(Node node) {
    NodeReport report = Probe.one(node);
    if (report.state() != NodeReport.State.UP) {
      return false;
    }
    if (node.isServer()) {
      return report.isMaster() || report.link().equals("up");
    }
    return report.link().equals("quorum") && Probe.knowsAll(plan, node);
  }

  private static String lastWords(Node node) {
    List<String> lines = new ArrayList<>();
    for (Path file : List.of(node.output(), node.log())) {
      try {
        List<String> all = Files.readAllLines(file);
        lines.addAll(all.subList(Math.max(0, all.size() - LOG_LINES_SHOWN), all.size()));
      } catch (IOException unreadable) {
        // A node that ended before it opened its log has said everything in its output.
        continue;
      }
    }
    return lines.isEmpty() ? "" : ":\n  " + String.join("\n  ", lines);
  }

  /**
   * Stops what runs of the cluster: sentinels first, or they would fail over what is being stopped,
   * then masters, which wait for their replicas to have everything, then the replicas.
   *
   * @return the nodes that were running
   */
  List<Node> stop() throws IOException {
    List<NodeReport> reports = Probe.all(plan);
    List<Node> stopped = new ArrayList<>();
    stopThose(stopped, reports, report -> !report.node().isServer());
    rememberRoles(reports);
    stopThose(stopped, reports, report -> report.node().isServer() && !report.isReplica());
    stopThose(stopped, reports, NodeReport::isReplica);
    return stopped;
  }

  private static void stopThose(
      List<Node> stopped, List<NodeReport> reports, Predicate<NodeReport> which) {
    List<ProcessHandle> handles = new ArrayList<>();
    for (NodeReport report : reports) {
      Optional<ProcessHandle> process = ProcessHandle.of(report.pid());
      if (report.pid() != 0 && which.test(report) && process.isPresent()) {
        handles.add(process.get());
        stopped.add(report.node());
      }
    }
    NodeProcesses.stop(handles);
  }

  private static void rememberRoles(List<NodeReport> reports) throws IOException {
    for (NodeReport report : reports) {
      if (report.isMaster() || report.isReplica()) {
        NodeConf.setMaster(report.node(), report.follows());
      }
    }
  }
}
