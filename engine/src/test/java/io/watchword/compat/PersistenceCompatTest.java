package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.boot.Main;
import io.watchword.keyspace.Digest;
import io.watchword.keyspace.Keyspace;
import io.watchword.rdb.KeyspaceLoader;
import io.watchword.rdb.RdbException;
import io.watchword.rdb.RdbReader;
import io.watchword.sys.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * RDB files cross over to stock Redis and back, and damaged ones are refused as it refuses them.
 */
class PersistenceCompatTest {
  private static final long SEED = Long.getLong("watchword.seed", 20_261_120);
  private static final int KEYS = 1_500;

  @Test
  void shouldWriteFilesThatStockRedisLoads(@TempDir Path folder) throws Exception {
    String digest;
    try (OurServer ours = OurServer.start();
        RawClient client = ours.talk()) {
      fill(client);
      assertThat(client.ask("SAVE")).isEqualTo("+OK\r\n");
      digest = digest(ours.folder().resolve("dump.rdb"));
      Files.copy(ours.folder().resolve("dump.rdb"), folder.resolve("dump.rdb"));
    }
    Process check =
        new ProcessBuilder("redis-check-rdb", folder.resolve("dump.rdb").toString())
            .redirectErrorStream(true)
            .start();
    assertThat(text(check)).contains("RDB looks OK!");
    assertThat(check.waitFor()).isZero();
    try (StockRedis stock = StockRedis.start("--dir", folder.toString());
        RawClient client = stock.talk()) {
      assertThat(client.ask("DEBUG", "DIGEST")).as("seed %d", SEED).isEqualTo(digest);
      assertThat(client.ask("GET", "number")).isEqualTo("$11\r\n-2147483648\r\n");
      assertThat(client.ask("TTL", "fleeting")).matches(":[1-9]\\d+\r\n");
    }
  }

  @Test
  void shouldLoadFilesThatStockRedisWrote(@TempDir Path folder) throws Exception {
    for (String compression : List.of("yes", "no")) {
      String digest;
      try (StockRedis stock = StockRedis.start("--rdbcompression", compression);
          RawClient client = stock.talk()) {
        fill(client);
        digest = client.ask("DEBUG", "DIGEST");
        assertThat(client.ask("SAVE")).isEqualTo("+OK\r\n");
        Path to = folder.resolve("dump.rdb");
        Files.deleteIfExists(to);
        Files.copy(stock.folder().resolve("dump.rdb"), to);
      }
      OurServer ours = OurServer.startIn(folder);
      try (RawClient client = ours.talk()) {
        assertThat(digest(folder.resolve("dump.rdb"))).as("seed %d", SEED).isEqualTo(digest);
        assertThat(client.ask("GET", "number")).isEqualTo("$11\r\n-2147483648\r\n");
        assertThat(client.ask("SAVE")).isEqualTo("+OK\r\n");
        assertThat(digest(folder.resolve("dump.rdb"))).as("seed %d", SEED).isEqualTo(digest);
        assertThat(ours.log())
            .contains("Loading RDB produced by version 7.0.15", "Ready to accept connections")
            .anyMatch(line -> line.matches("RDB age \\d+ seconds"))
            .anyMatch(line -> line.matches("RDB memory usage when created \\d+\\.\\d\\d Mb"))
            .anyMatch(line -> line.matches("Done loading RDB, keys loaded: \\d+, keys expired: 0."))
            .anyMatch(line -> line.matches("DB loaded from disk: \\d+\\.\\d{3} seconds"));
      } finally {
        ours.kill();
      }
    }
  }

  /** All that a process writes until it ends. */
  private static String text(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What DEBUG DIGEST answers on a server that has loaded the file. */
  private static String digest(Path file) throws IOException, RdbException {
    Keyspace keyspace = new Keyspace(16, 1L << 28, 1, 2);
    RdbReader reader = new RdbReader(16, KeyspaceLoader.asReplica(keyspace, 0, new SilentLog()));
    byte[] rdb = Files.readAllBytes(file);
    reader.feed(rdb, 0, rdb.length);
    reader.end();
    return "+" + Digest.of(keyspace) + "\r\n";
  }

  private static final class SilentLog implements Log {
    @Override
    public boolean on(Level level) {
      return false;
    }

    @Override
    public void write(Level level, String text) {}
  }

  /** Numbers of every width, strings that compress, noise, deadlines, several databases. */
  private static void fill(RawClient client) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < KEYS; i++) {
      if (i % 100 == 0) {
        client.ask("SELECT", Integer.toString(random.nextInt(16)));
      }
      String key = "key:" + i + "x".repeat(random.nextInt(10) == 0 ? random.nextInt(400) : 0);
      String value = value(random);
      if (random.nextInt(3) == 0) {
        client.ask("SET", key, value, "PX", Long.toString(1_000_000 + random.nextInt(1 << 30)));
      } else {
        client.ask("SET", key, value);
      }
    }
    client.ask("SELECT", "0");
    client.ask("SET", "number", "-2147483648");
    client.ask("SET", "fleeting", "v", "EX", "1000");
    client.ask("SET", "long", "0123456789".repeat(30_000));
  }

  private static String value(SplittableRandom random) {
    StringBuilder value = new StringBuilder();
    switch (random.nextInt(4)) {
      case 0 -> value.append(random.nextLong() >> random.nextInt(64));
      case 1 -> value.append("ab".repeat(random.nextInt(300)));
      case 2 -> {
        for (int i = random.nextInt(200); i > 0; i--) {
          value.append((char) random.nextInt(256));
        }
      }
      default -> value.append("0").append(random.nextInt(100));
    }
    return value.toString();
  }

  @Test
  void shouldAnswerSavingCommandsAsStockRedisDoes() {
    try (OurServer ours = OurServer.start();
        StockRedis stock = StockRedis.start();
        RawClient one = ours.talk();
        RawClient other = stock.talk()) {
      List<List<String>> asked =
          List.of(
              List.of("SAVE"),
              List.of("SAVE", "now"),
              List.of("BGSAVE", "now"),
              List.of("BGSAVE", "SCHEDULE", "x"),
              List.of("LASTSAVE", "x"),
              List.of("MULTI"),
              List.of("SAVE"),
              List.of("EXEC"),
              List.of("MULTI"),
              List.of("BGSAVE"),
              List.of("EXEC"));
      for (List<String> words : asked) {
        String[] argv = words.toArray(String[]::new);
        assertThat(one.ask(argv)).as("%s", words).isEqualTo(other.ask(argv));
      }
      assertThat(one.ask("LASTSAVE")).matches(":\\d{10}\r\n");
    }
  }

  @Test
  void shouldSaveInTheBackgroundAndSayWhenOneIsRunning() {
    try (OurServer ours = OurServer.start();
        RawClient client = ours.talk()) {
      fill(client);
      client.send(RawClient.request("BGSAVE") + RawClient.request("BGSAVE"));
      assertThat(client.reply()).isEqualTo("+Background saving started\r\n");
      assertThat(client.reply()).isEqualTo("-ERR Background save already in progress\r\n");
      Awaitility.await()
          .until(() -> ours.log().contains("Background saving terminated with success"));
      assertThat(ours.folder().resolve("dump.rdb")).exists();
    }
  }

  @Test
  void shouldExitWithOneAndLeaveADamagedFileAsItIs(@TempDir Path folder) throws Exception {
    byte[] whole;
    try (StockRedis stock = StockRedis.start();
        RawClient client = stock.talk()) {
      fill(client);
      client.ask("SAVE");
      whole = Files.readAllBytes(stock.folder().resolve("dump.rdb"));
    }
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 4;
    byte[] wrong = whole.clone();
    wrong[0] = 'X';
    refuses(folder, java.util.Arrays.copyOf(whole, whole.length / 2), "Unexpected EOF");
    refuses(folder, flipped, "Internal error in RDB");
    refuses(folder, wrong, "Wrong signature trying to load DB from file");
  }

  private static void refuses(Path folder, byte[] damaged, String why)
      throws IOException, InterruptedException {
    Path file = folder.resolve("dump.rdb");
    Files.write(file, damaged);
    StockRedis.Refusal stock =
        StockRedis.startRefused(
            "--port",
            "0",
            "--unixsocket",
            folder.resolve("s").toString(),
            "--dir",
            folder.toString());
    // Stock Redis exits with 1, or aborts for want of the memory that a flipped length announces.
    assertThat(stock.status()).isIn(1, 134);

    Process ours =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--port",
                "0",
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = text(ours);
    assertThat(ours.waitFor(30, TimeUnit.SECONDS)).isTrue();

    assertThat(ours.exitValue()).isEqualTo(1);
    assertThat(said).contains(why, "Fatal error loading the DB").doesNotContain("Ready to accept");
    assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
  }
}
