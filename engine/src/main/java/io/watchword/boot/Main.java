package io.watchword.boot;

import io.watchword.config.BadValue;
import io.watchword.config.CommandLineOptions;
import io.watchword.config.Config;
import io.watchword.config.ConfigError;
import io.watchword.config.ConfigFile;
import io.watchword.config.ConfigSources;
import io.watchword.config.Directives;
import io.watchword.config.OwnLines;
import io.watchword.os.LineLog;
import io.watchword.os.OsConfigSources;
import io.watchword.os.Signals;
import io.watchword.sys.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The data server's process: {@code [FILE|-] [--directive value ...]}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Config config = new Config(Directives.ALL);
    config.checkedBy(Directives.DIR, Main::checkFolder);
    try {
      CommandLineOptions options = CommandLineOptions.of(List.of(args));
      new ConfigFile(config, sources(), new OwnLines()).load(options);
    } catch (ConfigError e) {
      System.err.print(e.block(Version.REDIS));
      System.exit(1);
    }
    run(config);
  }

  private static void checkFolder(String folder) throws BadValue {
    if (!Files.isDirectory(Path.of(folder))) {
      throw new BadValue("No such file or directory");
    }
  }

  /** Writes the pid where supervisors look for it; the file goes when the process does. */
  private static void writePid(Config config, LineLog log) {
    String given = config.get(Directives.PIDFILE);
    boolean daemon = config.get(Directives.DAEMONIZE);
    if (given.isEmpty() && !daemon) {
      return;
    }
    Path file = Path.of(given.isEmpty() ? "/var/run/redis.pid" : given);
    try {
      Files.writeString(file, ProcessHandle.current().pid() + "\n");
      file.toFile().deleteOnExit();
    } catch (IOException e) {
      log.warning("Failed to write PID file: " + e.getMessage());
    }
  }

  private static void sayWhatHasNoEffect(Config config, LineLog log) {
    List<String> names = config.withoutEffect();
    if (!names.isEmpty()) {
      log.warning(
          "Given, but without effect here (docs/COMPATIBILITY.md says why): "
              + String.join(", ", names));
    }
  }

  private static void run(Config config) {
    LineLog log = openLog(config);
    log.warning("oO0OoO0OoO0Oo Watchword is starting oO0OoO0OoO0Oo");
    log.warning(
        "Watchword version="
            + Version.WATCHWORD
            + ", compatible with Redis "
            + Version.REDIS
            + ", bits=64, pid="
            + ProcessHandle.current().pid()
            + ", just started");
    writePid(config, log);
    sayWhatHasNoEffect(config, log);
    try {
      DataServer server = DataServer.open(config, log, System::exit);
      log.role(() -> server.isReplica() ? 'S' : 'M');
      Signals.on("TERM", server::signalled);
      Signals.on("INT", server::signalled);
      server.load();
      server.join();
    } catch (IOException e) {
      log.warning("Failed listening on port " + config.get(Directives.PORT) + " (tcp), aborting.");
      System.exit(1);
    }
  }

  private static LineLog openLog(Config config) {
    try {
      LineLog log =
          LineLog.open(
              config.get(Directives.LOGFILE), 'M', LineLog.level(config.get(Directives.LOGLEVEL)));
      config.appliedBy(Directives.LOGLEVEL, word -> log.level(LineLog.level(word)));
      return log;
    } catch (IOException e) {
      System.err.println("Can't open the log file: " + e.getMessage());
      System.exit(1);
      throw new IllegalStateException(e);
    }
  }

  private static ConfigSources sources() {
    return new ConfigSources() {
      @Override
      public String read(String path) throws IOException {
        return OsConfigSources.read(path);
      }

      @Override
      public List<String> matching(String pathPattern) {
        return OsConfigSources.matching(pathPattern);
      }

      @Override
      public String standardInput() throws IOException {
        return OsConfigSources.standardInput();
      }
    };
  }
}
