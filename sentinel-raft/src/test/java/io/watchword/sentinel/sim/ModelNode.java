package io.watchword.sentinel.sim;

import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.NodeInfo;
import io.watchword.sentinel.core.Order;
import io.watchword.sentinel.core.OrderReply;
import io.watchword.sentinel.core.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A data node as sentinels see one: it obeys orders by the rules of mode {@code available}, takes
 * writes, and copies its master. Promise, role and claim outlive a crash; data does too.
 */
final class ModelNode {
  /** One acknowledged write: the epoch its master served in, and a number. */
  record Write(long epoch, long number) {}

  final Address address;
  final int number;

  /** Guard under test: a lower epoch than the promised one is refused. */
  private final boolean checksEpoch;

  boolean alive = true;
  boolean master;
  Optional<Address> source = Optional.empty();
  boolean linkUp;
  long promised;
  long masterEpoch;
  private long placed = -1;
  private boolean fenced;
  private boolean detached;
  private boolean named = true;
  private String group = "";
  private int starts = 1;
  List<Write> data = new ArrayList<>();
  final TreeSet<Address> attached = new TreeSet<>();

  ModelNode(int number, Address address, boolean checksEpoch) {
    this.number = number;
    this.address = address;
    this.checksEpoch = checksEpoch;
  }

  void crash() {
    alive = false;
    attached.clear();
    linkUp = false;
  }

  void restart() {
    alive = true;
    starts++;
    // A restarted master that is claimed serves nobody until its group names it.
    named = group.isEmpty();
  }

  boolean acceptsWrites() {
    return alive && master && !fenced && named;
  }

  /** Whether this node takes its master's stream: a fenced one waits for FOLLOW. */
  boolean replicates() {
    return alive && !master && source.isPresent() && !detached;
  }

  long dataEpoch() {
    return data.isEmpty() ? 0 : data.get(data.size() - 1).epoch();
  }

  NodeInfo info() {
    return new NodeInfo(
        "run" + number + "." + starts,
        true,
        master,
        promised,
        master ? Optional.empty() : source,
        linkUp,
        0,
        100,
        true,
        "history",
        data.size(),
        List.copyOf(attached));
  }

  OrderReply obey(Order order) {
    if (order instanceof Order.Claim claim) {
      if (!group.isEmpty() && !group.equals(claim.group())) {
        return new OrderReply.Foreign(group);
      }
      group = claim.group();
      return new OrderReply.Done();
    }
    long epoch = epochOf(order);
    if (checksEpoch && epoch < promised) {
      return new OrderReply.Stale(promised);
    }
    return switch (order.getClass().getSimpleName()) {
      case "Beat" -> beat(epoch);
      case "Fence" -> fence(epoch);
      case "Promote" -> promote((Order.Promote) order);
      default -> follow((Order.Follow) order);
    };
  }

  private OrderReply beat(long epoch) {
    if (master && epoch == masterEpoch && !fenced) {
      named = true;
      return new OrderReply.Done();
    }
    return new OrderReply.Refused("ERR not the master of epoch " + epoch);
  }

  /** A late FENCE of the epoch in which the node has its place already must not take it away. */
  private OrderReply fence(long epoch) {
    promised = Math.max(promised, epoch);
    if (placed != epoch) {
      fenced = true;
      detached = true;
      linkUp = false;
    }
    return new OrderReply.Held(new Report(dataEpoch(), "history", data.size()));
  }

  private OrderReply promote(Order.Promote order) {
    if (master && masterEpoch == order.epoch()) {
      return new OrderReply.Done();
    }
    if (order.report().offset() != data.size() || order.report().dataEpoch() != dataEpoch()) {
      return new OrderReply.Refused("ERR this node no longer holds what it reported");
    }
    promised = order.epoch();
    masterEpoch = order.epoch();
    placed = order.epoch();
    master = true;
    named = true;
    fenced = false;
    source = Optional.empty();
    return new OrderReply.Done();
  }

  private OrderReply follow(Order.Follow order) {
    promised = order.epoch();
    placed = order.epoch();
    master = false;
    fenced = false;
    detached = false;
    linkUp = false;
    source = Optional.of(order.master());
    return new OrderReply.Done();
  }

  static long epochOf(Order order) {
    if (order instanceof Order.Beat o) {
      return o.epoch();
    }
    if (order instanceof Order.Fence o) {
      return o.epoch();
    }
    if (order instanceof Order.Promote o) {
      return o.epoch();
    }
    return ((Order.Follow) order).epoch();
  }
}
