package io.watchword.local;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the nodes of a local cluster; the exit status tells whether all of them are up. */
@Command(name = "status", description = "Shows role, epoch, offset, lag and link of every node.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private ClusterOptions which;

  @Option(names = "--json", description = "one JSON object instead of a table")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Optional<ClusterPlan> plan = which.find();
    if (plan.isEmpty()) {
      System.err.println("watchword: " + which.none());
      return ExitStatus.FAILED;
    }
    List<NodeReport> reports = Probe.all(plan.get());
    if (json) {
      System.out.println(StatusView.json(plan.get(), reports));
    } else {
      StatusView.table(reports, Launcher.of(plan.get())).forEach(System.out::println);
    }
    boolean allUp = reports.stream().allMatch(report -> report.state() == NodeReport.State.UP);
    return allUp ? ExitStatus.OK : ExitStatus.FAILED;
  }
}
