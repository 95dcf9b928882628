package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.keyspace.Keyspace;
import io.watchword.rdb.MemoryDisk;
import io.watchword.rdb.RdbInfo;
import io.watchword.rdb.SnapshotRun;
import io.watchword.rdb.Snapshots;
import io.watchword.rdb.StepLoop;
import io.watchword.replication.SnapshotHead;
import io.watchword.replication.World;
import io.watchword.sys.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a snapshot of the master leaves on this node's disk. */
class SnapshotTransfersTest {
  private static final SnapshotRun.Settings SETTINGS =
      new SnapshotRun.Settings(true, true, 1 << 20);

  private final StepLoop loop = new StepLoop();
  private final MemoryDisk disk = new MemoryDisk();
  private final Keyspace keyspace = new Keyspace(16, 1L << 26, 1, 2);
  private final Snapshots snapshots = new Snapshots(loop, loop, loop.background, keyspace);
  private final List<String> told = new ArrayList<>();
  private final SnapshotTransfers transfers =
      new SnapshotTransfers(
          loop,
          loop,
          disk,
          new Quiet(),
          keyspace,
          snapshots,
          () -> SETTINGS,
          () -> RdbInfo.NONE,
          () -> "dump.rdb",
          () -> {},
          () -> told.add("kept"));
  private byte[] sent;

  @BeforeEach
  void makeASnapshot() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      byte[] k = ("key:" + i).getBytes(StandardCharsets.US_ASCII);
      keyspace.database(0).set(k, 0, k.length, keyspace.hash(k, 0, k.length), k, 0, 4, -1, 0);
    }
    snapshots.toFileNow(disk, "temp.rdb", "dump.rdb", SETTINGS, RdbInfo.NONE, told::add);
    assertThat(told).containsOnlyNulls();
    told.clear();
    sent = disk.content("dump.rdb");
    disk.delete("dump.rdb");
    disk.syncFolder();
  }

  @Test
  void shouldKeepOnDiskWhatItLoadedFromItsMaster() {
    load(sent);

    assertThat(told).containsExactly("kept", "loaded");
    disk.reopen(0);
    assertThat(disk.content("dump.rdb")).isEqualTo(sent);
    assertThat(disk.exists("temp-repl-in.rdb")).isFalse();
  }

  @Test
  void shouldSayOfASnapshotWhetherItHoldsDataAndOfWhichEpoch() throws IOException {
    transfers.receive(sent, 0, sent.length);
    assertThat(transfers.received()).isEqualTo(new SnapshotHead(false, -1));
    transfers.dropReceived();

    keyspace.flushAll();
    loop.settle();
    RdbInfo third = RdbInfo.NONE.inEpoch(3);
    snapshots.toFileNow(disk, "temp.rdb", "empty.rdb", SETTINGS, third, told::add);
    byte[] empty = disk.content("empty.rdb");
    for (int i = 0; i < empty.length; i++) {
      assertThat(transfers.received().empty()).isFalse();
      transfers.receive(empty, i, i + 1);
    }
    assertThat(transfers.received()).isEqualTo(new SnapshotHead(true, 3));
  }

  @Test
  void shouldNotKeepHalfASnapshot() {
    disk.put("dump.rdb", new byte[] {1});
    load(Arrays.copyOf(sent, sent.length / 2));

    assertThat(told).containsExactly("failed");
    assertThat(disk.content("dump.rdb")).containsExactly(1);
    assertThat(disk.exists("temp-repl-in.rdb")).isFalse();
  }

  private void load(byte[] payload) {
    transfers.receive(payload, 0, payload.length);
    transfers.load(
        new World.Loading() {
          @Override
          public void loaded(int db, long epoch) {
            told.add("loaded");
          }

          @Override
          public void notBegun(String why) {
            told.add("not begun");
          }

          @Override
          public void failed(String why) {
            told.add("failed");
          }
        });
    loop.settle();
  }

  private static final class Quiet implements Log {
    @Override
    public boolean on(Level level) {
      return false;
    }

    @Override
    public void write(Level level, String text) {}
  }
}
