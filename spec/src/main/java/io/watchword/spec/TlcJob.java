package io.watchword.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run of TLC.
 *
 * @param folder of the module
 * @param module without ending
 * @param cfg the configuration file
 * @param workers threads
 * @param walk whether to take random walks and count how often each action is taken, instead of
 *     visiting all states (counting that on a full search costs three times the search)
 * @param budgetSeconds after which it is stopped
 * @param properties system properties of its JVM, which the overrides read
 */
public record TlcJob(
    Path folder,
    String module,
    Path cfg,
    int workers,
    boolean walk,
    int budgetSeconds,
    Map<String, String> properties) {
  private static final int WALKS = 1_000;
  private static final int WALK_STEPS = 40;

  /** The command line. */
  List<String> command(String java, String classPath, Path metadir, Path libraries) {
    List<String> command = new ArrayList<>();
    command.add(java);
    // One collector thread: with several JVMs on few cores, parallel collectors wait for each other
    // (a model that took 8 s alone took minutes beside a Maven build).
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx3g", "-Xss16m"));
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("-DTLA-Library=" + libraries);
    command.addAll(List.of("-cp", classPath, "tlc2.TLC"));
    command.addAll(List.of("-workers", Integer.toString(workers)));
    command.addAll(List.of("-metadir", metadir.toString(), "-cleanup"));
    if (walk) {
      command.addAll(List.of("-coverage", "1", "-seed", "1"));
      command.addAll(List.of("-simulate", "num=" + WALKS, "-depth", "" + WALK_STEPS));
    }
    command.addAll(List.of("-config", cfg.toString(), module));
    return command;
  }
}
