package io.watchword.sys;

/**
 * One thread that owns a set of connections and the state behind them. A task handed over here runs
 * on that thread, after the tasks handed over before it.
 */
public interface Loop {
  /** Runs {@code task} on the loop's thread; callable from any thread. */
  void execute(Runnable task);

  /** Runs {@code task} on the loop's thread after {@code delayMs} milliseconds. */
  Cancel after(long delayMs, Runnable task);

  /**
   * Runs {@code task} on the loop's thread every {@code periodMs} milliseconds, first in one
   * period.
   */
  Cancel every(long periodMs, Runnable task);

  /** Takes back a delayed or periodic task; harmless when it has already run. */
  interface Cancel {
    void cancel();
  }
}
