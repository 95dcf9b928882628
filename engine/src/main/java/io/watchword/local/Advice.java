package io.watchword.local;

import java.util.ArrayList;
import java.util.List;

/** What a newcomer may type next, with the ports and pids of this very cluster. */
final class Advice {
  private final ClusterPlan plan;
  private final Launcher launcher;

  Advice(ClusterPlan plan, Launcher launcher) {
    this.plan = plan;
    this.launcher = launcher;
  }

  /** Lines to print once all nodes are ready. */
  List<String> afterStart(List<NodeReport> reports, boolean detached) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Try next" + (detached ? ":" : " (in another terminal):"));
    NodeReport master =
        reports.stream().filter(NodeReport::isMaster).findFirst().orElse(reports.get(0));
    lines.add("  " + cli(master.node().port(), "set greeting hello"));
    reports.stream()
        .filter(NodeReport::isReplica)
        .findFirst()
        .ifPresent(replica -> lines.add("  " + cli(replica.node().port(), "get greeting")));
    if (plan.sentinels() > 0) {
      lines.add("  kill -9 " + master.pid() + "     # then watch a replica take over:");
      int port = plan.sentinelNodes().get(0).port();
      lines.add("  " + cli(port, "sentinel get-master-addr-by-name " + ClusterPlan.MASTER_NAME));
      String restart = "up --restart " + master.node().name();
      lines.add("  " + launcher.says(restart + launcher.clusterOption()));
    }
    lines.add(
        detached
            ? "  " + launcher.says("down" + launcher.clusterOption())
            : "Ctrl-C stops all nodes; their data stays.");
    return lines;
  }

  private String cli(int port, String words) {
    return launcher.says("cli -p " + port + " " + words);
  }
}
