package io.watchword.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts, finds and stops the processes of a cluster.
 *
 * <p>A process belongs to a node when the node's configuration file stands among its arguments.
 * That holds whoever started it and cannot go stale, as a file with a pid in it does after a crash;
 * the pid file in the node's folder is for people and scripts.
 */
final class NodeProcesses {
  private static final long STOP_MS_MAX = 20_000;
  private static final String PID_FILE = "pid";

  private final Path root;

  /**
   * @param root the folder that holds the launcher
   */
  NodeProcesses(Path root) {
    this.root = root;
  }

  /** The words that start a node by hand. */
  List<String> command(Node node) {
    return List.of(root.resolve("watchword").toString(), node.kind().word, node.conf().toString());
  }

  /**
   * Starts a node in a session of its own, so that Ctrl-C in this terminal reaches only us and the
   * nodes are stopped in order.
   *
   * @param serversHere how many data nodes share this machine's memory
   */
  ProcessHandle start(Node node, int serversHere) throws IOException {
    List<String> words = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      words.add("/usr/bin/setsid");
    }
    words.addAll(command(node));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("WATCHWORD_NO_BUILD", "1");
    builder.environment().put("WATCHWORD_NODES", Integer.toString(serversHere));
    builder.environment().put("WATCHWORD_JAVA", System.getProperty("java.home"));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(node.output().toFile());
    ProcessHandle process = builder.start().toHandle();
    Files.writeString(node.folder().resolve(PID_FILE), process.pid() + "\n");
    return process;
  }

  /** The running process of a node, however it was started. */
  static Optional<ProcessHandle> find(Node node) {
    String conf = node.conf().toString();
    return ProcessHandle.allProcesses().filter(process -> runs(process, node, conf)).findFirst();
  }

  /** A server runs in Java; an editor that has the file open is not the node. */
  private static boolean runs(ProcessHandle process, Node node, String conf) {
    List<String> words = commandLine(process);
    return !words.isEmpty()
        && words.contains(conf)
        && (words.contains(node.kind().word) || words.get(0).endsWith("java"));
  }

  private static List<String> commandLine(ProcessHandle process) {
    Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    try {
      if (Files.isReadable(file)) {
        String line = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return Arrays.asList(line.split("\0"));
      }
    } catch (IOException gone) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    process.info().command().ifPresent(words::add);
    process.info().arguments().ifPresent(rest -> words.addAll(Arrays.asList(rest)));
    return words;
  }

  /**
   * Asks the processes to end, all at once, and kills those that have not after 20 seconds.
   *
   * @return how many had to be killed
   */
  static int stop(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MS_MAX);
    int killed = 0;
    for (ProcessHandle process : processes) {
      if (!endsBefore(process, deadline)) {
        process.destroyForcibly();
        endsBefore(process, System.nanoTime() + TimeUnit.SECONDS.toNanos(2));
        killed++;
      }
    }
    return killed;
  }

  private static boolean endsBefore(ProcessHandle process, long deadline) {
    while (process.isAlive()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      Pause.millis(10);
    }
    return true;
  }
}
