package io.watchword.replication;

/** What happens to a node's replication. The names are the actions of Psync2.tla and its trace. */
public sealed interface ReplicationEvent {
  void to(Replication replication);

  /**
   * The node starts, with what it had saved or with nothing; always the first event.
   *
   * @param offset that of the saved history, or 0
   * @param saved the history of the snapshot that was loaded, or null
   * @param db database that the stream had selected at that offset
   * @param epoch data epoch of the snapshot
   * @param freshReplid a name that nothing bears
   * @param keepsStream whether the backlog is kept from now on, even before a replica comes
   */
  record Started(
      boolean master,
      long offset,
      History saved,
      int db,
      long epoch,
      String freshReplid,
      boolean keepsStream)
      implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /**
   * A master appended whole units to the backlog.
   *
   * @param to offset of the last byte
   * @param ends offsets at which units end; empty when nobody traces
   * @param epoch epoch of a barrier among them, or -1
   */
  record Wrote(long to, long[] ends, long epoch) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /**
   * A replica was sent whole units.
   *
   * @param to offset of their last byte
   * @param ends offsets at which units end; empty when nobody traces
   */
  record Streamed(long to, long[] ends, Units units) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** The backlog is longer than it has to be. */
  record Trimmed() implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** The link to the master is gone. */
  record Lost(String why) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** An order to become a master. */
  record Promoted(String freshReplid) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** An order to follow this master. */
  record Follow(String host, int port) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** The master goes on from our offset, under this name. */
  record Continued(String replid) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** A snapshot of the master begins to take the place of our data. */
  record Loading() implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** The master's snapshot is our data now. */
  record Loaded(String replid, long offset, int db, long epoch) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** A snapshot or a unit could not be taken in whole: what data there is has no name. */
  record Forgot(String freshReplid) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /**
   * A replica asks to be attached (PSYNC or SYNC).
   *
   * @param id of its connection
   * @param replid the history it has, {@code ?} for none
   * @param from next offset it needs
   * @param speaksPsync false after SYNC: it wants the snapshot and no reply before
   */
  record Asked(
      int id,
      String ip,
      int port,
      String replid,
      long from,
      boolean speaksPsync,
      boolean namesHistory,
      boolean speaksEof,
      String freshReplid)
      implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** A replica says where it is. */
  record Acked(int id, long offset) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** A replica's connection is gone. */
  record Gone(int id) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** The snapshot that was asked for begins at this moment, so at our offset. */
  record SnapshotBegan() implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** The snapshot that was asked for is finished, or failed. */
  record SnapshotEnded(boolean whole) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** A part of a snapshot left for a replica, or the replica said that it is still loading one. */
  record Moved(int id) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** A snapshot that was read from a file has been sent to its end. */
  record Delivered(int id) implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }

  /** Time passes; at least once in a tenth of a second. */
  record Tick() implements ReplicationEvent {
    @Override
    public void to(Replication r) {
      r.on(this);
    }
  }
}
