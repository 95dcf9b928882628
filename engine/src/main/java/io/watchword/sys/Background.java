package io.watchword.sys;

/**
 * Work that must not hold up the command thread: files, checksums, compression. Tasks run one at a
 * time in the order in which they were handed over, so a later one sees what an earlier one left.
 */
public interface Background {
  /** Hands a task over; it must not throw, and tells of its end through {@link Loop#execute}. */
  void execute(Runnable task);

  /** Waits until every task handed over so far has run; for a save that must block. */
  void await();
}
