package io.watchword.sentinel.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Failovers that operators asked this sentinel for and that are not answered yet. What is in vain
 * is refused, though not for what a node said before it was asked: it is asked again first. The
 * rest is proposed until the log has judged it, so that OK means that a failover has begun and not
 * that somebody heard of it.
 */
final class FailoverRequests {
  /** Without a majority nothing is judged; whoever asked is not to wait for ever. */
  static final long ANSWER_MS_MAX = 5000;

  /** How long a node may take to say anew what it is; then its last word counts. */
  static final long NEWS_MS_MAX = 500;

  private static final long PROPOSE_RETRY_MS = 200;
  private static final String IN_PROGRESS = "INPROG Failover already in progress";

  private record Request(Entry.Asked entry, long sinceMs) {}

  /** What was asked for, as long as it is neither refused nor proposed. */
  record Wanted(Event.FailoverWanted event, long sinceMs) {}

  private final Map<Long, Request> open = new TreeMap<>();
  private final Map<Long, Wanted> undecided = new TreeMap<>();

  void want(long nowMs, Event.FailoverWanted e) {
    undecided.put(e.ticket(), new Wanted(e, nowMs));
  }

  List<Wanted> undecided() {
    return List.copyOf(undecided.values());
  }

  /**
   * Refuses or proposes, unless a node has yet to say anew what it is.
   *
   * @param nodes this sentinel's views of the master and its replicas; empty for an unknown master
   */
  void decide(
      long nowMs,
      Wanted wanted,
      Member me,
      Optional<MasterState> master,
      List<NodeView> nodes,
      List<Effect> out) {
    Event.FailoverWanted e = wanted.event();
    undecided.remove(e.ticket());
    if (master.isEmpty()) {
      out.add(new Effect.Replied(e.ticket(), false, "ERR No such master with that name"));
      return;
    }
    MasterState m = master.get();
    boolean asked =
        open.values().stream().anyMatch(r -> r.entry().name().equals(m.name()))
            || undecided.values().stream()
                .map(Wanted::event)
                .anyMatch(w -> w.name().equals(m.name()) && w.ticket() < e.ticket());
    // A hand-over may wait for a master that can promise nothing; who forces it waits no longer.
    boolean overtakes = e.forced() && m.isHandingOver();
    if (asked || (m.failover().isPresent() && !overtakes)) {
      out.add(new Effect.Replied(e.ticket(), false, IN_PROGRESS));
      return;
    }
    // A stock master knows no fence, so it cannot hand over: its failover is the classic one.
    boolean forced = e.forced() || isStock(m, nodes);
    if (nodes.stream().noneMatch(n -> isGood(m, n, forced))) {
      if (isNewsAwaited(nowMs, wanted, nodes)) {
        undecided.put(e.ticket(), wanted);
        return;
      }
      String none = "NOGOODSLAVE No suitable replica to promote";
      out.add(new Effect.Replied(e.ticket(), false, none));
      return;
    }
    Entry.Asked entry =
        overtakes
            ? new Entry.HandOverForced(m.name(), m.epoch(), me.id(), me.incarnation(), e.ticket())
            : new Entry.FailoverAsked(
                m.name(), m.epoch(), m.master(), forced, me.id(), me.incarnation(), e.ticket());
    open.put(e.ticket(), new Request(entry, nowMs));
  }

  /** Whether a node that is reached was not heard since; it is asked again the first time. */
  private static boolean isNewsAwaited(long nowMs, Wanted wanted, List<NodeView> nodes) {
    List<NodeView> silent =
        nodes.stream().filter(n -> n.isLinked() && n.infoMs() <= wanted.sinceMs()).toList();
    if (nowMs == wanted.sinceMs()) {
      silent.forEach(NodeView::expireInfo);
    }
    return !silent.isEmpty() && nowMs - wanted.sinceMs() < NEWS_MS_MAX;
  }

  static boolean isStock(MasterState m, List<NodeView> nodes) {
    return nodes.stream()
        .filter(n -> n.address().equals(m.master()))
        .anyMatch(n -> n.info().isPresent() && !n.isWatchword());
  }

  private static boolean isGood(MasterState m, NodeView node, boolean forced) {
    boolean reached = node.isLinked() && !node.isDown() && !node.address().equals(m.master());
    // Only who has a link to the master can come to have all that it has.
    return reached
        && node.info()
            .filter(i -> !i.isMaster() && i.priority() != 0 && (forced || i.linkUp()))
            .isPresent();
  }

  /** An entry was judged; if it is one of these, who asked is answered. */
  void committed(Member me, Entry entry, Applied applied, List<Effect> out) {
    if (!(entry instanceof Entry.Asked asked)
        || !asked.sentinel().equals(me.id())
        || asked.incarnation() != me.incarnation()
        || open.remove(asked.ticket()) == null) {
      return;
    }
    boolean ok = applied.refusal().isEmpty();
    out.add(new Effect.Replied(asked.ticket(), ok, ok ? "OK" : IN_PROGRESS));
  }

  void tick(long nowMs, Proposals proposals, List<Effect> out) {
    for (Map.Entry<Long, Request> request : List.copyOf(open.entrySet())) {
      if (nowMs - request.getValue().sinceMs() >= ANSWER_MS_MAX) {
        open.remove(request.getKey());
        String late = "NOQUORUM The sentinels did not agree in time; the failover may still begin";
        out.add(new Effect.Replied(request.getKey(), false, late));
      } else {
        proposals.offer(nowMs, request.getValue().entry(), PROPOSE_RETRY_MS, out);
      }
    }
  }
}
