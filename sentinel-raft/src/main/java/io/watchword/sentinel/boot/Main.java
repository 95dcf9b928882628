package io.watchword.sentinel.boot;

import io.watchword.config.BadValue;
import io.watchword.config.CommandLineOptions;
import io.watchword.config.ConfigError;
import io.watchword.sentinel.config.SentinelConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The sentinel's entry: {@code FILE [--directive value ...]}. */
public final class Main {
  private static final String REDIS_VERSION = "7.2.4";

  private static final int CLOSE_MS_MAX = 5000;

  private Main() {}

  /**
   * Runs until SIGTERM, SIGINT or SHUTDOWN; exit status 0 then, 1 when it cannot start or go on.
   */
  public static void main(String[] args) {
    // JRaft and Bolt log through SLF4J, which has no provider here: our own lines say what matters.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.setProperty("sofa.middleware.log.disable", "true");
    System.setProperty("sofa.middleware.log.internal.level", "ERROR");
    // Bolt's pool for requests without a pool of their own; ours have one.
    System.setProperty("bolt.tp.min", "2");
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) {
    SentinelConfig config;
    SentinelLog log;
    try {
      CommandLineOptions options = CommandLineOptions.of(args);
      if (options.file().isEmpty()) {
        System.err.println("Sentinel needs config file on disk to save state. Exiting...");
        return 1;
      }
      config = SentinelConfig.load(options, new FileSources());
      log = new SentinelLog(config.logfile(), config.loglevel());
    } catch (ConfigError e) {
      System.err.print(e.block(REDIS_VERSION));
      return 1;
    } catch (BadValue | IOException e) {
      System.err.print(
          "\n*** FATAL CONFIG FILE ERROR (Redis "
              + REDIS_VERSION
              + ") ***\n"
              + e.getMessage()
              + "\n");
      return 1;
    }
    return serve(config, log);
  }

  private static int serve(SentinelConfig config, SentinelLog log) {
    long pid = ProcessHandle.current().pid();
    CountDownLatch ended = new CountDownLatch(1);
    int[] status = {0};
    CountDownLatch closed = new CountDownLatch(1);
    // A JVM ends with 143 after SIGTERM; Redis ends with 0. Only a halt from within decides.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> terminated(log, ended, closed), "term"));
    try (Sentinel sentinel =
        new Sentinel(
            config,
            log,
            ended::countDown,
            why -> {
              log.line(SentinelLog.Level.WARNING, "This sentinel cannot go on: " + why);
              status[0] = 1;
              ended.countDown();
            })) {
      writePid(config.pidfile(), pid);
      log.line(
          SentinelLog.Level.NOTICE,
          "Running mode=sentinel, port=" + config.port() + ". PID: " + pid);
      Thread part = new Thread(() -> takePart(sentinel, log, status, ended), "start");
      part.setDaemon(true);
      part.start();
      ended.await();
      log.line(SentinelLog.Level.WARNING, "Sentinel is now ready to exit, bye bye...");
    } catch (IOException e) {
      log.line(
          SentinelLog.Level.WARNING,
          "Failed listening on port " + config.port() + ": " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      return 1;
    } finally {
      removePid(config.pidfile(), pid);
      closed.countDown();
    }
    return status[0];
  }

  /** Runs on SIGTERM and SIGINT, and harmlessly after a normal end. */
  private static void terminated(SentinelLog log, CountDownLatch ended, CountDownLatch closed) {
    if (ended.getCount() == 0) {
      return;
    }
    log.line(SentinelLog.Level.WARNING, "Received SIGTERM scheduling shutdown...");
    ended.countDown();
    try {
      closed.await(CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }

  private static void takePart(
      Sentinel sentinel, SentinelLog log, int[] status, CountDownLatch ended) {
    try {
      sentinel.run();
    } catch (IOException e) {
      log.line(SentinelLog.Level.WARNING, "Cannot take part: " + e.getMessage());
      status[0] = 1;
      ended.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      StringWriter stack = new StringWriter();
      e.printStackTrace(new PrintWriter(stack));
      log.line(SentinelLog.Level.WARNING, "Cannot take part, a defect: " + stack);
      status[0] = 1;
      ended.countDown();
    }
  }

  private static void writePid(String file, long pid) throws IOException {
    if (!file.isEmpty()) {
      Files.writeString(Path.of(file), pid + "\n", StandardCharsets.US_ASCII);
    }
  }

  /** A start that failed leaves the file of the sentinel that runs. */
  static void removePid(String file, long pid) {
    try {
      if (!file.isEmpty() && Files.readString(Path.of(file)).strip().equals(Long.toString(pid))) {
        Files.deleteIfExists(Path.of(file));
      }
    } catch (IOException e) {
      // The file was never written, or is gone.
      return;
    }
  }
}
