package io.watchword.sentinel.boot;

import io.watchword.compat.RawClient;
import io.watchword.config.CommandLineOptions;
import io.watchword.sentinel.config.SentinelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Three stock data nodes and three sentinels in this process, on ports that the system gave. */
final class Group {
  static final String NAME = "mymaster";
  final List<Stock> nodes = new ArrayList<>();
  final List<Integer> sentinelPorts = new ArrayList<>();
  final List<Sentinel> sentinels = new ArrayList<>();
  private final Path folder;
  private final List<Path> files = new ArrayList<>();

  Group(Path folder) throws Exception {
    this.folder = folder;
    List<Integer> ports = freePorts(9);
    for (int i = 0; i < 3; i++) {
      nodes.add(new Stock(folder.resolve("n" + i), "redis-server", ports.get(i)));
      startNode(i, i > 0);
    }
    String peers =
        "127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d"
            .formatted(ports.get(6), ports.get(7), ports.get(8));
    for (int i = 0; i < 3; i++) {
      sentinelPorts.add(ports.get(3 + i));
      files.add(write(i, ports.get(3 + i), ports.get(6 + i), peers));
      sentinels.add(null);
    }
    for (int i = 0; i < 3; i++) {
      startSentinel(i);
    }
  }

  void startNode(int i, boolean replica) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of("--port", "" + nodes.get(i).port, "--bind", "127.0.0.1", "--save", ""));
    words.addAll(List.of("--repl-diskless-sync-delay", "0"));
    if (replica) {
      words.addAll(List.of("--replicaof", "127.0.0.1 " + nodes.get(0).port));
    }
    nodes.get(i).start(words.toArray(String[]::new));
  }

  void startSentinel(int i) throws Exception {
    CommandLineOptions options = CommandLineOptions.of(List.of(files.get(i).toString()));
    SentinelConfig config = SentinelConfig.load(options, new FileSources());
    SentinelLog log = new SentinelLog(config.logfile(), config.loglevel());
    Sentinel sentinel = new Sentinel(config, log, () -> {}, why -> {});
    sentinels.set(i, sentinel);
    Thread part =
        new Thread(
            () -> {
              try {
                sentinel.run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    part.setDaemon(true);
    part.start();
  }

  void stopSentinel(int i) {
    sentinels.get(i).close();
    sentinels.set(i, null);
  }

  /** The reply of one sentinel; the empty text when it cannot be reached. */
  String ask(int i, String... words) {
    return tell(sentinelPorts.get(i), words);
  }

  static String tell(int port, String... words) {
    try (RawClient client = RawClient.with(port)) {
      return client.ask(words);
    } catch (UncheckedIOException e) {
      return "";
    }
  }

  /** The port of the master as one sentinel says; 0 when it says none. */
  int master(int i) {
    String[] lines = ask(i, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).split("\r\n");
    return lines.length == 5 ? Integer.parseInt(lines[4]) : 0;
  }

  /** Whether every running sentinel knows two replicas and a quorum. */
  boolean isReady() {
    for (int i = 0; i < 3; i++) {
      if (sentinels.get(i) != null
          && !(ask(i, "SENTINEL", "CKQUORUM", NAME).startsWith("+OK")
              && ask(i, "SENTINEL", "REPLICAS", NAME).startsWith("*2\r\n"))) {
        return false;
      }
    }
    return true;
  }

  int leader() {
    for (int i = 0; i < 3; i++) {
      if (sentinels.get(i) != null && ask(i, "INFO").contains("watchword_leader:1")) {
        return i;
      }
    }
    return -1;
  }

  /** The data node with that port. */
  int indexOf(int port) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).port == port) {
        return i;
      }
    }
    return -1;
  }

  private Path write(int i, int port, int raftPort, String peers) throws IOException {
    Path own = Files.createDirectories(folder.resolve("s" + i));
    return Files.writeString(
        own.resolve("sentinel.conf"),
        String.join(
            "\n",
            "port " + port,
            "bind 127.0.0.1",
            "dir " + own,
            "logfile " + own.resolve("log"),
            "sentinel monitor " + NAME + " 127.0.0.1 " + nodes.get(0).port + " 2",
            "sentinel down-after-milliseconds " + NAME + " 1000",
            "sentinel raft-port " + raftPort,
            "sentinel raft-peers " + peers,
            "sentinel raft-election-timeout-ms 500",
            ""));
  }

  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      held.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
      ports.add(held.get(i).getLocalPort());
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    return ports;
  }

  /** What every sentinel logged, for a failure's message. */
  String logs() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      try {
        all.append("sentinel ").append(i).append('\n');
        all.append(Files.readString(folder.resolve("s" + i).resolve("log")));
      } catch (IOException e) {
        all.append(e.getMessage());
      }
    }
    return all.toString();
  }

  void stop() throws InterruptedException {
    for (Sentinel sentinel : sentinels) {
      if (sentinel != null) {
        sentinel.close();
      }
    }
    for (Stock node : nodes) {
      node.stop();
    }
  }
}
