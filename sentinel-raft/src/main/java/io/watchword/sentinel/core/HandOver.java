package io.watchword.sentinel.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The leader's part of a coordinated failover, from the opened epoch to Promote: fence the master,
 * which keeps its writes waiting; let the replicas catch up with what it reports; fence each that
 * has; name the best of those, or the old master again when nobody comes so far in {@link
 * #CATCH_UP_MS_MAX}.
 *
 * <p>Nothing here rests on a clock. The master has promised the new epoch on disk before anything
 * is compared, and accepts no write in an older one again, however long its clients are willing to
 * wait; so what it reports is all that was ever acknowledged. The times below only decide how soon
 * an attempt is given up.
 */
final class HandOver {
  static final long CATCH_UP_MS_MAX = 2000;

  /** Longer than the whole attempt; afterwards waiting writes are refused. */
  static final long HOLD_MS = 5000;

  /** How long a better replica is waited for once one could be promoted. */
  static final long PREFER_MS = 30;

  private static final long ASK_MS = 10;

  /** Whether a replica has what the master has; a test lets any replica pass. */
  static final BiPredicate<Report, Report> CAUGHT_UP =
      (master, replica) ->
          master.replid().equals(replica.replid()) && master.offset() == replica.offset();

  private final long epoch;
  private final long startedMs;
  private final BiPredicate<Report, Report> caughtUp;
  private final Map<Address, Long> askedMs = new TreeMap<>();
  private final Map<Address, Report> reports = new TreeMap<>();
  private String fenced = "";
  private boolean otherLife;
  private long firstMs = -1;

  HandOver(long epoch, long nowMs, BiPredicate<Report, Report> caughtUp) {
    this.epoch = epoch;
    this.startedMs = nowMs;
    this.caughtUp = caughtUp;
  }

  long epoch() {
    return epoch;
  }

  void answered(Address node, Order.Fence fence, OrderReply reply) {
    if (fence.epoch() == epoch && reply instanceof OrderReply.Held held) {
      reports.put(node, held.report());
    }
  }

  void linkLost(Address node) {
    askedMs.remove(node);
    // It may have restarted, and hold less than it reported.
    reports.remove(node);
  }

  /**
   * Whether the master that reports is not the one that served: it has restarted, and what it holds
   * now is not all that was acknowledged. Nobody can catch up with that, and it must not be named
   * again for want of anybody who did; what remains is a failover by the reports of all.
   */
  boolean isOfAnotherLife(MasterState m, KnownHistory history) {
    Report held = reports.get(m.master());
    if (held != null) {
      fenced = fenced.isEmpty() ? held.replid() : fenced;
      boolean changed = !fenced.equals(held.replid());
      otherLife |= changed || (history.isKnown(m) && !history.isOf(m, held.replid()));
    }
    return otherLife;
  }

  /** Sends what is due; the entry to propose, once there is one. */
  Optional<Entry.Promote> step(
      long nowMs, String group, MasterState m, List<NodeView> nodes, List<Effect> out) {
    for (NodeView node : nodes) {
      if (node.address().equals(m.master()) && !reports.containsKey(m.master())) {
        fence(nowMs, new Order.Fence(group, epoch, HOLD_MS), node, out);
      }
    }
    Report held = reports.get(m.master());
    if (held == null) {
      return Optional.empty();
    }
    boolean awaited = false;
    List<ReplicaChoice.Candidate> candidates = new ArrayList<>();
    for (NodeView node : nodes) {
      if (isEligible(m, node)) {
        follow(nowMs, group, held, node, out);
        Report report = reports.get(node.address());
        boolean whole = report != null && isCaughtUp(held, report, node);
        awaited |= !whole && node.info().get().linkUp();
        if (whole) {
          candidates.add(candidate(node, report));
        }
      }
    }
    firstMs = candidates.isEmpty() ? -1 : firstMs < 0 ? nowMs : firstMs;
    boolean chosen = firstMs >= 0 && (!awaited || nowMs - firstMs >= PREFER_MS);
    if (chosen) {
      return ReplicaChoice.best(candidates)
          .map(c -> new Entry.Promote(m.name(), epoch, c.node(), c.report()));
    }
    boolean over = nowMs - startedMs >= CATCH_UP_MS_MAX;
    return over
        ? Optional.of(new Entry.Promote(m.name(), epoch, m.master(), held))
        : Optional.empty();
  }

  /** Asks a replica how far it is, and fences it once it is there; never before. */
  private void follow(long nowMs, String group, Report held, NodeView node, List<Effect> out) {
    if (reports.containsKey(node.address())) {
      return;
    }
    if (caughtUp.test(held, node.info().get().report())) {
      fence(nowMs, new Order.Fence(group, epoch), node, out);
    } else if (node.askInfo(nowMs, ASK_MS)) {
      out.add(new Effect.AskInfo(node.address()));
    }
  }

  private void fence(long nowMs, Order.Fence order, NodeView node, List<Effect> out) {
    Long asked = askedMs.get(node.address());
    boolean due = asked == null || nowMs - asked >= Orders.RETRY_MS;
    if (due && node.isLinked() && node.info().isPresent()) {
      askedMs.put(node.address(), nowMs);
      out.add(new Effect.Send(node.address(), order, node.isWatchword()));
    }
  }

  private boolean isCaughtUp(Report held, Report report, NodeView node) {
    // A stock replica knows no epochs.
    boolean epochs = !node.isWatchword() || held.dataEpoch() == report.dataEpoch();
    return epochs && caughtUp.test(held, report);
  }

  private static boolean isEligible(MasterState m, NodeView node) {
    return !node.address().equals(m.master())
        && node.isLinked()
        && !node.isDown()
        && node.info().filter(i -> i.priority() != 0 && !i.isMaster()).isPresent();
  }

  private static ReplicaChoice.Candidate candidate(NodeView node, Report report) {
    NodeInfo info = node.info().get();
    return new ReplicaChoice.Candidate(
        node.address(), ReplicaChoice.Standing.COPY, info.priority(), report, info.runId());
  }
}
