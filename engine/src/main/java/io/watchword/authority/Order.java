package io.watchword.authority;

import java.util.List;

/** What a sentinel group tells a data node. Every order but CLAIM carries the group's epoch. */
public sealed interface Order {
  /** Who gives it. */
  String group();

  /**
   * Belong to this group from now on.
   *
   * @param sentinels their addresses, for humans
   */
  record Claim(String group, String sentinels) implements Order {}

  /** You are the master of this epoch, and we are here. */
  record Beat(String group, long epoch, long ttlMs, String nonce) implements Order {}

  /**
   * Promise this epoch, stop, and report what you hold.
   *
   * @param holdMs for how long a master keeps the writes of its clients waiting for its next role,
   *     instead of refusing them at once; 0 for not at all. It bounds their patience alone: what
   *     was promised has no deadline.
   */
  record Fence(String group, long epoch, long holdMs) implements Order {
    /** A fence that refuses writes at once. */
    public Fence(String group, long epoch) {
      this(group, epoch, 0);
    }
  }

  /**
   * Be the master of this epoch, if you hold what you reported.
   *
   * @param members all data nodes of the epoch, {@code host:port}
   */
  record Promote(String group, long epoch, long dataEpoch, long offset, List<String> members)
      implements Order {}

  /** Follow the master of this epoch. */
  record Follow(String group, long epoch, String host, int port) implements Order {}

  /** Belong to nobody. */
  record Release(String group, long epoch) implements Order {}
}
