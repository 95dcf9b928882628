package io.watchword.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which local cluster a command means: by folder, by port base, or the only one that runs. */
final class ClusterOptions {
  @Option(
      names = "--port-base",
      paramLabel = "N",
      description = "port of the first data node; default 6379")
  Integer portBase;

  @Option(
      names = "--dir",
      paramLabel = "D",
      description = "work folder; default .watchword/<port base> beside the launcher")
  Path dir;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "prints this text")
  boolean help;

  static Path folderOf(Path root, int portBase) {
    return root.resolve(".watchword").resolve(Integer.toString(portBase));
  }

  /** The folder that the options name, whether or not a cluster is in it. */
  Path folder() {
    if (dir != null) {
      return dir.toAbsolutePath().normalize();
    }
    int base = portBase == null ? ClusterPlan.PORT_BASE_DEFAULT : portBase;
    return folderOf(Launcher.rootFolder(), base);
  }

  /**
   * The cluster that is meant. Without an option that is the one that runs, when exactly one does,
   * else the one at the default port base.
   */
  Optional<ClusterPlan> find() throws IOException {
    if (dir == null && portBase == null) {
      List<ClusterPlan> running = running();
      if (running.size() == 1) {
        return Optional.of(running.get(0));
      }
    }
    return ClusterPlan.existsIn(folder())
        ? Optional.of(ClusterPlan.load(folder()))
        : Optional.empty();
  }

  private static List<ClusterPlan> running() throws IOException {
    Path folders = Launcher.rootFolder().resolve(".watchword");
    if (!Files.isDirectory(folders)) {
      return List.of();
    }
    List<Path> found;
    try (Stream<Path> all = Files.list(folders)) {
      found = all.filter(ClusterPlan::existsIn).sorted().toList();
    }
    List<ClusterPlan> plans = new ArrayList<>();
    for (Path folder : found) {
      ClusterPlan plan = ClusterPlan.load(folder);
      if (plan.nodes().stream().anyMatch(node -> NodeProcesses.find(node).isPresent())) {
        plans.add(plan);
      }
    }
    return plans;
  }

  /** What to say when there is no cluster. */
  String none() {
    return "no cluster in " + folder();
  }
}
