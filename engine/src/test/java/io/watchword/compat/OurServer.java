package io.watchword.compat;

import io.watchword.boot.DataServer;
import io.watchword.config.CommandLineOptions;
import io.watchword.config.Config;
import io.watchword.config.ConfigError;
import io.watchword.config.ConfigFile;
import io.watchword.config.ConfigSources;
import io.watchword.config.Directives;
import io.watchword.sys.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A data server of ours in this process, on a port that the system gave and in its own folder. */
public final class OurServer implements AutoCloseable {
  private final DataServer server;
  private final Path folder;
  private final List<String> log;

  private OurServer(DataServer server, Path folder, List<String> log) {
    this.server = server;
    this.folder = folder;
    this.log = log;
  }

  /** Starts a server that listens when this returns; directives as on the command line. */
  public static OurServer start(String... directives) {
    try {
      Path folder = Files.createTempDirectory("watchword");
      return startIn(folder, directives);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same in a folder that may hold the data of an earlier one; it is removed at the end. */
  public static OurServer startIn(Path folder, String... directives) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--port", "0", "--bind", "127.0.0.1"));
    arguments.addAll(List.of("--dir", folder.toString(), "--save", ""));
    arguments.addAll(List.of("--enable-debug-command", "yes"));
    arguments.addAll(List.of(directives));
    List<String> log = new CopyOnWriteArrayList<>();
    Config config = new Config(Directives.ALL);
    try {
      new ConfigFile(config, new NoSources(), words -> false)
          .load(CommandLineOptions.of(arguments));
      return new OurServer(DataServer.start(config, new ListLog(log), any -> {}), folder, log);
    } catch (ConfigError | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return server.port();
  }

  /** The server's {@code dir}. */
  public Path folder() {
    return folder;
  }

  /** A new connection to this server. */
  public RawClient talk() {
    return RawClient.with(port());
  }

  /** The texts that it has logged so far. */
  public List<String> log() {
    return log;
  }

  /** Ends the server as a kill would: nothing is saved; the folder stays. */
  public void kill() {
    server.close();
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record ListLog(List<String> lines) implements Log {
    @Override
    public boolean on(Level level) {
      return true;
    }

    @Override
    public void write(Level level, String text) {
      lines.add(text);
    }
  }

  private static final class NoSources implements ConfigSources {
    @Override
    public String read(String path) throws IOException {
      throw new IOException("no files here");
    }

    @Override
    public List<String> matching(String pathPattern) {
      return List.of();
    }

    @Override
    public String standardInput() throws IOException {
      throw new IOException("no standard input here");
    }
  }
}
