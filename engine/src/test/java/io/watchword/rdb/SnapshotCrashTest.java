package io.watchword.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.keyspace.Keyspace;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The disk stops at its n-th operation, for every n: one whole file stands, the old or the new. */
class SnapshotCrashTest {
  @Test
  void shouldLeaveAWholeFileWhereverTheDiskStops() throws RdbException {
    Keyspace before = Contents.random(new SplittableRandom(1), 50);
    Keyspace after = Contents.random(new SplittableRandom(2), 2_000);
    byte[] old = Runs.save(before);
    int olds = 0;
    int news = 0;
    long stopAt = 0;
    boolean stopped = true;
    while (stopped) {
      for (int torn : new int[] {0, 1, 1 << 20}) {
        MemoryDisk disk = new MemoryDisk();
        disk.put("dump.rdb", old);
        disk.stopAfter(stopAt);

        String problem = save(after, disk);

        stopped = disk.operations() == stopAt;
        disk.reopen(torn);
        Keyspace found = Runs.load(disk.content("dump.rdb"));
        boolean isNew = Runs.same(found, after);
        assertThat(isNew || Runs.same(found, before)).as("stopped after %d", stopAt).isTrue();
        assertThat(isNew || problem != null).as("a save that succeeded is there").isTrue();
        olds += isNew ? 0 : 1;
        news += isNew ? 1 : 0;
      }
      stopAt++;
    }
    assertThat(olds).isGreaterThan(9);
    assertThat(news).isPositive();
  }

  /** Saves in slices; returns the problem, or null. */
  private static String save(Keyspace keyspace, MemoryDisk disk) {
    String[] problem = new String[1];
    StepLoop loop = new StepLoop();
    new Snapshots(loop, loop, loop.background, keyspace)
        .toFile(
            disk, "temp.rdb", "dump.rdb", Runs.SETTINGS, RdbInfo.NONE, found -> problem[0] = found);
    loop.settle();
    assertThat(keyspace.isSnapshotRunning()).isFalse();
    return problem[0];
  }

  @Test
  void shouldSayWhatFailedAndLeaveNoTemporaryFile() {
    for (long stopAt = 0; stopAt < 4; stopAt++) {
      MemoryDisk disk = new MemoryDisk();
      disk.stopAfter(stopAt);

      String problem = save(Contents.random(new SplittableRandom(3), 50), disk);

      assertThat(problem)
          .matches("(Failed opening the temp|Write error saving|Error moving temp).*disk stopped");
      assertThat(disk.exists("dump.rdb")).isFalse();
    }
  }
}
