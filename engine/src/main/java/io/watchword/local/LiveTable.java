package io.watchword.local;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The foreground of {@code up}: the table of the cluster, kept current until Ctrl-C, which stops
 * all nodes. On a terminal it is drawn over itself; in a pipe it is printed again when something
 * other than an offset has changed.
 */
final class LiveTable {
  private static final int LOOK_EVERY_MS = 500;
  private static final String UP_AND_CLEAR = "\u001b[%dA\u001b[J";

  private final ClusterPlan plan;
  private final Cluster cluster;
  private final Advice advice;
  private final Launcher launcher;
  private final boolean terminal = Boolean.getBoolean("watchword.terminal");

  /** Set by the thread that stops the nodes; a table drawn meanwhile would only show the mess. */
  private volatile boolean stopping;

  LiveTable(ClusterPlan plan, Cluster cluster, Advice advice) {
    this.plan = plan;
    this.cluster = cluster;
    this.advice = advice;
    this.launcher = Launcher.of(plan);
  }

  /** Returns when somebody else has stopped every node; Ctrl-C ends the program inside. */
  int run() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAll));
    List<NodeReport> reports = Probe.all(plan);
    List<String> hints = advice.afterStart(reports, false);
    List<String> shape = List.of();
    int drawn = 0;
    while (!stopping && reports.stream().anyMatch(report -> report.pid() != 0)) {
      List<String> lines = StatusView.table(reports, launcher);
      if (terminal) {
        if (drawn > 0) {
          System.out.printf(Locale.ROOT, UP_AND_CLEAR, drawn);
        }
        lines.forEach(System.out::println);
        hints.forEach(System.out::println);
        drawn = lines.size() + hints.size();
      } else if (!shapeOf(reports).equals(shape)) {
        lines.forEach(System.out::println);
        (shape.isEmpty() ? hints : List.of("")).forEach(System.out::println);
      }
      shape = shapeOf(reports);
      System.out.flush();
      Pause.millis(LOOK_EVERY_MS);
      reports = Probe.all(plan);
    }
    if (!stopping) {
      System.out.println("No node is running any more.");
    }
    return ExitStatus.OK;
  }

  private static List<String> shapeOf(List<NodeReport> reports) {
    return reports.stream()
        .map(report -> report.state() + report.role() + report.follows() + report.epoch())
        .toList();
  }

  private void stopAll() {
    stopping = true;
    try {
      int stopped = cluster.stop().size();
      if (stopped > 0) {
        String folder = Launcher.shown(plan.folder());
        System.out.println("\nStopped " + stopped + " nodes; their data stays in " + folder + ".");
      }
    } catch (IOException failure) {
      System.err.println("watchword: could not stop all nodes: " + failure.getMessage());
    }
  }
}
