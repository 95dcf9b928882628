package io.watchword.rdb;

import java.io.IOException;

/**
 * The far end of a snapshot, on the background thread: {@code open}, then {@code take} many times,
 * then {@code finish} or, whatever happened, {@code drop}.
 */
interface SnapshotTarget {
  void open() throws IOException;

  /**
   * Takes {@code bytes[0, length)}, lent for the call.
   *
   * @param consumed to be run on the command thread once they no longer take memory here
   */
  void take(byte[] bytes, int length, Runnable consumed) throws IOException;

  /**
   * Everything was taken.
   *
   * @param finished to be run on the command thread once the snapshot stands
   */
  void finish(Runnable finished) throws IOException;

  /** The snapshot was given up: nothing of it stays. */
  void drop();
}
