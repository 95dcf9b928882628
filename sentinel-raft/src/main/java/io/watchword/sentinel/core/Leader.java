package io.watchword.sentinel.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * What only the leader does, for one master and one leadership. It decides nothing that the log
 * does not judge again: losing this object loses time, never safety.
 */
final class Leader {
  /** A vote that was not confirmed for this long is dropped. */
  static final long VOTE_EXPIRES_MS = 5000;

  /** Only votes confirmed within this time open a failover. */
  static final long VOTE_FRESH_MS = 3000;

  static final long BEAT_PERIOD_MS = 500;
  static final long BEAT_TTL_MS = 5000;
  private static final long PROPOSE_RETRY_MS = 300;

  /**
   * For how long, beside two dials, a replica is reached before it says something of its master.
   */
  static final long STANDS_MS_MIN = 300;

  private static final long NOTE_PERIOD_MS = 60_000;

  /** A replica that cannot resynchronize in this time no longer holds up the next one. */
  private static final long RESYNC_MS_MAX = 10_000;

  /** The epoch matters: what a node was told before the last failover it no longer waits for. */
  private record FollowSent(long epoch, long atMs) {}

  private final String name;
  private final KnownHistory history;
  private final long electedMs;
  private final Orders orders = new Orders();
  private final Map<String, Long> voteHeardMs = new TreeMap<>();
  private final Map<Address, FollowSent> followSent = new TreeMap<>();
  private final Map<Address, Long> claimSentMs = new TreeMap<>();
  private final Map<String, Long> notedMs = new TreeMap<>();
  private final SortedSet<Address> claimed = new TreeSet<>();
  private final BiPredicate<Report, Report> caughtUp;
  private FailoverRun run;
  private HandOver handOver;
  private long beatSentMs = -1;
  private long nonce;

  Leader(String name, KnownHistory history, BiPredicate<Report, Report> caughtUp, long nowMs) {
    this.name = name;
    this.history = history;
    this.caughtUp = caughtUp;
    this.electedMs = nowMs;
  }

  void heardVote(long nowMs, Entry.Vote vote) {
    voteHeardMs.put(vote.sentinel(), nowMs);
  }

  void linkLost(Address node) {
    orders.linkLost(node);
    claimed.remove(node);
    claimSentMs.remove(node);
    if (run != null) {
      run.linkLost(node);
    }
    if (handOver != null) {
      handOver.linkLost(node);
    }
  }

  /** Whether this leader waits for the replica to resynchronize, hence wants its INFO often. */
  boolean isResyncing(long nowMs, MasterState m, NodeView node) {
    FollowSent sent = followSent.get(node.address());
    boolean up = node.info().map(NodeInfo::linkUp).orElse(false);
    return sent != null && sent.epoch() == m.epoch() && nowMs - sent.atMs() < RESYNC_MS_MAX && !up;
  }

  /** One round: proposals and orders that are due. */
  void lead(long nowMs, SentinelState state, List<NodeView> nodes, Proposals p, List<Effect> out) {
    MasterState m = state.masters().get(name);
    discover(nowMs, m, nodes, p, out);
    expireVotes(nowMs, m, p, out);
    for (NodeView node : nodes) {
      claim(nowMs, state, node, out);
    }
    if (m.failover().isPresent()) {
      failOver(nowMs, state, m, nodes, p, out);
      return;
    }
    run = null;
    handOver = null;
    begin(nowMs, m, nodes, p, out);
    for (NodeView node : nodes) {
      if (node.address().equals(m.master())) {
        serve(nowMs, state, m, node, out);
      }
    }
    for (NodeView node : nodes) {
      if (!node.address().equals(m.master())) {
        follow(nowMs, state, m, node, nodes, out);
      }
    }
  }

  void answered(long nowMs, SentinelState state, Event.Answered e, Proposals p, List<Effect> out) {
    orders.answered(nowMs, e.node(), e.order(), e.reply());
    MasterState m = state.masters().get(name);
    if (e.order() instanceof Order.Fence fence) {
      if (run != null) {
        run.answered(e.node(), fence, e.reply());
      }
      if (handOver != null) {
        handOver.answered(e.node(), fence, e.reply());
      }
    } else if (e.order() instanceof Order.Claim && e.reply() instanceof OrderReply.Done) {
      claimed.add(e.node());
    } else if (e.reply() instanceof OrderReply.Refused refused) {
      if (e.order() instanceof Order.Beat beat) {
        orders.forget(e.node());
        declined(nowMs, m, beat.epoch(), e.node(), refused, p, out);
      } else if (e.order() instanceof Order.Promote promote) {
        declined(nowMs, m, promote.epoch(), e.node(), refused, p, out);
      }
    }
    note(nowMs, e, out);
  }

  /** The node cannot be the master of its epoch, for it has not the data. */
  private void declined(
      long nowMs,
      MasterState m,
      long epoch,
      Address node,
      OrderReply.Refused refused,
      Proposals p,
      List<Effect> out) {
    // Other errors, such as LOADING or a full disk, pass: the order is repeated.
    if (epoch == m.epoch() && refused.error().startsWith("LACKING")) {
      Entry refusal = new Entry.PromotionRefused(name, epoch, node);
      p.offer(nowMs, refusal, PROPOSE_RETRY_MS, out);
    }
  }

  /** Orders are repeated often, so a refusal that stays the same is told once a minute. */
  private void note(long nowMs, Event.Answered e, List<Effect> out) {
    String text = refusal(e.reply());
    if (text.isEmpty()) {
      return;
    }
    String line = e.order().getClass().getSimpleName() + " to " + e.node() + text;
    notedMs.values().removeIf(at -> nowMs - at >= NOTE_PERIOD_MS);
    if (notedMs.putIfAbsent(line, nowMs) == null) {
      out.add(new Effect.Note(line));
    }
  }

  private static String refusal(OrderReply reply) {
    if (reply instanceof OrderReply.Stale stale) {
      return ": the node has promised epoch " + stale.held();
    }
    if (reply instanceof OrderReply.Foreign foreign) {
      return ": the node belongs to the group " + foreign.group();
    }
    return reply instanceof OrderReply.Refused refused ? " was refused: " + refused.error() : "";
  }

  private void discover(
      long nowMs, MasterState m, List<NodeView> nodes, Proposals p, List<Effect> out) {
    for (NodeView node : nodes) {
      Optional<NodeInfo> info = node.info().filter(NodeInfo::isMaster);
      if (node.address().equals(m.master()) && info.isPresent() && m.failover().isEmpty()) {
        for (Address replica : info.get().replicas()) {
          if (!m.nodes().contains(replica)) {
            Entry found = new Entry.ReplicaFound(name, m.epoch(), replica);
            p.offer(nowMs, found, PROPOSE_RETRY_MS, out);
          }
        }
      }
    }
  }

  private void expireVotes(long nowMs, MasterState m, Proposals p, List<Effect> out) {
    for (Map.Entry<String, Long> vote : m.votes().entrySet()) {
      if (nowMs - heardMs(vote.getKey()) > VOTE_EXPIRES_MS) {
        Entry expired = new Entry.VoteExpired(name, vote.getKey(), vote.getValue());
        p.offer(nowMs, expired, PROPOSE_RETRY_MS, out);
      }
    }
  }

  private void begin(
      long nowMs, MasterState m, List<NodeView> nodes, Proposals p, List<Effect> out) {
    SortedMap<String, Long> fresh = new TreeMap<>(m.votes());
    // A vote that was not confirmed to this leader may be of a sentinel that died before.
    fresh
        .keySet()
        .removeIf(
            sentinel ->
                !voteHeardMs.containsKey(sentinel) || nowMs - heardMs(sentinel) > VOTE_FRESH_MS);
    // Without a replica in reach there is nobody to promote: a new epoch would only stop the old
    // master, which may be well and merely cut off from the sentinels with everybody else. When the
    // cut is over a replica may be reached some moments before the master is.
    if (fresh.size() >= m.config().quorum() && isAnyReplicaReached(nowMs, m, nodes)) {
      Entry begin = new Entry.BeginFailover(name, m.epoch(), m.master(), fresh);
      p.offer(nowMs, begin, PROPOSE_RETRY_MS, out);
    }
  }

  private static boolean isAnyReplicaReached(long nowMs, MasterState m, List<NodeView> nodes) {
    long standsMs = STANDS_MS_MIN + 2 * Suspicion.pingPeriodMs(m.config().downAfterMs());
    return nodes.stream()
        .filter(n -> !n.address().equals(m.master()) && n.isFresh() && !n.isDown())
        .filter(n -> n.linkedForMs(nowMs) >= standsMs)
        .anyMatch(n -> n.info().filter(i -> i.priority() != 0).isPresent());
  }

  /** An unheard vote expires as if it was heard at the election. */
  private long heardMs(String sentinel) {
    return voteHeardMs.getOrDefault(sentinel, electedMs);
  }

  private void failOver(
      long nowMs,
      SentinelState state,
      MasterState m,
      List<NodeView> nodes,
      Proposals p,
      List<Effect> out) {
    // A master that a quorum holds for down hands nothing over any more, nor one that restarted.
    boolean alive = !m.isObjectivelyDown() && !FailoverRequests.isStock(m, nodes);
    boolean same = handOver == null || !handOver.isOfAnotherLife(m, history);
    if (m.isHandingOver() && alive && same) {
      handOver(nowMs, state, m, nodes, p, out);
      return;
    }
    // Kept: if the master comes back, what was waited for its replicas counts.
    if (run == null || run.epoch() != m.epoch()) {
      run = new FailoverRun(m.epoch(), nowMs);
    }
    run.fence(nowMs, state.group(), nodes, out);
    Optional<Entry.Promote> choice = run.choose(nowMs, m, history, nodes);
    if (choice.isPresent()) {
      p.offer(nowMs, choice.get(), PROPOSE_RETRY_MS, out);
    } else if (run.isHopeless(nowMs, m.config())) {
      out.add(
          new Effect.Announce(
              Announcement.ofMaster("-failover-abort-no-good-slave", name, m.master(), "")));
    }
  }

  private void handOver(
      long nowMs,
      SentinelState state,
      MasterState m,
      List<NodeView> nodes,
      Proposals p,
      List<Effect> out) {
    run = null;
    if (handOver == null || handOver.epoch() != m.epoch()) {
      handOver = new HandOver(m.epoch(), nowMs, caughtUp);
    }
    handOver
        .step(nowMs, state.group(), m, nodes, out)
        .ifPresent(named -> p.offer(nowMs, named, PROPOSE_RETRY_MS, out));
  }

  /** Every node of ours is claimed once per connection, for it may have lost its folder. */
  private void claim(long nowMs, SentinelState state, NodeView node, List<Effect> out) {
    if (node.isFresh() && node.isWatchword() && !state.group().isEmpty()) {
      Long at = claimSentMs.get(node.address());
      boolean due = at == null || nowMs - at >= Orders.RETRY_MS;
      if (due && !claimed.contains(node.address())) {
        claimSentMs.put(node.address(), nowMs);
        StringBuilder sentinels = new StringBuilder();
        for (Member member : state.sentinels().values()) {
          sentinels.append(sentinels.length() == 0 ? "" : ",").append(member.api());
        }
        Order claim = new Order.Claim(state.group(), sentinels.toString());
        out.add(new Effect.Send(node.address(), claim, true));
      }
    }
  }

  private void serve(
      long nowMs, SentinelState state, MasterState m, NodeView node, List<Effect> out) {
    if (!node.isFresh()) {
      return;
    }
    Optional<Order> order = Duties.standing(state.group(), m, node.address());
    order.ifPresent(o -> orders.ensure(nowMs, node, o, out));
    boolean due = beatSentMs < 0 || nowMs - beatSentMs >= BEAT_PERIOD_MS;
    boolean named = order.isEmpty() || orders.isObeyed(node, order.get());
    if (node.isWatchword() && named && (due || node.infoMs() > beatSentMs)) {
      beatSentMs = nowMs;
      Order beat = new Order.Beat(state.group(), m.epoch(), BEAT_TTL_MS, ++nonce);
      out.add(new Effect.Send(node.address(), beat, true));
    }
  }

  private void follow(
      long nowMs,
      SentinelState state,
      MasterState m,
      NodeView node,
      List<NodeView> nodes,
      List<Effect> out) {
    Order order = Duties.standing(state.group(), m, node.address()).orElseThrow();
    if (!node.isFresh() || orders.isObeyed(node, order)) {
      return;
    }
    boolean claimsToBeMaster = node.info().map(NodeInfo::isMaster).orElse(false);
    if (!claimsToBeMaster && (!isServing(state, m, nodes) || isFull(nowMs, m, node, nodes))) {
      return;
    }
    int before = out.size();
    orders.ensure(nowMs, node, order, out);
    if (out.size() > before) {
      followSent.put(node.address(), new FollowSent(m.epoch(), nowMs));
    }
  }

  /** Whether the master has taken over, so that a replica can follow it. */
  private boolean isServing(SentinelState state, MasterState m, List<NodeView> nodes) {
    Optional<Order> order = Duties.standing(state.group(), m, m.master());
    for (NodeView node : nodes) {
      if (node.address().equals(m.master())) {
        return order.isEmpty() || orders.isObeyed(node, order.get());
      }
    }
    return false;
  }

  /** Whether as many replicas as {@code parallel-syncs} allows are resynchronizing already. */
  private boolean isFull(long nowMs, MasterState m, NodeView self, List<NodeView> nodes) {
    int busy = 0;
    for (NodeView node : nodes) {
      busy += node != self && !node.isDown() && isResyncing(nowMs, m, node) ? 1 : 0;
    }
    return busy >= m.config().parallelSyncs();
  }
}
