package io.watchword.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Brings a local cluster up, resumes one that was stopped, or starts one dead node again. */
@Command(
    name = "up",
    description = "Starts a master, its replicas and their sentinels on this machine.")
final class UpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ClusterOptions which;

  @Option(names = "--detach", description = "returns when every node is ready; down stops it")
  private boolean detach;

  @Option(names = "--replicas", paramLabel = "N", description = "default 2, at most 9")
  private Integer replicas;

  @Option(
      names = "--sentinels",
      paramLabel = "N",
      description = "default 3, at most 9; with 0 nobody fails over but you")
  private Integer sentinels;

  @Option(names = "--restart", paramLabel = "NODE", description = "starts one dead node again")
  private String restart;

  @Override
  public Integer call() throws IOException {
    ClusterPlan plan = plan();
    Cluster cluster = new Cluster(plan, Launcher.rootFolder());
    try {
      return restart == null ? startAll(plan, cluster) : restartOne(plan, cluster);
    } catch (Cluster.StartFailed failure) {
      System.err.println("watchword: " + failure.getMessage());
      return ExitStatus.FAILED;
    }
  }

  /** The cluster in the folder, or a new one; options that contradict the former are refused. */
  private ClusterPlan plan() throws IOException {
    Path folder = which.folder();
    if (restart != null) {
      return which.find().orElseThrow(() -> new IOException(which.none()));
    }
    if (!ClusterPlan.existsIn(folder)) {
      try {
        return new ClusterPlan(
            folder,
            which.portBase == null ? ClusterPlan.PORT_BASE_DEFAULT : which.portBase,
            replicas == null ? ClusterPlan.REPLICAS_DEFAULT : replicas,
            sentinels == null ? ClusterPlan.SENTINELS_DEFAULT : sentinels);
      } catch (IllegalArgumentException outOfRange) {
        throw new ParameterException(spec.commandLine(), outOfRange.getMessage());
      }
    }
    ClusterPlan plan = ClusterPlan.load(folder);
    requireSame(plan, "--port-base", which.portBase, plan.portBase());
    requireSame(plan, "--replicas", replicas, plan.replicas());
    requireSame(plan, "--sentinels", sentinels, plan.sentinels());
    return plan;
  }

  private void requireSame(ClusterPlan plan, String option, Integer asked, int has) {
    if (asked != null && asked != has) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT,
              "%s %d: the cluster in %s has %d; remove that folder or name another one",
              option,
              asked,
              plan.folder(),
              has));
    }
  }

  private Integer startAll(ClusterPlan plan, Cluster cluster) throws IOException {
    List<NodeReport> before = Probe.all(plan);
    long running = before.stream().filter(report -> report.pid() != 0).count();
    if (running > 0) {
      System.out.println("The cluster in " + Launcher.shown(plan.folder()) + " is up already:");
      StatusView.table(before, Launcher.of(plan)).forEach(System.out::println);
      return detach && running == before.size() ? ExitStatus.OK : ExitStatus.FAILED;
    }
    if (hasTakenPort(plan.ports())) {
      return ExitStatus.ENVIRONMENT;
    }
    boolean resumed = ClusterPlan.existsIn(plan.folder());
    System.out.println(
        (resumed ? "Resuming the cluster in " : "Starting a cluster in ")
            + Launcher.shown(plan.folder()));
    cluster.start();
    Advice advice = new Advice(plan, Launcher.of(plan));
    if (detach) {
      List<NodeReport> now = Probe.all(plan);
      StatusView.table(now, Launcher.of(plan)).forEach(System.out::println);
      advice.afterStart(now, true).forEach(System.out::println);
      return ExitStatus.OK;
    }
    return new LiveTable(plan, cluster, advice).run();
  }

  private Integer restartOne(ClusterPlan plan, Cluster cluster) throws IOException {
    Node node =
        plan.nodes().stream()
            .filter(one -> one.name().equals(restart) || restart.equals("" + one.port()))
            .findFirst()
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "no node '"
                            + restart
                            + "'; there are "
                            + String.join(", ", plan.nodes().stream().map(Node::name).toList())));
    if (NodeProcesses.find(node).isPresent()) {
      System.err.println("watchword: " + node.name() + " is running");
      return ExitStatus.FAILED;
    }
    List<Integer> ports =
        node.isServer() ? List.of(node.port()) : List.of(node.port(), ClusterPlan.raftPort(node));
    if (hasTakenPort(ports)) {
      return ExitStatus.ENVIRONMENT;
    }
    cluster.restart(node);
    StatusView.table(Probe.all(plan), Launcher.of(plan)).forEach(System.out::println);
    return ExitStatus.OK;
  }

  private static boolean hasTakenPort(List<Integer> ports) {
    List<String> taken = Ports.taken(ports);
    taken.forEach(sentence -> System.err.println("watchword: " + sentence));
    return !taken.isEmpty();
  }
}
