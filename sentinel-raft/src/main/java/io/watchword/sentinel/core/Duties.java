package io.watchword.sentinel.core;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the leader should be telling each data node, derived from the state alone. A new leader
 * derives the same, so a leader may die between any two orders; and all are safe to repeat.
 */
final class Duties {
  private Duties() {}

  /** The order that stands for a node: fence while a failover is open, then promote or follow. */
  static Optional<Order> standing(String group, MasterState m, Address node) {
    if (m.failover().isPresent()) {
      return Optional.of(new Order.Fence(group, m.epoch()));
    }
    if (!node.equals(m.master())) {
      return Optional.of(new Order.Follow(group, m.epoch(), m.master()));
    }
    // At epoch 0 the master is the one of the configuration: nobody promoted it, nobody has to.
    SortedSet<Address> members = new TreeSet<>(m.nodes());
    return m.report().map(held -> new Order.Promote(group, m.epoch(), held, members));
  }

  /**
   * What any sentinel, not the leader alone, tells a node as soon as it reaches it: that the epoch
   * in which the node may still take itself for the master is over. Whom to follow is said only to
   * a node that was a master when it was last heard, for the leader spreads out the
   * resynchronizations of replicas. Nothing while a master hands over, for then it is fenced in its
   * turn.
   */
  static Optional<Order> stop(String group, MasterState m, NodeView node) {
    boolean open = m.failover().isPresent();
    boolean serves = !open && node.address().equals(m.master());
    if (serves || m.isHandingOver() || m.epoch() == 0 || group.isEmpty()) {
      return Optional.empty();
    }
    boolean wasMaster = node.info().map(NodeInfo::isMaster).orElse(false);
    return !open && wasMaster
        ? standing(group, m, node.address())
        : Optional.of(new Order.Fence(group, m.epoch()));
  }

  /** Whether what a node says of itself agrees with its standing order. */
  static boolean isObeyed(Order order, NodeInfo info) {
    if (order instanceof Order.Follow follow) {
      return !info.isMaster()
          && info.source().equals(Optional.of(follow.master()))
          && (!info.watchword() || info.epoch() >= follow.epoch());
    }
    return order instanceof Order.Promote && info.isMaster();
  }
}
