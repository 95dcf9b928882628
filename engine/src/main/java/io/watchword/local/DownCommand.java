package io.watchword.local;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops a local cluster; its data stays and the next {@code up} resumes it. */
@Command(name = "down", description = "Stops the cluster; its data stays in the work folder.")
final class DownCommand implements Callable<Integer> {
  @Mixin private ClusterOptions which;

  @Override
  public Integer call() throws IOException {
    Optional<ClusterPlan> plan = which.find();
    if (plan.isEmpty()) {
      System.out.println("Nothing to stop: " + which.none() + ".");
      return ExitStatus.OK;
    }
    List<Node> stopped = new Cluster(plan.get(), Launcher.rootFolder()).stop();
    String folder = Launcher.shown(plan.get().folder());
    System.out.println("Stopped " + stopped.size() + " nodes; their data stays in " + folder + ".");
    return ExitStatus.OK;
  }
}
