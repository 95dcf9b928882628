package io.watchword.rdb;

import io.watchword.keyspace.Digest;
import io.watchword.keyspace.Keyspace;
import io.watchword.sys.Log;
import java.util.Objects;

/** Whole snapshots in one call, for tests whose subject is something else. */
final class Runs {
  static final SnapshotRun.Settings SETTINGS = new SnapshotRun.Settings(true, true, 64 << 20);

  static final Log SILENT =
      new Log() {
        @Override
        public boolean on(Level level) {
          return false;
        }

        @Override
        public void write(Level level, String text) {}
      };

  private Runs() {}

  static byte[] save(Keyspace keyspace) {
    return save(keyspace, SETTINGS, RdbInfo.NONE);
  }

  static byte[] save(Keyspace keyspace, SnapshotRun.Settings settings, RdbInfo info) {
    MemoryDisk disk = new MemoryDisk();
    StepLoop loop = new StepLoop();
    new Snapshots(loop, loop, loop.background, keyspace)
        .toFileNow(disk, "temp.rdb", "dump.rdb", settings, info, Runs::requireNoProblem);
    return disk.content("dump.rdb");
  }

  private static void requireNoProblem(String problem) {
    if (problem != null) {
      throw new AssertionError(problem);
    }
  }

  static Keyspace load(byte[] rdb) throws RdbException {
    Keyspace keyspace = Contents.empty();
    RdbReader reader =
        new RdbReader(Contents.DATABASES, KeyspaceLoader.asReplica(keyspace, 0, SILENT));
    reader.feed(rdb, 0, rdb.length);
    reader.end();
    return keyspace;
  }

  static boolean same(Keyspace one, Keyspace other) {
    return Objects.equals(Digest.of(one), Digest.of(other)) && one.size() == other.size();
  }
}
