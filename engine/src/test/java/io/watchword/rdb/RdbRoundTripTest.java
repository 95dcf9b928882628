package io.watchword.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.keyspace.Digest;
import io.watchword.keyspace.Keyspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is saved is what is loaded. */
class RdbRoundTripTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldLoadWhatItSavedWhateverThePieces(long seed) throws RdbException {
    SplittableRandom random = new SplittableRandom(seed);
    Keyspace keyspace = Contents.random(random, 600);
    SnapshotRun.Settings settings =
        new SnapshotRun.Settings(random.nextBoolean(), random.nextBoolean(), 64 << 20);
    byte[] rdb = Runs.save(keyspace, settings, RdbInfo.NONE);

    Keyspace loaded = Contents.empty();
    RdbReader reader =
        new RdbReader(Contents.DATABASES, KeyspaceLoader.asReplica(loaded, 0, Runs.SILENT));
    for (int at = 0; at < rdb.length; ) {
      int piece = Math.min(rdb.length - at, 1 + random.nextInt(random.nextBoolean() ? 50 : 90_000));
      assertThat(reader.feed(rdb, at, at + piece)).isEqualTo(piece);
      at += piece;
    }
    reader.end();

    assertThat(reader.isChecked()).isEqualTo(settings.summing());
    assertThat(loaded.size()).isEqualTo(keyspace.size());
    assertThat(Digest.of(loaded)).as("seed %d", seed).isEqualTo(Digest.of(keyspace));
  }

  @Test
  void shouldWriteTheBytesThatTheFormatNames() {
    Keyspace keyspace = Contents.empty();
    Contents.set(keyspace, 0, "k", "v".getBytes(StandardCharsets.US_ASCII), -1);
    Contents.set(keyspace, 9, "n", "-300".getBytes(StandardCharsets.US_ASCII), 1_800_000_000_000L);
    Contents.set(keyspace, 9, "a", "a".repeat(200).getBytes(StandardCharsets.US_ASCII), -1);

    String hex = HexFormat.of().formatHex(Runs.save(keyspace));

    assertThat(hex)
        .startsWith(HexFormat.of().formatHex("REDIS0010".getBytes(StandardCharsets.US_ASCII)));
    assertThat(hex).contains("fe00fb0100" + "00016b0176");
    assertThat(hex).contains("fe09fb0201");
    assertThat(hex).contains("fc00505c18a3010000" + "00016ec1d4fe");
    // 200 times an a: one literal, then a copy of 199 bytes from one byte back.
    assertThat(hex).contains("000161" + "c30540c8" + "0061e0be00");
  }

  @Test
  void shouldReadTheFileThatTheDocumentationTakesApart() throws Exception {
    Path root = Path.of(System.getProperty("watchword.root", ".."));
    StringBuilder hex = new StringBuilder();
    for (String line : Files.readAllLines(root.resolve("docs/formats/rdb.md"))) {
      if (line.matches("[0-9a-f]{8}: .*")) {
        hex.append(line, 10, Math.min(line.length(), 57));
      }
    }
    byte[] rdb = HexFormat.of().parseHex(hex.toString().replace(" ", ""));

    Keyspace keyspace = Runs.load(rdb);

    assertThat(keyspace.size()).isEqualTo(3);
    assertThat(Contents.findValue(keyspace, 9, "aaa")).hasSize(60);
  }

  @Test
  void shouldCarryWhatItSaysOfItself() throws RdbException {
    RdbInfo info = RdbInfo.NONE.history("a".repeat(40), 12_345_678_901L).selected(3).inEpoch(7);
    byte[] rdb = Runs.save(Contents.empty(), Runs.SETTINGS, info);
    KeyspaceLoader loader = KeyspaceLoader.asReplica(Contents.empty(), 0, Runs.SILENT);

    new RdbReader(1, loader).feed(rdb, 0, rdb.length);

    assertThat(loader.info().replid()).isEqualTo("a".repeat(40));
    assertThat(loader.info().replOffset()).isEqualTo(12_345_678_901L);
    assertThat(loader.info().streamDb()).isEqualTo(3);
    assertThat(loader.info().epoch()).isEqualTo(7);
    assertThat(loader.info().version()).isEqualTo("7.2.4");
    assertThat(loader.info().createdAtSeconds()).isEqualTo(1_700_000_000);
  }

  @Test
  void shouldDropKeysPastTheirDeadlineAsMasterAndKeepThemAsReplica() throws RdbException {
    Keyspace keyspace = Contents.empty();
    Contents.set(keyspace, 0, "past", new byte[1], 999);
    Contents.set(keyspace, 0, "now", new byte[1], 1000);
    Contents.set(keyspace, 0, "never", new byte[1], -1);
    byte[] rdb = Runs.save(keyspace);
    KeyspaceLoader master = KeyspaceLoader.asMaster(Contents.empty(), 1000, Runs.SILENT);
    KeyspaceLoader replica = KeyspaceLoader.asReplica(Contents.empty(), 1000, Runs.SILENT);

    new RdbReader(1, master).feed(rdb, 0, rdb.length);
    new RdbReader(1, replica).feed(rdb, 0, rdb.length);

    assertThat(master.loaded()).isEqualTo(2);
    assertThat(master.expired()).isEqualTo(1);
    assertThat(replica.loaded()).isEqualTo(3);
    assertThat(replica.expired()).isZero();
  }

  @Test
  void shouldLeaveWhatFollowsTheSnapshotToTheCaller() throws RdbException {
    byte[] rdb = Runs.save(Contents.random(new SplittableRandom(1), 20));
    byte[] more = java.util.Arrays.copyOf(rdb, rdb.length + 5);
    for (int cut = 0; cut < rdb.length; cut += 97) {
      RdbReader reader =
          new RdbReader(16, KeyspaceLoader.asReplica(Contents.empty(), 0, Runs.SILENT));
      assertThat(reader.feed(more, 0, cut)).isEqualTo(cut);
      assertThat(reader.feed(more, cut, more.length)).isEqualTo(rdb.length - cut);
      assertThat(reader.isDone()).isTrue();
    }
  }
}
