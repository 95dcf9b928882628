package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.config.CommandLineOptions;
import io.watchword.config.Config;
import io.watchword.config.ConfigError;
import io.watchword.config.ConfigFile;
import io.watchword.config.ConfigSources;
import io.watchword.config.Directives;
import io.watchword.config.OwnLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stock Redis says to a bad file, a bad option and a bad CONFIG SET, and what we say. */
final class ConfigCompatTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo bar",
        "port 1 2",
        "port \"abc",
        "PORT abc",
        "# c\n\n   hz \"ab\\x41\"",
        "hz",
        "save 1",
        "save 1 a",
        "save 0 2",
        "save 1 2 3",
        "save \"\"1",
        "include",
        "rename-command get",
        "user",
        "loadmodule",
        "replicaof a",
        "replicaof a b",
        "slaveof a 70000",
        "a.b",
        "sentinel monitor",
        "databases 0",
        "loglevel foo",
        "client-output-buffer-limit foo 1 2 3",
        "client-output-buffer-limit normal 1 2",
        "client-output-buffer-limit normal 1 x 2",
        "maxmemory-policy foo",
        "masteruser",
        "list-max-ziplist-entries 1 2",
        "appendonly foo",
        "hz \"1\"x",
        "bind 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
        "dbfilename a/b",
        "maxclients 0",
        "hz 0x1",
        "enable-debug-command foo",
        "oom-score-adj-values a",
        "hz 10 # comment",
        "requirepass 'a'b'",
        "unixsocketperm 9",
        "repl-ping-slave-period 0",
        "maxmemory 1kk",
        "maxmemory -1",
        "repl-backlog-size 0",
        "maxmemory-clients 101%",
        "maxmemory-clients x%"
      })
  void shouldRefuseAFileInTheSameWords(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("redis.conf"), text + "\n");
    StockRedis.Refusal stock = StockRedis.startRefused(file.toString());
    assertThat(ourBlock(List.of(file.toString()))).isEqualTo(blockOf(stock));
  }

  @Test
  void shouldCountTheLinesOfOptionsAfterThoseOfTheFile() throws Exception {
    Path file = Files.writeString(folder.resolve("redis.conf"), "hz 1\n");
    for (List<String> options :
        List.of(
            List.of("--foo"),
            List.of("--port", "1", "--hz"),
            List.of("--hz", "--timeout", "1", "--bad", "x"),
            List.of("--save", "1", "--save"),
            List.of("--requirepass", "\u00e9 \"\n", "--foo", "a b"))) {
      List<String> arguments = new ArrayList<>(List.of(file.toString()));
      arguments.addAll(options);
      StockRedis.Refusal stock = StockRedis.startRefused(arguments.toArray(String[]::new));
      assertThat(ourBlock(arguments)).as("%s", options).isEqualTo(blockOf(stock));
    }
  }

  @Test
  void shouldAnswerConfigSetInTheSameWords() {
    try (StockRedis stock = StockRedis.start();
        RawClient client = stock.talk()) {
      for (List<String> pairs :
          List.of(
              List.of("foo", "bar"),
              List.of("port", "abc"),
              List.of("port", "99999999"),
              List.of("maxmemory", "abc"),
              List.of("appendonly", "maybe"),
              List.of("loglevel", "foo"),
              List.of("daemonize", "no"),
              List.of("dir", "/tmp"),
              List.of("hz", "20", "HZ", "30"),
              List.of("hz", "20", "loglevel", "bad"),
              List.of("save", "1 2 3"),
              List.of("save", "abc 1"),
              List.of("replicaof", "a 1"),
              List.of("databases", "3"),
              List.of("repl-backlog-size", "0"),
              List.of("tcp-keepalive", "-1"),
              List.of("maxclients", "0"),
              List.of("oom-score-adj-values", "1 2"),
              List.of("proto-max-bulk-len", "-1"),
              List.of("repl-backlog-size", "5%"),
              List.of("maxmemory-clients", "101%"),
              List.of("replica-announce-port", "70000"),
              List.of("slave-priority", "-5"),
              List.of("hz", ""),
              List.of("hz", "9999999999999999999"))) {
        List<String> argv = new ArrayList<>(List.of("CONFIG", "SET"));
        argv.addAll(pairs);
        String theirs = client.ask(argv.toArray(String[]::new));
        String ours =
            new Config(Directives.ALL).set(pairs).map(why -> "-ERR " + why + "\r\n").get();
        assertThat(ours).as("%s", pairs).isEqualTo(theirs);
      }
    }
  }

  @Test
  void shouldKnowEveryDirectiveOfStockRedisWithItsDefault() {
    try (StockRedis stock = StockRedis.start("--protected-mode", "yes");
        RawClient client = stock.talk()) {
      List<String> theirs = bulks(client.ask("CONFIG", "GET", "*"));
      Map<String, String> ours = new Config(Directives.ALL).matching(List.of("*"));
      List<String> setByTheHelper =
          List.of("port", "bind", "dir", "save", "enable-debug-command", "logfile", "pidfile");
      for (int i = 0; i < theirs.size(); i += 2) {
        String name = theirs.get(i);
        assertThat(ours).containsKey(name);
        if (!setByTheHelper.contains(name)) {
          assertThat(ours.get(name)).as(name).isEqualTo(theirs.get(i + 1));
        }
      }
    }
  }

  /** The bulk strings of a flat array of which none holds a line end. */
  private static List<String> bulks(String raw) {
    String[] lines = raw.split("\r\n", -1);
    List<String> found = new ArrayList<>();
    for (int i = 2; i < lines.length; i += 2) {
      found.add(lines[i]);
    }
    return found;
  }

  private static String ourBlock(List<String> arguments) {
    Config config = new Config(Directives.ALL);
    try {
      new ConfigFile(config, new Disk(), new OwnLines()).load(CommandLineOptions.of(arguments));
      return "started";
    } catch (ConfigError e) {
      return e.block("VERSION");
    }
  }

  /** What stock wrote to its standard error, without its log and with the version left out. */
  private static String blockOf(StockRedis.Refusal refusal) {
    assertThat(refusal.status()).as(refusal.output()).isEqualTo(1);
    int start = refusal.output().indexOf("\n*** FATAL");
    return refusal.output().substring(start).replaceFirst("\\(Redis [^)]*\\)", "(Redis VERSION)");
  }

  private static final class Disk implements ConfigSources {
    @Override
    public String read(String path) throws IOException {
      return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
    }

    @Override
    public List<String> matching(String pathPattern) {
      return List.of();
    }

    @Override
    public String standardInput() {
      return "";
    }
  }
}
