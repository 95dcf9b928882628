package io.watchword.spec;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs TLC in a JVM of its own, because it keeps its state in static fields and ends by {@code
 * System.exit}. Its files go to a temporary folder that is removed.
 */
public final class Tlc {
  private static final int OUTPUT_LINES_MAX = 200_000;

  private final Path spec;

  /**
   * @param spec the folder {@code spec/}, whose {@code trace/} modules may extend the others
   */
  public Tlc(Path spec) {
    this.spec = spec;
  }

  /**
   * Runs to the end, or until the budget is spent.
   *
   * @param lines told each line as it comes, on another thread
   * @throws IOException if the JVM cannot be started or its files not be written
   */
  public TlcOutput run(TlcJob job, Consumer<String> lines)
      throws IOException, InterruptedException {
    Path metadir = Files.createTempDirectory("watchword-tlc");
    long begun = System.nanoTime();
    Process process = start(job, metadir);
    Thread killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      List<String> output = new ArrayList<>();
      Thread reader = new Thread(() -> drain(process, output, lines), "tlc-output");
      reader.start();
      boolean inTime = process.waitFor(job.budgetSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly().waitFor();
      reader.join();
      double seconds = (System.nanoTime() - begun) / 1e9;
      return TlcOutput.parse(output, process.exitValue(), !inTime, seconds);
    } finally {
      process.destroyForcibly();
      removeHook(killer);
      delete(metadir);
    }
  }

  private Process start(TlcJob job, Path metadir) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(job.command(java, classPath(), metadir, spec.resolve("replication")));
    builder.directory(job.folder().toFile()).redirectErrorStream(true);
    return builder.start();
  }

  /** TLC's jar, or the one that {@code TLA_JAR} names, and our overrides. */
  static String classPath() throws IOException {
    String jar = System.getenv("TLA_JAR");
    String tlc = jar != null && !jar.isEmpty() ? jar : place(tlc2.TLC.class).toString();
    if (!Files.isRegularFile(Path.of(tlc))) {
      throw new IOException("TLA_JAR names no file: " + tlc);
    }
    return place(Tlc.class) + File.pathSeparator + tlc;
  }

  private static Path place(Class<?> type) throws IOException {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static void drain(Process process, List<String> output, Consumer<String> lines) {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (output.size() < OUTPUT_LINES_MAX) {
          output.add(line);
        }
        lines.accept(line);
      }
    } catch (IOException e) {
      // The process was stopped while it wrote: what came so far is what there is.
      lines.accept("");
    }
  }

  private static void removeHook(Thread killer) {
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // We are being shut down: the hook does its work.
      return;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
