package io.watchword.rdb;

import io.watchword.keyspace.Keyspace;
import io.watchword.sys.Background;
import io.watchword.sys.Clock;
import io.watchword.sys.Disk;
import io.watchword.sys.Loop;

/**
 * Begins snapshots of one keyspace, one at a time: into a file, or to a sink while it is made.
 * Called on the command thread.
 */
public final class Snapshots {
  private static final Background HERE =
      new Background() {
        @Override
        public void execute(Runnable task) {
          task.run();
        }

        @Override
        public void await() {}
      };

  private final Loop loop;
  private final Clock clock;
  private final Background background;
  private final Keyspace keyspace;
  private SnapshotRun running;

  public Snapshots(Loop loop, Clock clock, Background background, Keyspace keyspace) {
    this.loop = loop;
    this.clock = clock;
    this.background = background;
    this.keyspace = keyspace;
  }

  /** Whether a snapshot is being made; another must not begin then. */
  public boolean isRunning() {
    return running != null && !running.isOver();
  }

  /** Ends the snapshot that is being made, if any; returns when nothing of it is left. */
  public void giveUpNow(String why) {
    if (isRunning()) {
      running.giveUpNow(why);
    }
  }

  /**
   * Into the file {@code name}, in slices.
   *
   * @param temporary name under which it is written until it is whole
   * @throws IllegalStateException when a snapshot is running
   */
  public SnapshotRun toFile(
      Disk disk,
      String temporary,
      String name,
      SnapshotRun.Settings settings,
      RdbInfo info,
      SnapshotRun.Ending ending) {
    FileTarget target = new FileTarget(disk, temporary, name, loop::execute);
    return begin(SnapshotRun.of(loop, clock, background, keyspace, target, settings, info, ending));
  }

  /** The same at once: returns when the file stands or {@code ending} knows why it does not. */
  public void toFileNow(
      Disk disk,
      String temporary,
      String name,
      SnapshotRun.Settings settings,
      RdbInfo info,
      SnapshotRun.Ending ending) {
    // The file of an earlier run must not be renamed over this one's.
    background.await();
    FileTarget target = new FileTarget(disk, temporary, name, Runnable::run);
    SnapshotRun.of(new LoopHere(), clock, HERE, keyspace, target, settings, info, ending).runNow();
  }

  /** To a sink, in slices; the sink is told of the end as well. */
  public SnapshotRun toSink(
      SnapshotSink sink, SnapshotRun.Settings settings, RdbInfo info, SnapshotRun.Ending ending) {
    SnapshotRun.Ending both =
        problem -> {
          if (problem == null) {
            sink.ended();
          } else {
            sink.failed(problem);
          }
          ending.over(problem);
        };
    StreamTarget target = new StreamTarget(loop, sink);
    return begin(SnapshotRun.of(loop, clock, background, keyspace, target, settings, info, both));
  }

  private SnapshotRun begin(SnapshotRun run) {
    running = run;
    run.begin();
    return run;
  }

  /** A loop for a run that ends before it returns. */
  private static final class LoopHere implements Loop {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public Cancel after(long delayMs, Runnable task) {
      throw new IllegalStateException("nothing is done later");
    }

    @Override
    public Cancel every(long periodMs, Runnable task) {
      throw new IllegalStateException("nothing is done later");
    }
  }
}
