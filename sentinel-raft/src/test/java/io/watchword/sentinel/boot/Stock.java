package io.watchword.sentinel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A stock Redis process on a given port, which can be killed and started again in its folder. */
final class Stock {
  final int port;
  private final Path folder;
  private final String program;
  private Process process;

  /**
   * @param program {@code redis-server} or {@code redis-sentinel}: the name decides the mode
   */
  Stock(Path folder, String program, int port) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.program = program;
    this.port = port;
  }

  void start(String... arguments) throws IOException {
    // Debian's redis-check-rdb is the server's binary: under what name it runs decides what it
    // does.
    String shell = "exec -a \"$0\" \"$@\"";
    List<String> words = new ArrayList<>(List.of("bash", "-c", shell, program));
    words.add(binary().toString());
    words.addAll(List.of(arguments));
    process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void stop() throws InterruptedException {
    if (process != null) {
      kill();
    }
  }

  private static Path binary() {
    for (String name : List.of("redis-server", "redis-check-rdb")) {
      for (String each : System.getenv("PATH").split(":")) {
        if (Files.isExecutable(Path.of(each, name))) {
          return Path.of(each, name);
        }
      }
    }
    throw new IllegalStateException("No stock Redis: install Debian's redis-tools.");
  }
}
