package io.watchword.compat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A stock Redis server started in a folder of its own on a port that the system gave, killed at the
 * end.
 *
 * <p>Debian's {@code redis-tools} alone suffices: its {@code redis-check-rdb} is the server's
 * binary and runs as one under the name {@code redis-server}, which a link provides. A machine that
 * has neither gets a failure that says what to install.
 */
public final class StockRedis implements AutoCloseable {
  private static final int ATTEMPTS = 5;
  private static final long READY_MS_MAX = 10_000;

  private final Process process;
  private final Path folder;
  private final int port;

  private StockRedis(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts a server that answers PING before this returns. Directives come as on Redis's command
   * line, {@code "--save", ""}; unless they say otherwise nothing is saved and DEBUG is allowed.
   */
  public static StockRedis start(String... directives) {
    for (int attempt = 1; ; attempt++) {
      StockRedis server = launch(freePort(), directives);
      if (server.becameReady()) {
        return server;
      }
      String log = server.log();
      server.close();
      if (attempt == ATTEMPTS) {
        throw new IllegalStateException("stock Redis did not start:\n" + log);
      }
    }
  }

  /**
   * Runs a stock server that is expected to refuse to start, and returns what it wrote and its exit
   * status.
   */
  public static Refusal startRefused(String... arguments) {
    try {
      Path folder = Files.createTempDirectory("stock-redis");
      Path output = folder.resolve("output.log");
      Process process = run(folder, output, List.of(arguments));
      boolean ended = process.waitFor(READY_MS_MAX, TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      Refusal refusal = new Refusal(ended ? process.exitValue() : -1, read(output));
      erase(folder);
      return refusal;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What a server that refused to start left behind; status -1 when it kept running instead. */
  public record Refusal(int status, String output) {}

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The server's {@code dir}. */
  public Path folder() {
    return folder;
  }

  /** The process id, for tests that stop or continue it. */
  public long pid() {
    return process.pid();
  }

  /** A new connection to this server. */
  public RawClient talk() {
    return RawClient.with(port);
  }

  /** Everything it has logged so far. */
  public String log() {
    return read(folder.resolve("output.log"));
  }

  /** Kills the server as {@code kill -9} does and removes its folder. */
  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    erase(folder);
  }

  private static StockRedis launch(int port, String... directives) {
    try {
      Path folder = Files.createTempDirectory("stock-redis");
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
      arguments.addAll(List.of("--dir", folder.toString(), "--save", ""));
      arguments.addAll(List.of("--enable-debug-command", "yes"));
      arguments.addAll(List.of(directives));
      Process process = run(folder, folder.resolve("output.log"), arguments);
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new StockRedis(process, folder, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process run(Path folder, Path output, List<String> arguments) throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("redis-server"), binary());
    List<String> words = new ArrayList<>();
    words.add(link.toString());
    words.addAll(arguments);
    return new ProcessBuilder(words)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .start();
  }

  private boolean becameReady() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MS_MAX);
    while (process.isAlive() && System.nanoTime() < deadline) {
      try (RawClient client = talk()) {
        String reply = client.ask("PING");
        if (reply.equals("+PONG\r\n") || reply.startsWith("-NOAUTH")) {
          // Another server could have won the port between our look and this one's bind.
          return process.isAlive();
        }
      } catch (UncheckedIOException notYet) {
        Thread.onSpinWait();
      }
    }
    return false;
  }

  private static Path binary() {
    for (String name : List.of("redis-server", "redis-check-rdb")) {
      for (String folder : System.getenv("PATH").split(":")) {
        Path candidate = Path.of(folder, name);
        if (Files.isExecutable(candidate)) {
          return candidate;
        }
      }
    }
    throw new IllegalStateException(
        "No stock Redis to compare with: install Debian's redis-tools (no service is started).");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static void erase(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
