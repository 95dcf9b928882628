package io.watchword.sentinel.live;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A master, replicas and sentinels as processes of their own, from the classes under test, so that
 * a kill is a kill. Ports are the system's; folders and logs are under the folder given.
 */
final class LiveCluster implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  private final Path folder;
  private final List<Integer> dataPorts;
  private final List<Integer> sentinelPorts;
  private final Map<Integer, Process> processes = new TreeMap<>();

  private LiveCluster(Path folder, List<Integer> dataPorts, List<Integer> sentinelPorts) {
    this.folder = folder;
    this.dataPorts = dataPorts;
    this.sentinelPorts = sentinelPorts;
  }

  /** Starts one master, two replicas and three sentinels with down-after 1000 ms. */
  static LiveCluster start(Path folder) throws IOException {
    List<Integer> ports = freePorts(9);
    LiveCluster cluster = new LiveCluster(folder, ports.subList(0, 3), ports.subList(3, 6));
    List<Integer> raftPorts = ports.subList(6, 9);
    for (int port : cluster.dataPorts) {
      cluster.startData(port);
    }
    String peers =
        raftPorts.stream().map(port -> LOOPBACK + ":" + port).collect(Collectors.joining(","));
    for (int i = 0; i < 3; i++) {
      cluster.startSentinel(cluster.sentinelPorts.get(i), raftPorts.get(i), peers);
    }
    return cluster;
  }

  List<Integer> dataPorts() {
    return dataPorts;
  }

  List<Integer> sentinelPorts() {
    return sentinelPorts;
  }

  /** Starts a data node on its port; the first is the master, the others its replicas. */
  void startData(int port) throws IOException {
    Path home = Files.createDirectories(folder.resolve("data-" + port));
    List<String> lines = new ArrayList<>();
    lines.add("port " + port);
    lines.add("bind " + LOOPBACK);
    lines.add("dir " + home);
    lines.add("logfile " + home.resolve("log"));
    lines.add("repl-diskless-sync-delay 0");
    if (port != dataPorts.get(0)) {
      lines.add("replicaof " + LOOPBACK + " " + dataPorts.get(0));
    }
    launch(port, home, "io.watchword.boot.Main", lines);
  }

  private void startSentinel(int port, int raftPort, String peers) throws IOException {
    Path home = Files.createDirectories(folder.resolve("sentinel-" + port));
    launch(
        port,
        home,
        "io.watchword.sentinel.boot.Main",
        List.of(
            "port " + port,
            "bind " + LOOPBACK,
            "dir " + home,
            "logfile " + home.resolve("log"),
            "sentinel monitor mymaster " + LOOPBACK + " " + dataPorts.get(0) + " 2",
            "sentinel down-after-milliseconds mymaster 1000",
            "sentinel raft-election-timeout-ms 500",
            "sentinel raft-port " + raftPort,
            "sentinel raft-peers " + peers));
  }

  private void launch(int port, Path home, String main, List<String> lines) throws IOException {
    Path file = Files.write(home.resolve("conf"), lines);
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dsofa.middleware.log.disable=true",
                "-cp",
                classPath,
                main,
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("out").toFile())
            .start();
    processes.put(port, process);
  }

  /** kill -9. */
  void kill(int port) {
    processes.get(port).destroyForcibly().onExit().join();
  }

  /** What every node logged, for the message of a failing test. */
  String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.endsWith("log") || f.endsWith("out")).toList()) {
        if (Files.isRegularFile(file)) {
          all.append("== ").append(folder.relativize(file)).append('\n');
          all.append(Files.readString(file));
        }
      }
    }
    return all.toString();
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
    processes.values().forEach(process -> process.onExit().join());
  }

  /** Ports that nobody listened on a moment ago, all different. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK));
        sockets.add(socket);
        ports.add(socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return ports;
  }
}
