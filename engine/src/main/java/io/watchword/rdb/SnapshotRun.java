package io.watchword.rdb;

import io.watchword.keyspace.Entries;
import io.watchword.keyspace.Keyspace;
import io.watchword.keyspace.SnapshotCursor;
import io.watchword.sys.Background;
import io.watchword.sys.Clock;
import io.watchword.sys.Loop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One snapshot from its beginning to its end, without a fork and without ever holding the command
 * thread for longer than a slice.
 *
 * <pre>
 *   command thread      cursor slices and early entries -> chunks of whole entries
 *   background thread   chunks -> compressed, summed -> file or sink
 * </pre>
 *
 * <p>The queue between the two is bounded and never waited for. When it is full the cursor pauses;
 * what keeps coming then are only entries that commands are about to change, and when those pass
 * the bound the snapshot is given up with a reason. A snapshot given up walks on to its end taking
 * nothing, which is what makes the next one complete (see {@link SnapshotCursor}); only then is it
 * over.
 */
public final class SnapshotRun {
  /** Told once, on the command thread, when the snapshot is over. */
  public interface Ending {
    /**
     * @param findProblem why there is no snapshot, or null when there is
     */
    void over(String findProblem);
  }

  /**
   * @param compressing whether long strings are compressed ({@code rdbcompression})
   * @param summing whether the end carries a checksum ({@code rdbchecksum})
   * @param queueBytesMax bytes that may wait for the background thread before the run is given up
   */
  public record Settings(boolean compressing, boolean summing, long queueBytesMax) {}

  private enum Phase {
    WALKING,
    /** Everything is handed over, not everything is written. */
    FINISHING,
    /** Given up: walks on without taking. */
    GIVEN_UP,
    OVER
  }

  private static final int CHUNK_BYTES = 1 << 18;
  private static final long PAUSE_BYTES = 1 << 22;
  private static final long SLICE_NS = 200_000;
  private static final int SPARE_MAX = 20;
  private static final long ENTRY_BYTES_MAX = Integer.MAX_VALUE - 64;

  private final Loop loop;
  private final Clock clock;
  private final Background background;
  private final SnapshotTarget target;
  private final RdbPacker packer;
  private final RdbWriter writer;
  private final SnapshotCursor cursor;
  private final Ending ending;
  private final long queueBytesMax;
  private final Deque<RdbOutput> spare = new ArrayDeque<>();
  private final long keysTotal;
  private RdbOutput chunk = new RdbOutput(CHUNK_BYTES);
  private Phase phase = Phase.WALKING;
  private String problem;
  private long queuedBytes;
  private long queuedBytesPeak;
  private long keysDone;
  private boolean paused;
  private boolean inSlice;
  private long sliceEndsNs;

  /** Set on the command thread, seen on the background thread: nothing more is to be written. */
  private volatile boolean dropped;

  /** Of the background thread: the target has failed. */
  private boolean broken;

  private SnapshotRun(
      Loop loop,
      Clock clock,
      Background background,
      Keyspace keyspace,
      SnapshotTarget target,
      Settings settings,
      Ending ending) {
    this.loop = loop;
    this.clock = clock;
    this.background = background;
    this.target = target;
    this.ending = ending;
    this.queueBytesMax = settings.queueBytesMax();
    this.packer = new RdbPacker(settings.compressing(), settings.summing());
    this.writer = writerFor(keyspace);
    this.keysTotal = keyspace.size();
    this.cursor = keyspace.snapshot(this::take);
  }

  private static RdbWriter writerFor(Keyspace keyspace) {
    long[] keys = new long[keyspace.count()];
    long[] deadlines = new long[keyspace.count()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = keyspace.database(i).size();
      deadlines[i] = keyspace.database(i).deadlines();
    }
    return new RdbWriter(keys, deadlines);
  }

  /** A snapshot of this moment; {@link #begin} or {@link #runNow} does the rest. */
  static SnapshotRun of(
      Loop loop,
      Clock clock,
      Background background,
      Keyspace keyspace,
      SnapshotTarget target,
      Settings settings,
      RdbInfo info,
      Ending ending) {
    SnapshotRun run = new SnapshotRun(loop, clock, background, keyspace, target, settings, ending);
    run.head(info.madeAt(clock.millis(), keyspace.usedBytes()));
    return run;
  }

  /** Walks in slices, between the turns of the clients. */
  void begin() {
    loop.after(0, this::turn);
  }

  /** Walks to the end at once. */
  void runNow() {
    inSlice = true;
    while (cursor.slice(1)) {
      handOverWhenLong();
    }
    inSlice = false;
    walked();
  }

  /** Keys in the keyspace when the snapshot began. */
  public long keysTotal() {
    return keysTotal;
  }

  /** Keys that the snapshot has so far. */
  public long keysDone() {
    return keysDone;
  }

  /** Keys that were taken early because a command was about to change them. */
  public long keysEarly() {
    return cursor.early();
  }

  /** Bytes that wait to be written. */
  public long queuedBytes() {
    return queuedBytes;
  }

  /** Whether the snapshot is over: its ending was told. */
  public boolean isOver() {
    return phase == Phase.OVER;
  }

  /** Most bytes that ever waited: the memory that this snapshot cost. */
  public long queuedBytesPeak() {
    return queuedBytesPeak;
  }

  /** Gives the snapshot up; it is over once the walk has ended, which takes further slices. */
  public void giveUp(String why) {
    switch (phase) {
      case WALKING -> {
        problem = why;
        phase = Phase.GIVEN_UP;
        cursor.giveUp();
        dropped = true;
        background.execute(this::drop);
        resume();
      }
      case FINISHING -> {
        problem = why;
        dropped = true;
        background.execute(this::dropWhenGivenUp);
      }
      case GIVEN_UP, OVER -> {}
    }
  }

  /** Gives the snapshot up and ends its walk at once; returns when nothing of it is left. */
  public void giveUpNow(String why) {
    giveUp(why);
    boolean walking = phase == Phase.GIVEN_UP;
    while (walking) {
      walking = cursor.slice(64);
    }
    background.await();
    over();
  }

  // The command thread's side

  private void turn() {
    if (phase != Phase.WALKING && phase != Phase.GIVEN_UP) {
      return;
    }
    if (phase == Phase.WALKING && isFull()) {
      paused = true;
      return;
    }
    sliceEndsNs = clock.nanos() + SLICE_NS;
    inSlice = true;
    boolean more;
    do {
      more = cursor.slice(1, this::isFull);
    } while (more && !isFull() && clock.nanos() < sliceEndsNs);
    inSlice = false;
    handOverWhenLong();
    if (more) {
      loop.after(0, this::turn);
    } else {
      walked();
    }
  }

  private void walked() {
    if (phase == Phase.WALKING) {
      finish();
    } else {
      over();
    }
  }

  private boolean isFull() {
    return queuedBytes + chunk.size() >= PAUSE_BYTES + CHUNK_BYTES;
  }

  private void resume() {
    if (paused) {
      paused = false;
      loop.after(0, this::turn);
    }
  }

  private void take(int database, Entries entries, long ref) {
    long bytes =
        (long) entries.keyLength(ref) + entries.length(ref) + RdbWriter.ENTRY_EXTRA_BYTES_MAX;
    if (bytes > ENTRY_BYTES_MAX) {
      giveUp("an entry of " + bytes + " bytes is too long");
      return;
    }
    if (chunk.size() > 0 && chunk.roomBytes() < bytes) {
      handOver();
    }
    if (!inSlice && queuedBytes > queueBytesMax) {
      giveUp(
          "writes overtook the snapshot: more than " + queueBytesMax + " bytes wait to be written");
      return;
    }
    chunk.space((int) bytes);
    writer.entry(chunk, database, entries, ref);
    keysDone++;
  }

  private void handOverWhenLong() {
    if (chunk.size() > CHUNK_BYTES / 2) {
      handOver();
    }
  }

  private void handOver() {
    RdbOutput full = chunk;
    RdbOutput next = spare.poll();
    chunk = next == null ? new RdbOutput(CHUNK_BYTES) : next;
    queuedBytes += full.size();
    queuedBytesPeak = Math.max(queuedBytesPeak, queuedBytes);
    background.execute(() -> pack(full));
  }

  private void head(RdbInfo info) {
    RdbOutput head = new RdbOutput(256);
    RdbWriter.head(head, info);
    background.execute(
        () ->
            guarded(
                () -> {
                  target.open();
                  packer.plain(head.bytes(), head.size());
                  target.take(packer.bytes(), packer.length(), () -> {});
                }));
  }

  private void finish() {
    handOver();
    phase = Phase.FINISHING;
    background.execute(
        () ->
            guarded(
                () -> {
                  packer.end();
                  target.take(packer.bytes(), packer.length(), () -> {});
                  target.finish(this::over);
                }));
    background.execute(this::dropWhenGivenUp);
  }

  private void consumed(RdbOutput used, int bytes) {
    queuedBytes -= bytes;
    if (used.bytes().length == CHUNK_BYTES && spare.size() < SPARE_MAX) {
      used.clear();
      spare.add(used);
    }
    if (queuedBytes < PAUSE_BYTES / 2) {
      resume();
    }
  }

  private void over() {
    if (phase != Phase.OVER) {
      phase = Phase.OVER;
      spare.clear();
      ending.over(problem);
    }
  }

  // The background thread's side

  private void pack(RdbOutput full) {
    int bytes = full.size();
    guarded(
        () -> {
          packer.entries(full.bytes(), bytes);
          target.take(packer.bytes(), packer.length(), () -> consumed(full, bytes));
        });
  }

  private interface Step {
    void run() throws IOException;
  }

  private void guarded(Step step) {
    if (broken || dropped) {
      return;
    }
    try {
      step.run();
    } catch (IOException e) {
      broken = true;
      loop.execute(() -> giveUp(e.getMessage()));
    } catch (RuntimeException | OutOfMemoryError e) {
      // A run that ends for no stated reason would never be over.
      broken = true;
      loop.execute(() -> giveUp(e.toString()));
    }
  }

  private void drop() {
    broken = true;
    target.drop();
  }

  /** After the last step: a run that was given up while it finished is over without a result. */
  private void dropWhenGivenUp() {
    if (broken || dropped) {
      drop();
      loop.execute(this::over);
    }
  }
}
