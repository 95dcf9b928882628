package io.watchword.sentinel.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which orders this leader has sent and which were obeyed. Kept per leadership only: a new leader
 * sends them all again, which is safe.
 */
final class Orders {
  /** An order that was not answered, or was refused, is repeated after this time. */
  static final long RETRY_MS = 500;

  /** A node that refuses may only be starting, and is wanted soon. */
  private static final long REFUSED_RETRY_MS = 100;

  private record Sent(Order order, long atMs) {}

  private final Map<Address, Sent> sent = new TreeMap<>();
  private final Map<Address, Sent> obeyed = new TreeMap<>();

  /**
   * Sends the order unless it is obeyed or on its way.
   *
   * @param node one that is linked and told us by INFO what it is
   */
  void ensure(long nowMs, NodeView node, Order order, List<Effect> out) {
    if (isObeyed(node, order)) {
      return;
    }
    Sent last = sent.get(node.address());
    if (last != null && last.order().equals(order) && nowMs - last.atMs() < RETRY_MS) {
      return;
    }
    sent.put(node.address(), new Sent(order, nowMs));
    out.add(new Effect.Send(node.address(), order, node.isWatchword()));
  }

  /**
   * Whether a node has obeyed. Ours say so in their reply; INFO that came clearly later may show
   * that somebody has changed the node since. Stock Redis is believed by its INFO alone.
   */
  boolean isObeyed(NodeView node, Order order) {
    Optional<NodeInfo> info = node.info().filter(i -> node.isFresh());
    Sent done = obeyed.get(node.address());
    boolean acknowledged = done != null && done.order().equals(order);
    if (!node.isWatchword()) {
      return info.isPresent() && Duties.isObeyed(order, info.get());
    }
    boolean contradicted =
        acknowledged
            && node.infoMs() > done.atMs() + RETRY_MS
            && info.isPresent()
            && !Duties.isObeyed(order, info.get());
    return acknowledged && !contradicted;
  }

  void answered(long nowMs, Address node, Order order, OrderReply reply) {
    boolean standing = order instanceof Order.Promote || order instanceof Order.Follow;
    if (!standing) {
      return;
    }
    if (reply instanceof OrderReply.Done) {
      obeyed.put(node, new Sent(order, nowMs));
      sent.remove(node);
    } else if (reply instanceof OrderReply.Lost) {
      sent.remove(node);
    } else if (reply instanceof OrderReply.Refused) {
      sent.put(node, new Sent(order, nowMs - RETRY_MS + REFUSED_RETRY_MS));
    }
  }

  /** The node has shown that it no longer obeys what it obeyed. */
  void forget(Address node) {
    obeyed.remove(node);
  }

  /** The node may have restarted and know nothing of what it obeyed. */
  void linkLost(Address node) {
    sent.remove(node);
    obeyed.remove(node);
  }
}
