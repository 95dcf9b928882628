package io.watchword.server;

import io.watchword.command.SnapshotControl;
import io.watchword.command.Stats;
import io.watchword.command.persistence.Saves;
import io.watchword.config.ManyWords.SavePoint;
import io.watchword.rdb.RdbInfo;
import io.watchword.rdb.SnapshotRun;
import io.watchword.rdb.Snapshots;
import io.watchword.sys.Clock;
import io.watchword.sys.Disk;
import io.watchword.sys.Log;
import io.watchword.sys.Loop;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Saves: by command, at save points and before the end; and what they leave for INFO and the gate.
 * Used by the command thread.
 */
public final class Persistence implements Saves, SnapshotControl {
  /** After a failure the next attempt waits so long. */
  private static final long RETRY_MS = 5_000;

  private static final String MISCONF =
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to"
          + " disk. Commands that may modify the data set are disabled, because this instance is"
          + " configured to report errors during writes if RDB snapshotting fails"
          + " (stop-writes-on-bgsave-error option). Please check the Redis logs for details about"
          + " the RDB error.";

  private final Loop loop;
  private final Snapshots snapshots;
  private final Clock clock;
  private final Supplier<Disk> disk;
  private final SaveSettings settings;
  private final Stats stats;
  private final Log log;
  private Supplier<RdbInfo> info = () -> RdbInfo.NONE;
  private SnapshotRun run;
  private boolean givenUp;
  private boolean scheduled;
  private boolean flushed;
  private long lastSaveMs;
  private long lastTryMs;
  private boolean lastOk = true;
  private long lastDurationSeconds = -1;
  private long lastEarlyBytes;
  private long saves;

  /**
   * @param disk the folder, which may change while the server runs
   */
  public Persistence(
      Loop loop,
      Snapshots snapshots,
      Clock clock,
      Supplier<Disk> disk,
      SaveSettings settings,
      Stats stats,
      Log log) {
    this.loop = loop;
    this.snapshots = snapshots;
    this.clock = clock;
    this.disk = disk;
    this.settings = settings;
    this.stats = stats;
    this.log = log;
    this.lastSaveMs = clock.millis();
  }

  /** Who knows the history that a snapshot of this moment belongs to. */
  public void info(Supplier<RdbInfo> source) {
    info = source;
  }

  /** Some times a second: begins a save that was asked for or that a save point demands. */
  public void tick() {
    if (isSaving()) {
      return;
    }
    long now = clock.millis();
    if (!lastOk && now - lastTryMs <= RETRY_MS) {
      return;
    }
    if (scheduled) {
      begin();
      return;
    }
    for (SavePoint point : settings.points()) {
      if (stats.changes >= point.changes() && now - lastSaveMs > point.seconds() * 1000L) {
        log.notice(point.changes() + " changes in " + point.seconds() + " seconds. Saving...");
        begin();
        return;
      }
    }
  }

  /** The error of a write while saves fail, or null. */
  public String findMisconf() {
    return lastOk || !settings.stopsWrites() ? null : MISCONF;
  }

  // Saves

  @Override
  public boolean isSaving() {
    return snapshots.isRunning();
  }

  @Override
  public boolean saveNow() {
    String[] problem = new String[1];
    snapshots.toFileNow(
        disk.get(),
        settings.temporary(),
        settings.file(),
        settings.run(),
        info.get(),
        found -> problem[0] = found);
    if (problem[0] != null) {
      log.warning(problem[0]);
      return false;
    }
    saved(stats.changes);
    return true;
  }

  @Override
  public void begin() {
    long began = clock.millis();
    long changes = stats.changes;
    scheduled = false;
    givenUp = false;
    lastTryMs = began;
    run =
        snapshots.toFile(
            disk.get(),
            settings.temporary(),
            settings.file(),
            settings.run(),
            info.get(),
            problem -> ended(problem, began, changes));
    log.notice("Background saving started by pid " + settings.pid());
  }

  @Override
  public void schedule() {
    scheduled = true;
  }

  @Override
  public long lastSaveSeconds() {
    return lastSaveMs / 1000;
  }

  private void ended(String problem, long began, long changes) {
    lastDurationSeconds = (clock.millis() - began) / 1000;
    lastEarlyBytes = run.queuedBytesPeak();
    run = null;
    if (problem == null) {
      saved(changes);
      log.notice("Background saving terminated with success");
    } else {
      log.warning(problem);
      log.warning("Background saving error");
      // A save that was ended on purpose is no sign that saves fail.
      lastOk = givenUp && lastOk;
    }
  }

  private void saved(long changes) {
    log.notice("DB saved on disk");
    stats.changes -= changes;
    lastSaveMs = clock.millis();
    lastOk = true;
    saves++;
  }

  /** Ends a snapshot that is being made, for a reason that is nobody's failure. */
  public void giveUp(String why) {
    flushed = false;
    givenUp = true;
    snapshots.giveUpNow(why);
  }

  // SnapshotControl

  @Override
  public void beforeFlushAll() {
    giveUp("everything was flushed");
  }

  @Override
  public void afterFlushAll() {
    if (!settings.points().isEmpty() && !flushed) {
      flushed = true;
      // Only once the turn is over do data and offset belong together: a master has yet to count
      // the command, and a replica counted the whole piece of stream before it ran any of it.
      loop.execute(this::saveFlushed);
    }
  }

  private void saveFlushed() {
    if (flushed) {
      flushed = false;
      saveNow();
    }
  }

  /**
   * The save before the end; the error when it could not be.
   *
   * @param always saves also without save points
   */
  public Optional<String> saveFinally(boolean always) {
    if (!always && settings.points().isEmpty()) {
      return Optional.empty();
    }
    giveUp("the server is shutting down");
    log.notice("Saving the final RDB snapshot before exiting.");
    return saveNow() ? Optional.empty() : Optional.of("the final save failed");
  }

  // What INFO shows

  SnapshotRun findRun() {
    return run;
  }

  long changes() {
    return stats.changes;
  }

  boolean lastOk() {
    return lastOk;
  }

  /** Seconds that the last save in the background took, -1 before the first. */
  long lastDurationSeconds() {
    return lastDurationSeconds;
  }

  /** Seconds that the running save has taken, -1 when there is none. */
  long currentSeconds() {
    return run == null ? -1 : (clock.millis() - lastTryMs) / 1000;
  }

  /** Most bytes that waited to be written during the last save in the background. */
  long lastEarlyBytes() {
    return lastEarlyBytes;
  }

  /** Saves that succeeded since the start. */
  long saves() {
    return saves;
  }
}
