package io.watchword.server;

import io.watchword.rdb.SnapshotRun;
import java.util.ArrayList;
import java.util.List;

/** The lines of INFO persistence, in the order of Redis 7. */
public final class PersistenceInfo {
  private final Persistence persistence;
  private final StartLoad load;

  public PersistenceInfo(Persistence persistence, StartLoad load) {
    this.persistence = persistence;
    this.load = load;
  }

  /** {@code name:value} lines without the section's title. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    SnapshotRun run = persistence.findRun();
    add(lines, "loading", load.isLoading() ? 1 : 0);
    add(lines, "async_loading", 0);
    // No page is copied on write here: the cost of a save is what waits to be written.
    add(lines, "current_cow_peak", run == null ? 0 : run.queuedBytesPeak());
    add(lines, "current_cow_size", run == null ? 0 : run.queuedBytes());
    add(lines, "current_cow_size_age", 0);
    lines.add("current_fork_perc:" + percent(run));
    add(lines, "current_save_keys_processed", run == null ? 0 : run.keysDone());
    add(lines, "current_save_keys_total", run == null ? 0 : run.keysTotal());
    add(lines, "rdb_changes_since_last_save", persistence.changes());
    add(lines, "rdb_bgsave_in_progress", run == null ? 0 : 1);
    add(lines, "rdb_last_save_time", persistence.lastSaveSeconds());
    lines.add("rdb_last_bgsave_status:" + (persistence.lastOk() ? "ok" : "err"));
    add(lines, "rdb_last_bgsave_time_sec", persistence.lastDurationSeconds());
    add(lines, "rdb_current_bgsave_time_sec", persistence.currentSeconds());
    add(lines, "rdb_saves", persistence.saves());
    add(lines, "rdb_last_cow_size", persistence.lastEarlyBytes());
    add(lines, "rdb_last_load_keys_expired", load.expired());
    add(lines, "rdb_last_load_keys_loaded", load.loaded());
    aof(lines);
    add(lines, "module_fork_in_progress", 0);
    add(lines, "module_fork_last_cow_size", 0);
    if (load.isLoading()) {
      loading(lines);
    }
    return lines;
  }

  /** There is no AOF; the fields say so to tools that read them. */
  private static void aof(List<String> lines) {
    add(lines, "aof_enabled", 0);
    add(lines, "aof_rewrite_in_progress", 0);
    add(lines, "aof_rewrite_scheduled", 0);
    add(lines, "aof_last_rewrite_time_sec", -1);
    add(lines, "aof_current_rewrite_time_sec", -1);
    lines.add("aof_last_bgrewrite_status:ok");
    add(lines, "aof_rewrites", 0);
    add(lines, "aof_rewrites_consecutive_failures", 0);
    lines.add("aof_last_write_status:ok");
    add(lines, "aof_last_cow_size", 0);
  }

  private void loading(List<String> lines) {
    long done = load.doneBytes();
    long total = Math.max(1, load.totalBytes());
    long seconds = load.seconds();
    add(lines, "loading_start_time", load.startedAtSeconds());
    add(lines, "loading_total_bytes", load.totalBytes());
    add(lines, "loading_rdb_used_mem", load.info().usedBytes());
    add(lines, "loading_loaded_bytes", done);
    lines.add("loading_loaded_perc:" + hundredths(10_000 * done / total));
    add(lines, "loading_eta_seconds", done == 0 ? 1 : seconds * (total - done) / done);
  }

  private static String percent(SnapshotRun run) {
    return run == null || run.keysTotal() == 0
        ? "0.00"
        : hundredths(10_000 * run.keysDone() / run.keysTotal());
  }

  private static String hundredths(long value) {
    return value / 100 + "." + value / 10 % 10 + value % 10;
  }

  private static void add(List<String> lines, String name, long value) {
    lines.add(name + ":" + value);
  }
}
