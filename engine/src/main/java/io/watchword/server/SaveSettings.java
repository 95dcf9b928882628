package io.watchword.server;

import io.watchword.config.Config;
import io.watchword.config.Directives;
import io.watchword.config.ManyWords.SavePoint;
import io.watchword.rdb.SnapshotRun;
import java.util.List;

/**
 * What the configuration says about saving, read anew at every look.
 *
 * @param pid names the temporary file, so that two servers in one folder do not meet in it
 * @param queueBytesMax see {@link SnapshotRun.Settings}
 */
public record SaveSettings(Config config, long pid, long queueBytesMax) {
  /** For one snapshot. */
  public SnapshotRun.Settings run() {
    return new SnapshotRun.Settings(
        config.get(Directives.RDBCOMPRESSION), config.get(Directives.RDBCHECKSUM), queueBytesMax);
  }

  List<SavePoint> points() {
    return config.get(Directives.SAVE);
  }

  boolean stopsWrites() {
    return config.get(Directives.STOP_WRITES_ON_BGSAVE_ERROR) && !points().isEmpty();
  }

  String file() {
    return config.get(Directives.DBFILENAME);
  }

  String temporary() {
    return "temp-" + pid + ".rdb";
  }
}
