package io.watchword.command;

/** What a command that empties everything owes to a save that is running. Command thread only. */
public interface SnapshotControl {
  /** All data is about to go away: a running snapshot is given up before this returns. */
  void beforeFlushAll();

  /** All data is gone: where there are save points, the file on disk is replaced after the turn. */
  void afterFlushAll();
}
