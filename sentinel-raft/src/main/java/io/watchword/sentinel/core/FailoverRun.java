package io.watchword.sentinel.core;

import io.watchword.sentinel.core.ReplicaChoice.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The leader's part of one failover, from BeginFailover to Promote: fence every node that can be
 * reached, wait for all of them or {@link #FENCE_WAIT_MS}, choose among the reports.
 *
 * <p>In mode {@code available} one report suffices. The old master is a last resort: it is chosen
 * again only when no replica has reported for {@link #LAST_RESORT_AFTER_MS}. So is a replica that
 * holds no full copy. Redis never promotes one whose link was down for too long; here it may be,
 * for FENCE itself takes links down and a failover can stay open for long.
 */
final class FailoverRun {
  static final long FENCE_WAIT_MS = 100;
  static final long LAST_RESORT_AFTER_MS = 1000;

  /** Redis's bound on how long the link of a good replica may have been down, in down-after. */
  private static final int LINK_DOWN_MAX = 10;

  /** The same of a replica that has received nothing since its snapshot. */
  private static final int LINK_DOWN_AT_BEGINNING_MAX = 2;

  /**
   * What the reports are held against.
   *
   * @param goneMs for how long the old master is down, or the failover open
   * @param isBeginning see {@link #isBeginning}
   */
  private record Known(MasterState m, KnownHistory history, long goneMs, boolean isBeginning) {}

  private final long epoch;
  private final long startedMs;
  private final Map<Address, Long> askedMs = new TreeMap<>();
  private final Map<Address, Report> reports = new TreeMap<>();
  private long warnedMs;

  FailoverRun(long epoch, long nowMs) {
    this.epoch = epoch;
    this.startedMs = nowMs;
    this.warnedMs = nowMs;
  }

  long epoch() {
    return epoch;
  }

  /** Sends FENCE to every node that is reached and has not reported, now and again. */
  void fence(long nowMs, String group, List<NodeView> nodes, List<Effect> out) {
    for (NodeView node : nodes) {
      Long asked = askedMs.get(node.address());
      boolean due = asked == null || nowMs - asked >= Orders.RETRY_MS;
      boolean known = node.isLinked() && node.info().isPresent();
      if (known && due && !reports.containsKey(node.address())) {
        askedMs.put(node.address(), nowMs);
        out.add(new Effect.Send(node.address(), new Order.Fence(group, epoch), node.isWatchword()));
      }
    }
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

  /** The entry to propose, once there is a choice. */
  Optional<Entry.Promote> choose(
      long nowMs, MasterState m, KnownHistory history, List<NodeView> nodes) {
    boolean waited = nowMs - startedMs >= FENCE_WAIT_MS;
    if (!waited && isAnyAwaited(m, nodes)) {
      return Optional.empty();
    }
    boolean lastResort = nowMs - startedMs >= LAST_RESORT_AFTER_MS;
    Known known = new Known(m, history, goneMs(nowMs, m, nodes), isBeginning(m, history, nodes));
    List<ReplicaChoice.Candidate> candidates = new ArrayList<>();
    for (NodeView node : nodes) {
      Report report = reports.get(node.address());
      boolean old = node.address().equals(m.master());
      if (report != null && node.isLinked() && !node.isDown()) {
        Standing standing = standing(known, node, report);
        boolean early = standing == Standing.EMPTY && !isEveryDataSetKnown(nowMs, m);
        if (!early && (lastResort || (!old && standing == Standing.COPY))) {
          candidates.add(candidate(node, standing, report, old));
        }
      }
    }
    return ReplicaChoice.best(candidates)
        .map(c -> new Entry.Promote(m.name(), epoch, c.node(), c.report()));
  }

  /**
   * Whether an empty node may be named: somebody who is only out of reach, or still loading, may
   * hold what it would make everybody drop.
   */
  private boolean isEveryDataSetKnown(long nowMs, MasterState m) {
    return reports.keySet().containsAll(m.nodes())
        || nowMs - startedMs >= m.config().failoverTimeoutMs();
  }

  private long goneMs(long nowMs, MasterState m, List<NodeView> nodes) {
    long sinceMs = startedMs;
    for (NodeView node : nodes) {
      if (node.address().equals(m.master()) && node.isDown()) {
        sinceMs = Math.min(sinceMs, node.downSinceMs());
      }
    }
    return nowMs - sinceMs;
  }

  private Standing standing(Known known, NodeView node, Report report) {
    MasterState m = known.m();
    KnownHistory history = known.history();
    long newest = reports.values().stream().mapToLong(Report::dataEpoch).max().orElse(0);
    boolean old = node.address().equals(m.master());
    // What came back as the master's own data is at least its data.
    boolean seen = history.hasSeen(report.replid());
    boolean ours = old || !history.isKnown(m) || seen;
    boolean inNewestEpoch = newest > 0 && report.dataEpoch() == newest;
    // Who has a master's replid has its snapshot, also at the very first byte of its stream.
    boolean mayBeCopy = newest == 0 && !history.isKnown(m) && (seen || !report.isEmpty());
    boolean copy = inNewestEpoch || history.isOf(m, report.replid()) || mayBeCopy;
    if (!copy && !ours) {
      return Standing.FOREIGN;
    }
    long linkDownMs = node.info().filter(i -> !i.isMaster()).map(NodeInfo::linkDownMs).orElse(0L);
    int periods = report.isEmpty() ? LINK_DOWN_AT_BEGINNING_MAX : LINK_DOWN_MAX;
    boolean recent = linkDownMs <= known.goneMs() + periods * m.config().downAfterMs();
    if (report.isEmpty()) {
      return copy && recent && known.isBeginning() ? Standing.COPY : Standing.EMPTY;
    }
    return copy && recent ? Standing.COPY : Standing.OLDER;
  }

  /**
   * Whether nothing was written as far as anybody knows: everybody who lives has reported, and
   * nobody more than the first byte of a history.
   */
  private boolean isBeginning(MasterState m, KnownHistory history, List<NodeView> nodes) {
    for (NodeView node : nodes) {
      Report report = reports.get(node.address());
      boolean silent = !node.address().equals(m.master()) && !node.isDown() && report == null;
      boolean further =
          report != null
              && !report.isEmpty()
              && (report.dataEpoch() > 0
                  || !history.isKnown(m)
                  || history.hasSeen(report.replid()));
      if (silent || further) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is time to say (again) that nobody can be promoted. */
  boolean isHopeless(long nowMs, MasterConfig config) {
    if (nowMs - warnedMs < config.failoverTimeoutMs()) {
      return false;
    }
    warnedMs = nowMs;
    return true;
  }

  private boolean isAnyAwaited(MasterState m, List<NodeView> nodes) {
    for (NodeView node : nodes) {
      boolean old = node.address().equals(m.master());
      boolean expected = old ? node.isLinked() : !node.isDown();
      if (expected && !node.isDown() && !reports.containsKey(node.address())) {
        return true;
      }
    }
    return false;
  }

  private static ReplicaChoice.Candidate candidate(
      NodeView node, Standing standing, Report report, boolean old) {
    int priority = old ? Integer.MAX_VALUE : node.info().map(NodeInfo::priority).orElse(0);
    String runId = node.info().map(NodeInfo::runId).orElse("");
    return new ReplicaChoice.Candidate(node.address(), standing, priority, report, runId);
  }
}
