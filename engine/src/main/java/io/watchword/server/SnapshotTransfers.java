package io.watchword.server;

import io.watchword.keyspace.Keyspace;
import io.watchword.rdb.KeyspaceLoader;
import io.watchword.rdb.RdbException;
import io.watchword.rdb.RdbHead;
import io.watchword.rdb.RdbInfo;
import io.watchword.rdb.RdbReader;
import io.watchword.rdb.SnapshotRun;
import io.watchword.rdb.SnapshotSink;
import io.watchword.rdb.Snapshots;
import io.watchword.replication.SnapshotFile;
import io.watchword.replication.SnapshotHead;
import io.watchword.replication.SnapshotStream;
import io.watchword.replication.World;
import io.watchword.sys.Clock;
import io.watchword.sys.Disk;
import io.watchword.sys.Log;
import io.watchword.sys.Loop;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Snapshots between nodes: out to replicas, over a file or straight to their sockets; in from the
 * master, over a file, and loaded only when it is whole. Loading goes in slices, so that clients
 * get their {@code -LOADING} in time. What was loaded to its end stays, under the name of the
 * server's own snapshot: it holds the same data and names the same history. Used by the command
 * thread.
 */
public final class SnapshotTransfers implements Transfers {
  private static final String OUT = "temp-repl-out.rdb";
  private static final String OUT_UNFINISHED = "temp-repl-out.rdb.part";
  private static final String IN = "temp-repl-in.rdb";
  private static final int SLICE_BYTES = 1 << 17;

  private final Loop loop;
  private final Clock clock;
  private final Disk disk;
  private final Log log;
  private final Keyspace keyspace;
  private final Snapshots snapshots;
  private final Supplier<SnapshotRun.Settings> settings;
  private final Supplier<RdbInfo> info;
  private final Supplier<String> file;
  private final Runnable beforeLoad;
  private final Runnable kept;
  private Disk.Out in;
  private RdbHead head;

  /** Why the snapshot that arrives cannot be kept, or null. */
  private String notStored;

  /**
   * @param info what a snapshot of this moment says of its history
   * @param file name under which a snapshot that was loaded is kept
   * @param beforeLoad ends a snapshot that is being made, since what it is made of goes away
   * @param kept told when the file on disk is the data that was loaded
   */
  public SnapshotTransfers(
      Loop loop,
      Clock clock,
      Disk disk,
      Log log,
      Keyspace keyspace,
      Snapshots snapshots,
      Supplier<SnapshotRun.Settings> settings,
      Supplier<RdbInfo> info,
      Supplier<String> file,
      Runnable beforeLoad,
      Runnable kept) {
    this.loop = loop;
    this.clock = clock;
    this.disk = disk;
    this.log = log;
    this.keyspace = keyspace;
    this.snapshots = snapshots;
    this.settings = settings;
    this.info = info;
    this.file = file;
    this.beforeLoad = beforeLoad;
    this.kept = kept;
  }

  @Override
  public boolean stream(SnapshotStream to) {
    if (keyspace.isSnapshotRunning()) {
      return false;
    }
    snapshots.toSink(
        new SnapshotSink() {
          @Override
          public boolean wantsMore() {
            return to.wantsMore();
          }

          @Override
          public void part(byte[] b, int from, int end) {
            to.part(b, from, end);
          }

          @Override
          public void ended() {
            to.ended();
          }

          @Override
          public void failed(String why) {
            log.warning("Background RDB transfer error: " + why);
            to.failed(why);
          }
        },
        settings.get(),
        info.get(),
        problem -> {});
    return true;
  }

  @Override
  public boolean store(Consumer<SnapshotFile> stored, Consumer<String> failed) {
    if (keyspace.isSnapshotRunning()) {
      return false;
    }
    snapshots.toFile(
        disk,
        OUT_UNFINISHED,
        OUT,
        settings.get(),
        info.get(),
        problem -> {
          if (problem == null) {
            stored.accept(new Stored(disk));
            // Every replica that gets it has opened it by now.
            drop(OUT);
          } else {
            log.warning("Background saving error: " + problem);
            failed.accept(problem);
          }
        });
    return true;
  }

  private record Stored(Disk disk) implements SnapshotFile {
    @Override
    public long length() {
      return disk.length(OUT);
    }

    @Override
    public InputStream open() throws IOException {
      return disk.read(OUT);
    }
  }

  @Override
  public void receive(byte[] data, int from, int to) {
    try {
      if (in == null && notStored == null) {
        in = disk.create(IN);
        head = new RdbHead(keyspace.count());
      }
      if (in != null) {
        in.write(data, from, to - from);
        head.feed(data, from, to);
      }
    } catch (IOException e) {
      log.warning(
          "Write error or short write writing to the DB dump file needed for MASTER <-> REPLICA"
              + " synchronization: "
              + e.getMessage());
      dropReceived();
      notStored = e.getMessage();
    }
  }

  /** A snapshot that could not be stored will not be loaded either: it counts as data. */
  @Override
  public SnapshotHead received() {
    return in == null
        ? new SnapshotHead(false, -1)
        : new SnapshotHead(head.isEmpty(), head.epoch());
  }

  @Override
  public void dropReceived() {
    try {
      if (in != null) {
        in.close();
      }
    } catch (IOException e) {
      log.warning("Can't close " + IN + ": " + e.getMessage());
    }
    in = null;
    notStored = null;
    drop(IN);
  }

  private void drop(String name) {
    try {
      disk.delete(name);
    } catch (IOException e) {
      log.warning("Can't remove " + name + ": " + e.getMessage());
    }
  }

  @Override
  public void load(World.Loading answer) {
    if (in == null) {
      String why = notStored == null ? "the master's snapshot is empty" : notStored;
      dropReceived();
      answer.notBegun(why);
      return;
    }
    try {
      in.sync();
    } catch (IOException e) {
      dropReceived();
      answer.notBegun(e.getMessage());
      return;
    }
    beforeLoad.run();
    keyspace.flushAll();
    try {
      in.close();
      in = null;
      KeyspaceLoader loader = KeyspaceLoader.asReplica(keyspace, clock.millis(), log);
      new Load(loader, disk.read(IN), answer).slice();
    } catch (IOException e) {
      over(answer, e.getMessage());
    }
  }

  private void keepReceived() {
    try {
      disk.rename(IN, file.get());
      disk.syncFolder();
      kept.run();
    } catch (IOException e) {
      log.warning("Can't keep the MASTER's snapshot as " + file.get() + ": " + e.getMessage());
      drop(IN);
    }
  }

  private void over(World.Loading answer, String problem) {
    dropReceived();
    keyspace.flushAll();
    answer.failed(problem);
  }

  /** One load, a slice at a time. */
  private final class Load {
    private final KeyspaceLoader loader;
    private final RdbReader reader;
    private final InputStream file;
    private final World.Loading answer;
    private final byte[] slice = new byte[SLICE_BYTES];

    Load(KeyspaceLoader loader, InputStream file, World.Loading answer) {
      this.loader = loader;
      this.reader = new RdbReader(keyspace.count(), loader);
      this.file = file;
      this.answer = answer;
    }

    void slice() {
      try {
        int n = file.readNBytes(slice, 0, slice.length);
        if (n > 0) {
          reader.feed(slice, 0, n);
        }
        if (!reader.isDone() && n > 0) {
          loop.after(0, this::slice);
          return;
        }
        file.close();
        if (reader.isDone()) {
          log.notice(
              "Done loading RDB, keys loaded: "
                  + loader.loaded()
                  + ", keys expired: "
                  + loader.expired()
                  + ".");
          keepReceived();
          answer.loaded(Math.max(0, loader.info().streamDb()), Math.max(0, loader.info().epoch()));
        } else {
          over(answer, "the snapshot ends early, after " + reader.consumed() + " bytes");
        }
      } catch (RdbException | IOException e) {
        over(answer, e.getMessage());
      }
    }
  }
}
