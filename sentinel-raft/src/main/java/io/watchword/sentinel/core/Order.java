package io.watchword.sentinel.core;

import java.util.SortedSet;

/**
 * What the leader tells a data node. Every order but the claim carries the epoch it was derived in,
 * and a node refuses a lower one than it has promised: that is the fence against a deposed leader.
 * All are safe to repeat.
 */
public sealed interface Order {
  /** The node belongs to the group; a node of another group refuses. */
  record Claim(String group, String sentinels) implements Order {}

  /** The node is the master of the epoch: it may serve for {@code ttlMs}. */
  record Beat(String group, long epoch, long ttlMs, long nonce) implements Order {}

  /**
   * Promise the epoch, stop serving and applying lower ones, and report what is held.
   *
   * @param holdMs for how long a master keeps its clients' writes waiting instead of refusing them;
   *     0 for not at all
   */
  record Fence(String group, long epoch, long holdMs) implements Order {
    /** A fence that refuses writes at once. */
    public Fence(String group, long epoch) {
      this(group, epoch, 0);
    }
  }

  /** Become the master of the epoch, if {@code report} is still what is held. */
  record Promote(String group, long epoch, Report report, SortedSet<Address> members)
      implements Order {}

  /** Replicate from the master of the epoch. */
  record Follow(String group, long epoch, Address master) implements Order {}
}
