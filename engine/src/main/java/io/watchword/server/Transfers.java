package io.watchword.server;

import io.watchword.replication.SnapshotFile;
import io.watchword.replication.SnapshotHead;
import io.watchword.replication.SnapshotStream;
import io.watchword.replication.World;
import java.util.function.Consumer;

/**
 * Snapshots on their way between nodes, as replication needs them; see {@link World} for each
 * method's promise.
 */
public interface Transfers {
  boolean stream(SnapshotStream to);

  boolean store(Consumer<SnapshotFile> stored, Consumer<String> failed);

  void receive(byte[] data, int from, int to);

  void dropReceived();

  SnapshotHead received();

  void load(World.Loading answer);
}
