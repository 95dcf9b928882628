package io.watchword.rdb;

/** Where a snapshot goes that is not kept in a file. All calls on the command thread. */
public interface SnapshotSink {
  /** Whether a part may be given now; asked again a little later when not. */
  boolean wantsMore();

  /** The next {@code b[from, to)}; the array is the sink's to keep. */
  void part(byte[] b, int from, int to);

  /** The snapshot was given to its end. */
  void ended();

  /** The snapshot was given up; what was given is no snapshot. */
  void failed(String why);
}
