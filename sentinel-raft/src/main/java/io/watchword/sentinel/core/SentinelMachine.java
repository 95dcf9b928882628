package io.watchword.sentinel.core;

import io.watchword.sys.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * One sentinel: the fold over the log, its own view of every node, and, while it leads, the duties
 * that follow from the state. Pure: time, replies and committed entries come in as events, and what
 * is to be done goes out as effects. The simulator and the live driver run this same class.
 *
 * <p>Every sentinel watches and votes; the log counts the votes; only the leader gives orders.
 * Orders carry the epoch, so a leader that does not know yet that it is deposed does no harm.
 *
 * <p>One thread calls it.
 */
public final class SentinelMachine implements Machine<Event, Effect, SentinelState> {
  static final long HELLO_PERIOD_MS = 2000;

  /** INFO is asked this often while something is changing or wrong. */
  static final long INFO_FAST_MS = 1000;

  private static final long INFO_RESYNC_MS = 100;

  /** How long after a change of the state its nodes are asked often. */
  private static final long SETTLING_MS = 30_000;

  private static final long VOTE_CONFIRM_MS = 1000;
  private static final long PROPOSE_RETRY_MS = 200;

  /**
   * Leadership is not handed on sooner after an election than this, for a leader must have time to
   * act; and twice as long after each time that it did not help, for it may help nobody.
   */
  private static final long HAND_OVER_MS = 5000;

  private static final long HAND_OVER_MS_MAX = 10 * 60_000;

  private final Self self;
  private final BiFunction<SentinelState, Entry, Applied> fold;
  private final BiPredicate<Report, Report> caughtUp;
  private final FailoverRequests requests = new FailoverRequests();
  private final SortedMap<Address, NodeView> nodes = new TreeMap<>();
  private final SortedMap<String, Leader> leading = new TreeMap<>();
  private final SortedMap<String, KnownHistory> histories = new TreeMap<>();
  private final SortedMap<String, Long> changedMs = new TreeMap<>();
  private final Proposals proposals = new Proposals();
  private final Map<String, Long> voteSentMs = new TreeMap<>();
  private SentinelState state = SentinelState.EMPTY;
  private long index;
  private long term = -1;
  private long electedMs;
  private long handedOverMs = Long.MIN_VALUE / 2;
  private long handOverWaitMs = HAND_OVER_MS;
  private long now;
  private List<Effect> out = new ArrayList<>();

  public SentinelMachine(Self self) {
    this(self, SentinelState::apply, HandOver.CAUGHT_UP);
  }

  /** A test puts rules with a guard taken out here, to see that its absence is noticed. */
  SentinelMachine(
      Self self,
      BiFunction<SentinelState, Entry, Applied> fold,
      BiPredicate<Report, Report> caughtUp) {
    this.self = self;
    this.fold = fold;
    this.caughtUp = caughtUp;
  }

  @Override
  public List<Effect> step(long nowMs, Event event) {
    assert nowMs >= now : "time went backwards";
    now = nowMs;
    out = new ArrayList<>();
    event.to(this);
    return List.copyOf(out);
  }

  /** The log's state is all that a specification knows of a sentinel; the rest is its own view. */
  @Override
  public SentinelState view() {
    return state;
  }

  /** Who this sentinel is. */
  public Self self() {
    return self;
  }

  /** The state as of the last applied entry. */
  public SentinelState state() {
    return state;
  }

  /** Index of the last applied entry. */
  public long appliedIndex() {
    return index;
  }

  /** The term in which this sentinel leads, or -1. */
  public long leaderTerm() {
    return term;
  }

  /** This sentinel's view of a node, if it watches it. */
  public Optional<NodeView> node(Address address) {
    return Optional.ofNullable(nodes.get(address));
  }

  /** Time of the last event. */
  public long nowMs() {
    return now;
  }

  void on(Event.Committed e) {
    SentinelState before = state;
    Applied applied = fold.apply(before, e.entry());
    index = e.index();
    adopt(applied.state());
    boolean decides =
        e.entry() instanceof Entry.BeginFailover || e.entry() instanceof Entry.Promote;
    if (decides && applied.refusal().isPresent()) {
      out.add(new Effect.Note("Entry " + e.index() + " refused: " + applied.refusal().get()));
    }
    boolean taken = applied.refusal().isEmpty();
    if (e.entry() instanceof Entry.Vote vote && taken && leading.containsKey(vote.name())) {
      leading.get(vote.name()).heardVote(now, vote);
    }
    requests.committed(self.member(), e.entry(), applied, out);
    announce(before);
    lead();
  }

  /**
   * What was committed before this start is history, which nobody must take for news: it ends with
   * the entry by which this start joins.
   */
  private void announce(SentinelState before) {
    Member me = self.member();
    if (state.isCurrent(me.id(), me.incarnation())) {
      boolean joins = !before.isCurrent(me.id(), me.incarnation());
      SentinelState known = joins ? SentinelState.EMPTY : before;
      for (Announcement a : Announcements.of(known, state, me.id())) {
        out.add(new Effect.Announce(a));
      }
    }
  }

  void on(Event.Restored e) {
    SentinelState before = state;
    index = e.index();
    adopt(e.state());
    // A snapshot that another sentinel sent stands for entries that were never delivered here.
    announce(before);
  }

  void on(Event.Elected e) {
    term = e.term();
    electedMs = now;
    leading.clear();
    proposals.clear();
    out.add(new Effect.Note("This sentinel leads in term " + e.term()));
    lead();
  }

  void on(Event.Deposed e) {
    if (term >= 0) {
      out.add(new Effect.Note("This sentinel no longer leads in term " + term));
    }
    term = -1;
    leading.clear();
    proposals.clear();
  }

  void on(Event.LinkUp e) {
    with(
        e.node(),
        node -> {
          node.linkUp(now);
          stop(node);
          watch(node);
        });
  }

  void on(Event.LinkLost e) {
    with(e.node(), this::lost);
  }

  void on(Event.Ponged e) {
    with(e.node(), node -> node.ponged(now, Suspicion.isValidPong(e.reply())));
  }

  void on(Event.Informed e) {
    with(
        e.node(),
        node -> {
          boolean refused = node.info().map(NodeInfo::refusesSync).orElse(false);
          node.informed(now, e.info());
          stop(node);
          if (e.info().refusesSync() && !refused) {
            announceRefusal(node);
          }
          state
              .master(node.master())
              .ifPresent(m -> history(m.name()).heard(m, e.node(), e.info()));
        });
    lead();
  }

  void on(Event.InfoRefused e) {
    with(e.node(), NodeView::infoRefused);
  }

  void on(Event.Answered e) {
    with(
        e.node(),
        node -> {
          if (e.reply() instanceof OrderReply.Done) {
            obeyed(node, e.order());
          }
          Leader leader = leading.get(node.master());
          if (leader != null) {
            leader.answered(now, state, e, proposals, out);
            if (e.order() instanceof Order.Promote || e.order() instanceof Order.Follow) {
              node.expireInfo();
            }
          }
        });
    lead();
  }

  void on(Event.FailoverWanted e) {
    requests.want(now, e);
    serveRequests();
  }

  private void serveRequests() {
    for (FailoverRequests.Wanted wanted : requests.undecided()) {
      Optional<MasterState> master = state.master(wanted.event().name());
      List<NodeView> views = master.map(this::views).orElse(List.of());
      requests.decide(now, wanted, self.member(), master, views, out);
    }
    requests.tick(now, proposals, out);
  }

  void on(Event.Tick e) {
    for (NodeView node : nodes.values()) {
      watch(node);
      judge(node);
    }
    join();
    vote();
    serveRequests();
    lead();
    handOver();
  }

  private KnownHistory history(String master) {
    return histories.computeIfAbsent(master, name -> new KnownHistory());
  }

  private void with(Address address, Consumer<NodeView> action) {
    NodeView node = nodes.get(address);
    if (node != null) {
      action.accept(node);
    }
  }

  private void adopt(SentinelState next) {
    if (next.equals(state)) {
      return;
    }
    for (MasterState m : next.masters().values()) {
      if (!m.equals(state.masters().get(m.name()))) {
        changedMs.put(m.name(), now);
      }
    }
    SentinelState before = state;
    state = next;
    SortedMap<Address, NodeView> wanted = new TreeMap<>();
    for (MasterState m : state.masters().values()) {
      for (Address a : m.nodes()) {
        wanted.put(a, new NodeView(a, NodeView.Kind.DATA, m.name(), now));
      }
    }
    for (Member member : state.sentinels().values()) {
      if (!member.id().equals(self.member().id())) {
        wanted.putIfAbsent(
            member.api(), new NodeView(member.api(), NodeView.Kind.SENTINEL, "", now));
      }
    }
    for (Address gone : new ArrayList<>(nodes.keySet())) {
      if (!wanted.containsKey(gone)) {
        nodes.remove(gone);
        out.add(new Effect.Disconnect(gone));
      }
    }
    wanted.forEach(nodes::putIfAbsent);
    for (MasterState m : state.masters().values()) {
      MasterState was = before.masters().get(m.name());
      if (was == null || was.epoch() != m.epoch() || !was.master().equals(m.master())) {
        nodes.get(m.master()).expectRole(now);
      }
    }
  }

  /** Keeps the connection, and asks what is due to be asked. */
  private void watch(NodeView node) {
    long downAfterMs = downAfterMs(node);
    long pingPeriodMs =
        node.kind() == NodeView.Kind.DATA
            ? Suspicion.pingPeriodMs(downAfterMs)
            : Math.min(1000, downAfterMs);
    if (node.isStuck(now, Math.max(1000, downAfterMs))) {
      out.add(new Effect.Disconnect(node.address()));
      lost(node);
    }
    stop(node);
    if (node.dial(now, pingPeriodMs)) {
      out.add(new Effect.Connect(node.address()));
    }
    if (node.ping(now, pingPeriodMs)) {
      out.add(new Effect.Ping(node.address()));
    }
    if (node.kind() == NodeView.Kind.DATA) {
      if (node.askInfo(now, infoPeriodMs(node))) {
        out.add(new Effect.AskInfo(node.address()));
      }
      if (node.hello(now, HELLO_PERIOD_MS)) {
        out.add(new Effect.Hello(node.address(), hello(state.masters().get(node.master()))));
      }
    }
  }

  /**
   * Whoever reaches a node first tells it, with the first bytes, that it is no longer the master: a
   * leader would have to reach it too, and until then it would acknowledge writes that are lost.
   */
  private void stop(NodeView node) {
    MasterState m = state.masters().get(node.master());
    if (m == null || m.isHandingOver() || !node.isWatchword() || !node.isUntold(m.epoch())) {
      return;
    }
    node.told(m.epoch());
    Duties.stop(state.group(), m, node)
        .ifPresent(order -> out.add(new Effect.Send(node.address(), order, true)));
  }

  private void obeyed(NodeView node, Order order) {
    MasterState m = state.masters().get(node.master());
    if (order instanceof Order.Follow follow && node.isConverted(follow.epoch())) {
      out.add(new Effect.Announce(Announcement.converted(node.address(), m)));
    }
  }

  private void lost(NodeView node) {
    node.linkLost(now);
    Leader leader = leading.get(node.master());
    if (leader != null) {
      leader.linkLost(node.address());
    }
  }

  private long downAfterMs(NodeView node) {
    if (node.kind() == NodeView.Kind.DATA) {
      return state.masters().get(node.master()).config().downAfterMs();
    }
    return state.masters().values().stream()
        .mapToLong(m -> m.config().downAfterMs())
        .max()
        .orElse(30_000);
  }

  private long infoPeriodMs(NodeView node) {
    MasterState m = state.masters().get(node.master());
    Leader leader = leading.get(node.master());
    if (leader != null && leader.isResyncing(now, m, node)) {
      return INFO_RESYNC_MS;
    }
    boolean settling = now - changedMs.getOrDefault(m.name(), 0L) < SETTLING_MS;
    boolean wrong = !m.votes().isEmpty() || m.failover().isPresent() || node.isDown();
    boolean linkDown =
        !node.address().equals(m.master()) && !node.info().map(NodeInfo::linkUp).orElse(false);
    return settling || wrong || linkDown ? INFO_FAST_MS : Suspicion.INFO_PERIOD_MS;
  }

  /** Eight fields, as Redis Sentinel writes them. */
  private String hello(MasterState m) {
    Member me = self.member();
    return String.join(
        ",",
        me.api().host(),
        Integer.toString(me.api().port()),
        me.id(),
        Long.toString(m.epoch()),
        m.name(),
        m.master().host(),
        Integer.toString(m.master().port()),
        Long.toString(m.configEpoch()));
  }

  private void judge(NodeView node) {
    MasterState m = state.masters().get(node.master());
    boolean isMaster = m != null && m.failover().isEmpty() && node.address().equals(m.master());
    if (!node.judge(now, downAfterMs(node), isMaster)) {
      return;
    }
    String event = node.isDown() ? "+sdown" : "-sdown";
    if (m != null && node.address().equals(m.master())) {
      out.add(new Effect.Announce(Announcement.ofMaster(event, m.name(), m.master(), "")));
    } else if (m != null) {
      out.add(
          new Effect.Announce(
              Announcement.ofReplica(
                  event, Announcement.Level.WARNING, node.address(), m.name(), m.master())));
    } else {
      announceSentinel(event, node.address());
    }
  }

  /** A replica holds what its master has lost; somebody may have to say which of them is right. */
  private void announceRefusal(NodeView node) {
    MasterState m = state.masters().get(node.master());
    if (m != null) {
      out.add(
          new Effect.Announce(
              Announcement.ofReplica(
                  "-sync-refused",
                  Announcement.Level.WARNING,
                  node.address(),
                  m.name(),
                  m.master())));
    }
  }

  private void announceSentinel(String event, Address api) {
    for (Member member : state.sentinels().values()) {
      if (member.api().equals(api)) {
        for (MasterState m : state.masters().values()) {
          out.add(
              new Effect.Announce(
                  Announcement.ofSentinel(
                      event, Announcement.Level.WARNING, member, m.name(), m.master())));
        }
      }
    }
  }

  private void join() {
    Member me = self.member();
    if (!state.isCurrent(me.id(), me.incarnation())) {
      proposals.offer(now, new Entry.Joined(me), PROPOSE_RETRY_MS, out);
    }
  }

  /** Brings this sentinel's view of each master into the log, and confirms it while it is down. */
  private void vote() {
    Member me = self.member();
    if (!state.isCurrent(me.id(), me.incarnation())) {
      return;
    }
    for (MasterState m : state.masters().values()) {
      boolean down = nodes.get(m.master()).isDown();
      boolean voted = Long.valueOf(me.incarnation()).equals(m.votes().get(me.id()));
      long sinceMs = now - voteSentMs.getOrDefault(m.name(), Long.MIN_VALUE / 2);
      boolean due =
          down == voted ? down && sinceMs >= VOTE_CONFIRM_MS : sinceMs >= PROPOSE_RETRY_MS;
      // A master that is to hand over may die of it.
      if (due && (m.failover().isEmpty() || m.isHandingOver())) {
        voteSentMs.put(m.name(), now);
        out.add(
            new Effect.Propose(
                new Entry.Vote(m.name(), me.id(), me.incarnation(), m.master(), down)));
      } else if (!down && !voted) {
        voteSentMs.remove(m.name());
      }
    }
  }

  /**
   * A leader that reaches its peers but no data node stands in the way: the others could act and do
   * not lead. If they hold the master for down as well, nobody could act, and it stays.
   */
  private void handOver() {
    if (nodes.values().stream().noneMatch(n -> n.kind() == NodeView.Kind.DATA && n.isDown())) {
      handOverWaitMs = HAND_OVER_MS;
    }
    if (term < 0 || now - electedMs < HAND_OVER_MS || now - handedOverMs < handOverWaitMs) {
      return;
    }
    String me = self.member().id();
    for (MasterState m : state.masters().values()) {
      boolean blind = m.nodes().stream().allMatch(a -> nodes.get(a).isDown());
      // It may hand over to nobody whom it cannot tell.
      boolean deaf = m.isHandingOver() && nodes.get(m.master()).isDown() && !m.isObjectivelyDown();
      boolean others = m.votes().keySet().stream().anyMatch(s -> !s.equals(me));
      boolean wanted = m.failover().isPresent() || m.isObjectivelyDown();
      if ((blind || deaf) && (wanted || !others) && state.sentinels().size() > 1) {
        boolean first = handedOverMs < 0;
        handOverWaitMs = first ? HAND_OVER_MS : Math.min(HAND_OVER_MS_MAX, 2 * handOverWaitMs);
        handedOverMs = now;
        out.add(
            new Effect.Note(
                (deaf ? "The master" : "No data node")
                    + " of "
                    + m.name()
                    + " is reached: handing on the lead"));
        out.add(new Effect.HandOver());
        return;
      }
    }
  }

  private void lead() {
    if (term < 0) {
      return;
    }
    if (state.group().isEmpty()) {
      proposals.offer(now, new Entry.Founded(self.newGroup()), PROPOSE_RETRY_MS, out);
      return;
    }
    for (Entry.Monitored wanted : self.masters()) {
      if (!state.masters().containsKey(wanted.name())) {
        proposals.offer(now, wanted, PROPOSE_RETRY_MS, out);
      }
    }
    for (MasterState m : state.masters().values()) {
      leading
          .computeIfAbsent(m.name(), name -> new Leader(name, history(name), caughtUp, now))
          .lead(now, state, views(m), proposals, out);
    }
  }

  private List<NodeView> views(MasterState m) {
    List<NodeView> views = new ArrayList<>();
    for (Address a : m.nodes()) {
      views.add(nodes.get(a));
    }
    return views;
  }
}
