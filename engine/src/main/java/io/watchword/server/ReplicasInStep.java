package io.watchword.server;

import io.watchword.replication.ReplicationNode;
import io.watchword.replication.ReplicationStatus;
import java.util.List;

/**
 * The replicas that a shutdown waits for. What they have to confirm is fixed when writes are held
 * back: heartbeats and the question itself count in the offset as well, and would never be done.
 */
public final class ReplicasInStep implements Shutdown.Replicas {
  private final ReplicationNode node;
  private final Pauses pauses;
  private long heldOffset = -1;

  public ReplicasInStep(ReplicationNode node, Engine engine) {
    this.node = node;
    this.pauses = engine.pauses();
  }

  @Override
  public int count() {
    return node.status().replicas();
  }

  @Override
  public List<String> lagging() {
    ReplicationStatus status = node.status();
    return status.lagging(heldOffset < 0 ? status.history().offset() : heldOffset);
  }

  @Override
  public void hold() {
    heldOffset = node.status().history().offset();
    pauses.holdForShutdown(true);
    if (node.writer().isOn()) {
      node.writer().askForAcks();
      node.turnEnded();
    }
  }

  @Override
  public void letGo() {
    heldOffset = -1;
    pauses.holdForShutdown(false);
  }
}
