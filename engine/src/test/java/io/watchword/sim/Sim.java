package io.watchword.sim;

import io.watchword.sys.Clock;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Virtual time and chance: one queue ordered by (time, sequence) and one seeded source. Nothing
 * else in a simulation has either, so a seed is a whole run.
 */
public final class Sim {
  private final PriorityQueue<Task> queue =
      new PriorityQueue<>(Comparator.comparingLong(Task::atMs).thenComparingLong(Task::seq));
  private final SplittableRandom random;
  private long nowMs;
  private long seq;

  private record Task(long atMs, long seq, Runnable what) {}

  /** A run. */
  public Sim(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The source of all chance. */
  public SplittableRandom random() {
    return random;
  }

  /** Virtual milliseconds since the start. */
  public long nowMs() {
    return nowMs;
  }

  /** The clock that all nodes share. */
  public Clock clock() {
    return new Clock() {
      @Override
      public long millis() {
        return nowMs;
      }

      @Override
      public long nanos() {
        return nowMs * 1_000_000;
      }
    };
  }

  /** Runs {@code what} in {@code delayMs}; tasks of one moment run in the order they came. */
  public void after(long delayMs, Runnable what) {
    queue.add(new Task(nowMs + delayMs, seq++, what));
  }

  /** Runs everything that is due within the next {@code ms}. */
  public void run(long ms) {
    long until = nowMs + ms;
    while (!queue.isEmpty() && queue.peek().atMs() <= until) {
      Task task = queue.poll();
      nowMs = task.atMs();
      task.what().run();
    }
    nowMs = until;
  }

  /** A number from {@code low} up to and without {@code high}. */
  public int between(int low, int high) {
    return low + random.nextInt(high - low);
  }

  /** True once in {@code n} times. */
  public boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }
}
