package io.watchword.replication;

/** Where a snapshot goes that is sent to replicas while it is made. All calls on one thread. */
public interface SnapshotStream {
  /** Whether a part may be given now; false while a replica's connection is full. */
  boolean wantsMore();

  /** The next {@code b[from, to)}; the array is free again after the call. */
  void part(byte[] b, int from, int to);

  /** The snapshot was given to its end. */
  void ended();

  /** The snapshot was given up. */
  void failed(String why);
}
