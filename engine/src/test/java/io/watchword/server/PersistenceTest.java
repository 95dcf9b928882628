package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.Stats;
import io.watchword.config.Config;
import io.watchword.config.Directives;
import io.watchword.config.ManyWords.SavePoint;
import io.watchword.keyspace.Keyspace;
import io.watchword.rdb.MemoryDisk;
import io.watchword.rdb.RdbInfo;
import io.watchword.rdb.Snapshots;
import io.watchword.rdb.StepLoop;
import io.watchword.sys.Log;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When saves happen, what a failed one means, and what INFO and the log say of it. */
class PersistenceTest {
  private final StepLoop loop = new StepLoop();
  private final MemoryDisk disk = new MemoryDisk();
  private final Config config = new Config(Directives.ALL);
  private final Stats stats = new Stats();
  private final Keyspace keyspace = new Keyspace(16, 1L << 26, 1, 2);
  private final List<String> log = new ArrayList<>();
  private final Snapshots snapshots = new Snapshots(loop, loop, loop.background, keyspace);
  private final Persistence persistence =
      new Persistence(
          loop,
          snapshots,
          loop,
          () -> disk,
          new SaveSettings(config, 4711, 1 << 20),
          stats,
          new ListLog(log));

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

  private void set(int keys) {
    for (int i = 0; i < keys; i++) {
      byte[] k = ("key:" + i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      keyspace.database(0).set(k, 0, k.length, keyspace.hash(k, 0, k.length), k, 0, 4, -1, 0);
      stats.changes++;
    }
  }

  private List<String> info() {
    StartLoad load = new StartLoad(loop, loop.background, loop, keyspace, new ListLog(log));
    return new PersistenceInfo(persistence, load).lines();
  }

  @Test
  void shouldSaveAtASavePointAndCountChangesFromItsBeginning() {
    config.put(Directives.SAVE, List.of(new SavePoint(60, 10)));
    set(10);
    loop.pass(60_000);
    persistence.tick();
    assertThat(persistence.isSaving()).isFalse();
    loop.pass(1_000);
    persistence.tick();
    assertThat(persistence.isSaving()).isTrue();
    assertThat(info()).contains("rdb_bgsave_in_progress:1", "rdb_changes_since_last_save:10");
    set(3);
    loop.pass(2_000);
    loop.settle();

    assertThat(log)
        .containsExactly(
            "10 changes in 60 seconds. Saving...",
            "Background saving started by pid 4711",
            "DB saved on disk",
            "Background saving terminated with success");
    assertThat(info())
        .contains(
            "rdb_bgsave_in_progress:0",
            "rdb_changes_since_last_save:3",
            "rdb_last_bgsave_status:ok",
            "rdb_last_bgsave_time_sec:2",
            "rdb_saves:1",
            "rdb_last_save_time:" + loop.millis() / 1000);
  }

  @Test
  void shouldRefuseWritesWhileSavesFailAndRetryAfterFiveSeconds() {
    config.put(Directives.SAVE, List.of(new SavePoint(60, 1)));
    set(5);
    disk.stopAfter(0);
    persistence.begin();
    loop.settle();

    assertThat(persistence.findMisconf()).startsWith("MISCONF Redis is configured to save RDB");
    assertThat(info()).contains("rdb_last_bgsave_status:err", "rdb_saves:0");
    assertThat(log).contains("Background saving error");
    config.put(Directives.STOP_WRITES_ON_BGSAVE_ERROR, false);
    assertThat(persistence.findMisconf()).isNull();
    config.put(Directives.STOP_WRITES_ON_BGSAVE_ERROR, true);
    disk.stopAfter(Long.MAX_VALUE);
    persistence.schedule();
    persistence.tick();
    assertThat(persistence.isSaving()).isFalse();
    loop.pass(5_001);
    persistence.tick();
    loop.settle();

    assertThat(persistence.findMisconf()).isNull();
    assertThat(disk.exists("dump.rdb")).isTrue();
    assertThat(disk.exists("temp-4711.rdb")).isFalse();
  }

  @Test
  void shouldGiveUpARunningSaveForFlushAllAndForTheFinalOne() {
    set(5);
    persistence.begin();
    persistence.beforeFlushAll();
    keyspace.flushAll();
    persistence.afterFlushAll();

    assertThat(persistence.isSaving()).isFalse();
    assertThat(info()).contains("rdb_last_bgsave_status:ok");
    set(5);
    persistence.begin();
    assertThat(persistence.saveFinally(false)).isEmpty();
    loop.settle();
    assertThat(persistence.isSaving()).isFalse();
    assertThat(disk.exists("dump.rdb")).isTrue();
    assertThat(log).contains("Saving the final RDB snapshot before exiting.");
  }

  @Test
  void shouldSaveAfterFlushAllOnlyOnceItsTurnIsOver() {
    long[] offset = {100};
    List<Long> asked = new ArrayList<>();
    persistence.info(
        () -> {
          asked.add(offset[0]);
          return RdbInfo.NONE;
        });
    persistence.beforeFlushAll();
    persistence.afterFlushAll();
    offset[0] = 120;
    loop.settle();

    assertThat(asked).containsExactly(120L);
    assertThat(disk.exists("dump.rdb")).isTrue();
  }

  @Test
  void shouldNotSaveHalfOfWhatIsLoadedAfterAFlushAll() {
    persistence.beforeFlushAll();
    persistence.afterFlushAll();
    persistence.giveUp("another data set is about to be loaded");
    loop.settle();

    assertThat(disk.exists("dump.rdb")).isFalse();
  }

  @Test
  void shouldNotSaveFinallyWithoutSavePointsUnlessTold() {
    config.put(Directives.SAVE, List.of());
    assertThat(persistence.saveFinally(false)).isEmpty();
    assertThat(disk.exists("dump.rdb")).isFalse();
    assertThat(persistence.saveFinally(true)).isEmpty();
    assertThat(disk.exists("dump.rdb")).isTrue();
    disk.stopAfter(0);
    assertThat(persistence.saveFinally(true)).isPresent();
  }

  @Test
  void shouldSayLoadingUntilTheFileIsTakenInAndFailOnADamagedOne() {
    set(20_000);
    assertThat(persistence.saveNow()).isTrue();
    byte[] whole = disk.content("dump.rdb");
    List<String> endings = new ArrayList<>();
    Keyspace other = new Keyspace(16, 1L << 26, 1, 2);
    StartLoad load = new StartLoad(loop, loop.background, loop, other, new ListLog(log));
    assertThat(load.isLoading()).isTrue();

    load.begin(disk, "dump.rdb", true, new Told(endings));
    assertThat(endings).isEmpty();
    assertThat(new PersistenceInfo(persistence, load).lines())
        .contains("loading:1", "loading_total_bytes:" + whole.length);
    loop.settle();
    assertThat(endings).containsExactly("loaded 7.2.4");
    assertThat(load.isLoading()).isFalse();
    assertThat(other.size()).isEqualTo(20_000);

    for (int length : new int[] {0, 5, 100, whole.length - 1}) {
      disk.put("dump.rdb", java.util.Arrays.copyOf(whole, length));
      endings.clear();
      log.clear();
      Keyspace third = new Keyspace(16, 1L << 26, 1, 2);
      StartLoad damaged = new StartLoad(loop, loop.background, loop, third, new ListLog(log));
      damaged.begin(disk, "dump.rdb", true, new Told(endings));
      loop.settle();
      assertThat(endings).containsExactly("failed");
      assertThat(log)
          .contains("Short read or OOM loading DB. Unrecoverable error, aborting now.")
          .anyMatch(line -> line.startsWith("Internal error in RDB reading offset "));
      assertThat(disk.content("dump.rdb")).hasSize(length);
    }
  }

  @Test
  void shouldStartEmptyWithoutAFile() {
    List<String> endings = new ArrayList<>();
    StartLoad load = new StartLoad(loop, loop.background, loop, keyspace, new ListLog(log));
    load.begin(disk, "dump.rdb", true, new Told(endings));

    assertThat(endings).containsExactly("loaded ");
    assertThat(load.isLoading()).isFalse();
  }

  private record Told(List<String> endings) implements StartLoad.Ending {
    @Override
    public void loaded(RdbInfo info) {
      endings.add("loaded " + info.version());
    }

    @Override
    public void failed() {
      endings.add("failed");
    }
  }
}
