package io.watchword.replication;

import io.watchword.resp.RespService;
import io.watchword.sys.Log;
import java.util.function.Consumer;

/**
 * What replication needs of the node around it. The server implements it with sockets and a
 * keyspace, the simulator with virtual ones. All calls on the command thread.
 */
public interface World {
  /** Dials; either {@code service} is told of the peer or {@code failed} of the reason, later. */
  void dial(String host, int port, RespService service, Consumer<String> failed);

  /**
   * Runs the commands of whole units as the master's client.
   *
   * @param units lent for the call
   * @return why not all of it could be applied, or null
   */
  String apply(Units units);

  /** Stores a part of a snapshot that arrives; lent for the call. */
  void payload(byte[] data, int from, int to);

  /** Throws the stored parts away; harmless when there are none. */
  void payloadDropped();

  /** What the stored snapshot says of itself; asked before {@link #load}. */
  SnapshotHead received();

  /** Whether there is any data here. */
  boolean holdsData();

  /** Puts the stored snapshot in the place of all data, now or in slices; answers once. */
  void load(Loading answer);

  /**
   * Begins a snapshot of the data as it is at this moment and gives it to {@code to}, later.
   *
   * @return false when one is running already
   */
  boolean streamSnapshot(SnapshotStream to);

  /** The same through a file. */
  boolean storeSnapshot(Consumer<SnapshotFile> stored, Consumer<String> failed);

  /** 40 hexadecimal digits that have never been drawn before. */
  String freshReplid();

  /** Writes a line to the log. */
  void log(Log.Level level, String text);

  /** The answer to {@link #load}. */
  interface Loading {
    /**
     * The data is that of the snapshot.
     *
     * @param db database that the stream had selected, from the snapshot
     * @param epoch data epoch, from the snapshot
     */
    void loaded(int db, long epoch);

    /** The snapshot was not stored whole; the data is as it was. */
    void notBegun(String why);

    /** Nothing is left of the data. */
    void failed(String why);
  }
}
