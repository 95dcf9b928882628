package io.watchword.replication;

/**
 * What a replica's link can be told. Events of a connection carry the number of the dial, so that a
 * late word of an old connection is not taken for one of the new.
 */
public sealed interface LinkEvent {
  void to(ReplicaLink link);

  /**
   * Attach to this master and stay attached.
   *
   * @param ordered whether somebody wants it now: then the first synchronization is not guarded, as
   *     long as the master offers the history that it offered first
   */
  record Follow(String host, int port, boolean ordered) implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }

  /** Follow nobody. */
  record Unfollow() implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }

  /** The dial succeeded. */
  record Connected(int dial) implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }

  /** Bytes {@code data[from, to)} came; lent for the step. */
  record Received(int dial, byte[] data, int from, int to) implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }

  /** The dial failed or the connection is gone. */
  record Lost(int dial, String why) implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }

  /**
   * What there is to know before a snapshot takes the place of the data.
   *
   * @param epoch epoch of the last record that we hold
   */
  record Examined(int dial, boolean holdsData, long epoch, SnapshotHead head) implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }

  /** The snapshot was loaded; the history is already that of the master. */
  record Loaded(int dial, int db) implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }

  /** The snapshot could not be loaded. */
  record LoadFailed(int dial, String why) implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }

  /** Units that were handed out could not be applied. */
  record NotApplied(String why) implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }

  /** Time passes; at least once in a tenth of a second. */
  record Tick() implements LinkEvent {
    @Override
    public void to(ReplicaLink link) {
      link.on(this);
    }
  }
}
