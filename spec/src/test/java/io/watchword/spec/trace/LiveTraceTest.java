package io.watchword.spec.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchword.compat.RawClient;
import io.watchword.spec.Spec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real servers, a chain and a promotion; what they wrote down is a behaviour of Psync2. */
class LiveTraceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BUDGET_SECONDS = 300;

  private final List<Process> servers = new ArrayList<>();
  private final List<Path> traces = new ArrayList<>();

  @TempDir Path folder;

  @AfterEach
  void stop() throws InterruptedException {
    for (Process server : servers) {
      server.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldAcceptWhatThreeServersDid() throws IOException, InterruptedException {
    int master = start();
    int middle = start("--replicaof", "127.0.0.1 " + master);
    int last = start("--replicaof", "127.0.0.1 " + middle);
    awaitLink(last);
    write(master, "first", 50);

    ask(middle, "REPLICAOF", "NO", "ONE");
    write(master, "lost", 10);
    write(middle, "kept", 10);
    ask(master, "REPLICAOF", "127.0.0.1", Integer.toString(middle));
    awaitLink(master);
    awaitLink(last);
    ask(middle, "SET", "end", "1");
    awaitKey(master, "end");
    awaitKey(last, "end");
    stop();

    TraceVerdict verdict =
        new TraceCheck(Spec.folder(), BUDGET_SECONDS).check(TraceFiles.read(traces));

    assertThat(verdict.outcome()).as(verdict.text()).isEqualTo(TraceVerdict.Outcome.ACCEPTED);
    assertThat(verdict.steps()).isGreaterThan(20);
  }

  private int start(String... more) throws IOException {
    int port = freePort();
    Path trace = folder.resolve(port + ".ndjson");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.watchword.boot.Main", "--port", Integer.toString(port)));
    command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString()));
    command.addAll(List.of("--dbfilename", port + ".rdb", "--save", ""));
    command.addAll(List.of("--repl-diskless-sync-delay", "0", "--trace-log", trace.toString()));
    for (String word : more) {
      command.addAll(List.of(word.split(" ")));
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve(port + ".log").toFile());
    servers.add(builder.start());
    traces.add(trace);
    return port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void write(int port, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(ask(port, "SET", prefix + i, "value")).contains("OK");
    }
  }

  private static void awaitLink(int port) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> ask(port, "INFO", "replication").contains("master_link_status:up"));
  }

  private static void awaitKey(int port, String key) {
    await().atMost(PATIENCE).until(() -> ask(port, "EXISTS", key).contains("1"));
  }

  private static String ask(int port, String... argv) {
    try (RawClient client = RawClient.with(port)) {
      return client.ask(argv);
    }
  }
}
