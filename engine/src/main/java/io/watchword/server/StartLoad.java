package io.watchword.server;

import io.watchword.keyspace.Keyspace;
import io.watchword.rdb.KeyspaceLoader;
import io.watchword.rdb.RdbException;
import io.watchword.rdb.RdbInfo;
import io.watchword.rdb.RdbReader;
import io.watchword.sys.Background;
import io.watchword.sys.Clock;
import io.watchword.sys.Disk;
import io.watchword.sys.Log;
import io.watchword.sys.Loop;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * Loads the file at the start. The background thread reads pieces ahead; the command thread takes
 * them apart, a slice at a time, so that clients are told {@code -LOADING} meanwhile. What is wrong
 * with a file ends the process; the file itself is never touched. Used by the command thread.
 */
public final class StartLoad {
  private static final int PIECE_BYTES = 1 << 18;

  /** Pieces that are read ahead: two are enough to keep both threads busy. */
  private static final int PIECES = 3;

  private final Loop loop;
  private final Background background;
  private final Clock clock;
  private final Keyspace keyspace;
  private final Log log;
  private KeyspaceLoader loader;
  private boolean over;
  private long totalBytes;
  private long doneBytes;
  private long startedMs;

  public StartLoad(Loop loop, Background background, Clock clock, Keyspace keyspace, Log log) {
    this.loop = loop;
    this.background = background;
    this.clock = clock;
    this.keyspace = keyspace;
    this.log = log;
    this.loader = KeyspaceLoader.asReplica(keyspace, clock.millis(), log);
  }

  /** Who is told how a load ended, on the command thread; one of the two is called once. */
  public interface Ending {
    /** The data are there; {@code info} is {@link RdbInfo#NONE} when there was no file. */
    void loaded(RdbInfo info);

    /** The file is damaged or cannot be read, and the log says so: the process must end. */
    void failed();
  }

  /**
   * Loads {@code file}; a missing one is an empty data set.
   *
   * @param asMaster whether keys past their deadline are dropped
   */
  public void begin(Disk disk, String file, boolean asMaster, Ending ending) {
    startedMs = clock.millis();
    InputStream in;
    try {
      totalBytes = disk.length(file);
      if (totalBytes < 0) {
        totalBytes = 0;
        over = true;
        ending.loaded(RdbInfo.NONE);
        return;
      }
      in = disk.read(file);
    } catch (IOException e) {
      log.warning("Fatal error loading the DB: " + e.getMessage() + ". Exiting.");
      ending.failed();
      return;
    }
    loader =
        asMaster
            ? KeyspaceLoader.asMaster(keyspace, startedMs, log)
            : KeyspaceLoader.asReplica(keyspace, startedMs, log);
    RdbReader reader = new RdbReader(keyspace.count(), loader);
    for (int i = 0; i < PIECES; i++) {
      read(in, new byte[PIECE_BYTES], reader, ending);
    }
  }

  private void read(InputStream in, byte[] piece, RdbReader reader, Ending ending) {
    background.execute(
        () -> {
          try {
            int n = in.readNBytes(piece, 0, piece.length);
            loop.execute(() -> take(in, piece, n, reader, ending));
          } catch (IOException e) {
            loop.execute(() -> fail(in, e.getMessage(), ending));
          }
        });
  }

  private void take(InputStream in, byte[] piece, int n, RdbReader reader, Ending ending) {
    if (over) {
      return;
    }
    try {
      reader.feed(piece, 0, n);
      doneBytes += n;
      if (reader.isDone()) {
        finish(in, reader, ending);
      } else if (n < piece.length) {
        log.warning("Short read or OOM loading DB. Unrecoverable error, aborting now.");
        reader.end();
      } else {
        read(in, piece, reader, ending);
      }
    } catch (RdbException e) {
      fail(in, e.getMessage(), ending);
    }
  }

  private void finish(InputStream in, RdbReader reader, Ending ending) {
    over = true;
    close(in);
    if (!reader.isChecked()) {
      log.notice("RDB file was saved with checksum disabled: no check performed.");
    }
    log.notice(
        "Done loading RDB, keys loaded: "
            + loader.loaded()
            + ", keys expired: "
            + loader.expired()
            + ".");
    double seconds = (clock.millis() - startedMs) / 1000.0;
    log.notice(String.format(Locale.ROOT, "DB loaded from disk: %.3f seconds", seconds));
    ending.loaded(loader.info());
  }

  private void fail(InputStream in, String problem, Ending ending) {
    if (over) {
      return;
    }
    over = true;
    close(in);
    log.warning(problem);
    log.warning("Fatal error loading the DB, check server logs. Exiting.");
    ending.failed();
  }

  private void close(InputStream in) {
    background.execute(
        () -> {
          try {
            in.close();
          } catch (IOException e) {
            log.verbose("Closing the RDB file failed: " + e.getMessage());
          }
        });
  }

  /** Whether the data are not there yet: true from the beginning, so that nobody comes first. */
  public boolean isLoading() {
    return !over;
  }

  RdbInfo info() {
    return loader.info();
  }

  long loaded() {
    return loader.loaded();
  }

  long expired() {
    return loader.expired();
  }

  long totalBytes() {
    return totalBytes;
  }

  long doneBytes() {
    return doneBytes;
  }

  long startedAtSeconds() {
    return startedMs / 1000;
  }

  /** Seconds since the load began. */
  long seconds() {
    return (clock.millis() - startedMs) / 1000;
  }
}
