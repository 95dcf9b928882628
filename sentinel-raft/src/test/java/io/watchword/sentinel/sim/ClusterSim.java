package io.watchword.sentinel.sim;

import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Applied;
import io.watchword.sentinel.core.Effect;
import io.watchword.sentinel.core.Entry;
import io.watchword.sentinel.core.Event;
import io.watchword.sentinel.core.MasterConfig;
import io.watchword.sentinel.core.MasterState;
import io.watchword.sentinel.core.Member;
import io.watchword.sentinel.core.Order;
import io.watchword.sentinel.core.OrderReply;
import io.watchword.sentinel.core.Self;
import io.watchword.sentinel.core.SentinelMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A whole cluster from one seed: three sentinels (the real machine), three data nodes (a model that
 * obeys by the engine's own authority), the hostile log, and links that are cut, slow, or lose a
 * reply. Things are broken for a while, then everything is healed and progress is required, so that
 * safety and liveness are judged apart.
 */
final class ClusterSim {
  static final String NAME = "mymaster";

  /** After this time the mutant's nodes accept writes again. */
  private static final long MUTANT_HOLD_MS = 100;

  private static final int QUORUM = 2;
  private static final double SLOW = 0.02;

  /** Orders are held up more often, for an order that comes late is what epochs are for. */
  private static final double ORDER_SLOW = 0.15;

  private static final int TICK_MS = 20;
  private static final long BREAK_MS = 40_000;
  private static final long HEAL_MS = 30_000;

  /** One sentinel process. */
  private final class Process {
    final int i;
    SentinelMachine machine;
    long generation;
    long pausedUntilMs;
    final List<Event> waiting = new ArrayList<>();
    long seenEpoch;

    Process(int i) {
      this.i = i;
    }

    void start() {
      generation++;
      waiting.clear();
      pausedUntilMs = 0;
      seenEpoch = 0;
      Address api = new Address("s", 26379 + i);
      Member member = new Member(("" + i).repeat(40), generation, api, "s:" + (31379 + i));
      Entry.Monitored wanted =
          new Entry.Monitored(
              NAME, nodes.get(0).address, new MasterConfig(QUORUM, downAfterMs(), 180_000, 1));
      machine = machines.apply(new Self(member, List.of(wanted), "g" + i));
      log.start(i, this::take);
      long mine = generation;
      agenda.after(agenda.between(0, TICK_MS), () -> tick(mine));
    }

    void crash() {
      generation++;
      machine = null;
      log.crash(i);
    }

    private void tick(long mine) {
      if (generation == mine) {
        take(new Event.Tick());
        agenda.after(TICK_MS, () -> tick(mine));
      }
    }

    /** A paused process takes nothing; what came meanwhile is taken in order afterwards. */
    void take(Event event) {
      if (machine == null) {
        return;
      }
      if (agenda.nowMs() < pausedUntilMs || !waiting.isEmpty()) {
        if (waiting.isEmpty()) {
          long mine = generation;
          agenda.after(pausedUntilMs - agenda.nowMs(), () -> resume(mine));
        }
        waiting.add(event);
        return;
      }
      run(event);
    }

    private void resume(long mine) {
      if (generation == mine) {
        List<Event> late = List.copyOf(waiting);
        waiting.clear();
        late.forEach(this::run);
      }
    }

    private void run(Event event) {
      long before = epoch();
      for (Effect effect : machine.step(agenda.nowMs(), event)) {
        perform(effect);
      }
      long epoch = epoch();
      if (event instanceof Event.Committed e && e.entry() instanceof Entry.BeginFailover) {
        int votes = votesAt.get(e.index());
        check(
            epoch == before || votes >= QUORUM,
            "QuorumBehindEpoch: epoch " + epoch + " was opened with " + votes + " votes");
      }
      check(epoch >= seenEpoch, "EpochMonotone: sentinel " + i + " went back to " + epoch);
      seenEpoch = epoch;
    }

    private long epoch() {
      return machine.state().master(NAME).map(MasterState::epoch).orElse(0L);
    }

    private void perform(Effect effect) {
      if (effect instanceof Effect.Propose e) {
        log.propose(i, e.entry(), machine.leaderTerm());
      } else if (effect instanceof Effect.HandOver && log.leader() == i) {
        log.depose();
      } else if (effect instanceof Effect.Connect e) {
        link(e.node()).connect();
      } else if (effect instanceof Effect.Disconnect e) {
        link(e.node()).drop();
      } else if (effect instanceof Effect.Ping e) {
        link(e.node()).ask(SLOW, n -> new Event.Ponged(e.node(), "PONG"));
      } else if (effect instanceof Effect.AskInfo e) {
        link(e.node()).ask(SLOW, n -> new Event.Informed(e.node(), n.info()));
      } else if (effect instanceof Effect.Send e) {
        link(e.node()).ask(ORDER_SLOW, n -> new Event.Answered(e.node(), e.order(), obey(n, e)));
      }
    }

    private Link link(Address node) {
      return links.computeIfAbsent(i + " " + node, key -> new Link(this, node));
    }
  }

  /** The connection of one sentinel to one node; what is sent arrives in order, or not at all. */
  private final class Link {
    final Process process;
    final Address node;
    long generation;
    boolean up;
    long arrivesMs;

    Link(Process process, Address node) {
      this.process = process;
      this.node = node;
    }

    void connect() {
      long mine = ++generation;
      long owner = process.generation;
      boolean silent = isCut();
      agenda.after(
          silent ? 1000 : agenda.between(1, 5),
          () -> {
            if (mine != generation || owner != process.generation) {
              return;
            }
            ModelNode target = nodeAt(node);
            up = target != null && target.alive && !isCut();
            boolean known = target != null;
            process.take(up || !known ? new Event.LinkUp(node) : new Event.LinkLost(node));
          });
    }

    void drop() {
      generation++;
      up = false;
    }

    /** The peer's process died: the connection is reset, unless nothing passes. */
    void reset() {
      if (up && !isCut()) {
        drop();
        process.take(new Event.LinkLost(node));
      }
    }

    boolean isCut() {
      ModelNode target = nodeAt(node);
      return target != null && cuts.contains("s" + process.i + "-n" + target.number);
    }

    /** Whether what the node says does not arrive, though it hears. */
    boolean isMute() {
      ModelNode target = nodeAt(node);
      return target != null && cuts.contains("n" + target.number + "-s" + process.i);
    }

    void ask(double slowness, Function<ModelNode, Event> request) {
      ModelNode target = nodeAt(node);
      long owner = process.generation;
      if (target == null) {
        // Another sentinel: it answers to PING while it lives.
        agenda.after(2, () -> answer(owner, new Event.Ponged(node, "PONG")));
        return;
      }
      long mine = generation;
      boolean slow = agenda.nowMs() < BREAK_MS && agenda.happens(slowness);
      long delay = slow ? agenda.between(100, 3000) : agenda.between(1, 5);
      arrivesMs = Math.max(arrivesMs, agenda.nowMs() + delay);
      agenda.after(
          arrivesMs - agenda.nowMs(),
          () -> {
            // What is on its way when the sender hangs up, or dies, may still arrive.
            boolean arrives =
                !isCut() && target.alive && (mine == generation || agenda.happens(0.5));
            if (arrives) {
              Event reply = request.apply(target);
              agenda.after(
                  agenda.between(1, 5),
                  () -> {
                    if (mine == generation && !isCut() && !isMute()) {
                      answer(owner, reply);
                    }
                  });
            }
          });
    }

    private void answer(long owner, Event reply) {
      if (owner == process.generation) {
        process.take(reply);
      }
    }
  }

  private final Kind kind;
  private final Agenda agenda;
  private final Function<Self, SentinelMachine> machines;
  private final SimLog log;
  private final List<ModelNode> nodes = new ArrayList<>();
  private final DataLinks dataLinks;
  private final List<Process> processes = new ArrayList<>();
  private final Map<String, Link> links = new TreeMap<>();
  private final TreeSet<String> cuts = new TreeSet<>();
  private final Map<Long, Integer> servedBy = new TreeMap<>();
  private final Map<Long, Address> namedIn = new TreeMap<>();
  private final TreeSet<String> standingVotes = new TreeSet<>();
  private final Map<Long, Integer> votesAt = new TreeMap<>();
  private long truthEpoch;
  private long writes;
  private int failovers;
  private final Ledger ledger;
  private long tickets;
  private String violation = "";

  ClusterSim(long seed, Function<Self, SentinelMachine> machines, boolean nodesCheckEpoch) {
    this(seed, Kind.FAULTS, machines, nodesCheckEpoch);
  }

  ClusterSim(
      long seed, Kind kind, Function<Self, SentinelMachine> machines, boolean nodesCheckEpoch) {
    this.kind = kind;
    this.ledger = new Ledger(kind == Kind.FAULTS);
    this.agenda = new Agenda(seed);
    this.dataLinks = new DataLinks(agenda, nodes, kind != Kind.FAULTS);
    this.machines = machines;
    this.log = new SimLog(agenda, 3, this::committed);
    for (int i = 0; i < 3; i++) {
      nodes.add(new ModelNode(i, new Address("n", 6379 + i), nodesCheckEpoch));
      processes.add(new Process(i));
    }
    nodes.get(0).master = true;
    for (ModelNode replica : nodes.subList(1, 3)) {
      replica.source = Optional.of(nodes.get(0).address);
    }
  }

  /** Runs the seed to its end or to the first violation, which it answers; empty when none. */
  String run() {
    processes.forEach(Process::start);
    agenda.after(0, this::replicate);
    if (kind == Kind.UNWRITTEN) {
      agenda.after(3000 + agenda.below(3000), () -> killNode(nodes.get(0)));
    } else {
      agenda.after(3000, this::breakSomething);
      agenda.after(5000, this::askForFailover);
    }
    while (violation.isEmpty() && agenda.nowMs() < BREAK_MS) {
      agenda.runUntil(agenda.nowMs() + 500);
    }
    if (violation.isEmpty()) {
      heal();
      agenda.runUntil(BREAK_MS + HEAL_MS);
      judgeProgress();
    }
    return violation;
  }

  /** What was acknowledged, and what became of the hand-overs. */
  Ledger ledger() {
    return ledger;
  }

  /** How often a replica's link went down while a master handed over. */
  int dataCuts() {
    return dataLinks.cutWhileOpen();
  }

  /** How many failovers were completed. */
  int failovers() {
    return failovers;
  }

  /** What two runs of one seed must agree on. */
  String fingerprint() {
    StringBuilder text = new StringBuilder();
    text.append(agenda.nowMs()).append(' ').append(writes).append(' ').append(log.length());
    for (ModelNode node : nodes) {
      text.append(' ').append(node.data.hashCode()).append(' ').append(node.promised());
    }
    return text.toString();
  }

  private void check(boolean holds, String what) {
    if (!holds && violation.isEmpty()) {
      violation = "at " + agenda.nowMs() + " ms: " + what;
    }
  }

  private ModelNode nodeAt(Address address) {
    for (ModelNode node : nodes) {
      if (node.address.equals(address)) {
        return node;
      }
    }
    return null;
  }

  private OrderReply obey(ModelNode node, Effect.Send send) {
    long before = node.promised();
    boolean master = node.master;
    OrderReply reply = node.obey(send.order());
    if (kind == Kind.HAND_OVERS_WITH_A_DEADLINE && send.order() instanceof Order.Fence) {
      agenda.after(MUTANT_HOLD_MS, node::resume);
    }
    check(
        node.promised() >= before,
        "StaleOrderFenced: node " + node.number + " obeyed " + send.order() + " after " + before);
    check(
        !(node.master && !master) || node.masterEpoch >= before,
        "StaleOrderFenced: node " + node.number + " was promoted below its promise " + before);
    return reply;
  }

  /** Counts votes by itself, from the entries alone; what the folds let through is judged by it. */
  private void committed(Entry entry, Applied applied) {
    boolean taken = applied.refusal().isEmpty();
    if (entry instanceof Entry.Vote vote && taken && vote.down()) {
      standingVotes.add(vote.sentinel());
    } else if (entry instanceof Entry.Vote vote && taken) {
      standingVotes.remove(vote.sentinel());
    } else if (entry instanceof Entry.VoteExpired expired && taken) {
      standingVotes.remove(expired.sentinel());
    } else if (entry instanceof Entry.Promote && taken) {
      standingVotes.clear();
    } else if (entry instanceof Entry.BeginFailover) {
      votesAt.put((long) log.length(), standingVotes.size());
    }
    if (entry instanceof Entry.Promote named && taken) {
      Address other = namedIn.putIfAbsent(named.epoch(), named.node());
      check(other == null, "OneNamedPerEpoch: " + named.node() + " after " + other);
    }
    ledger.applied(entry, taken, applied.state().master(NAME));
    if (taken && entry instanceof Entry.FailoverAsked && agenda.happens(0.3)) {
      agenda.after(agenda.between(0, 80), this::killOneWhoMatters);
    }
    if (taken && entry instanceof Entry.FailoverAsked && kind != Kind.FAULTS) {
      dataLinks.cutSome(() -> ledger.isHandingOver() && agenda.nowMs() < BREAK_MS);
    }
  }

  /** In the middle of a failover that was asked for: the leader, or the master. */
  private void killOneWhoMatters() {
    if (agenda.nowMs() >= BREAK_MS) {
      return;
    }
    if (kind == Kind.FAULTS && agenda.happens(0.5)) {
      nodes.stream().filter(n -> n.master && n.alive).findFirst().ifPresent(this::killNode);
    } else if (log.leader() >= 0 && processes.get(log.leader()).machine != null) {
      Process leader = processes.get(log.leader());
      leader.crash();
      long mine = leader.generation;
      agenda.after(
          agenda.between(0, 3000),
          () -> {
            if (leader.generation == mine && leader.machine == null) {
              leader.start();
            }
          });
    }
  }

  private void askForFailover() {
    if (agenda.nowMs() >= BREAK_MS) {
      return;
    }
    agenda.after(agenda.between(500, 5000), this::askForFailover);
    boolean forced = kind == Kind.FAULTS && agenda.happens(0.3);
    processes.get(agenda.below(3)).take(new Event.FailoverWanted(++tickets, NAME, forced));
  }

  /** Where no node is to be suspected, down-after is longer than any order is held up. */
  private long downAfterMs() {
    return kind == Kind.FAULTS || kind == Kind.UNWRITTEN ? 1000 : 10_000;
  }

  private void countFailovers() {
    for (Process p : processes) {
      if (p.machine == null) {
        continue;
      }
      Optional<MasterState> m = p.machine.state().master(NAME);
      if (m.isPresent() && m.get().failover().isPresent() && m.get().epoch() > truthEpoch) {
        truthEpoch = m.get().epoch();
        failovers++;
      }
    }
  }

  /** Every 50 ms: clients write where they may, replicas copy their master. */
  private void replicate() {
    agenda.after(50, this::replicate);
    countFailovers();
    for (ModelNode node : nodes) {
      if (node.acceptsWrites()) {
        Integer other = servedBy.putIfAbsent(node.masterEpoch, node.number);
        check(
            other == null || other == node.number,
            "OneMasterPerEpoch: nodes "
                + other
                + " and "
                + node.number
                + " both serve in epoch "
                + node.masterEpoch);
        check(
            node.masterEpoch >= node.promised() || kind == Kind.HAND_OVERS_WITH_A_DEADLINE,
            "StaleOrderFenced: node " + node.number + " serves below its promise");
        write(node);
      }
    }
    for (ModelNode node : nodes) {
      dataLinks.copy(node);
    }
  }

  private void write(ModelNode node) {
    if (kind != Kind.UNWRITTEN) {
      check(
          ledger.acknowledges(node, writes),
          "NoAckedLost: node " + node.number + " serves without what was acknowledged");
      node.data.add(new ModelNode.Write(node.masterEpoch, writes++));
    }
  }

  private void breakSomething() {
    if (agenda.nowMs() >= BREAK_MS) {
      return;
    }
    agenda.after(agenda.between(200, 3000), this::breakSomething);
    ModelNode node = nodes.get(agenda.below(3));
    Process process = processes.get(agenda.below(3));
    switch (kind == Kind.FAULTS ? agenda.below(12) : 4 + agenda.below(5)) {
      case 0, 1 -> {
        if (node.alive) {
          killNode(node);
        } else {
          restart(node);
        }
      }
      case 2 -> restart(node);
      case 3 -> flip("s" + process.i + "-n" + node.number);
      case 4 -> dataLinks.flip(node.number, agenda.below(3));
      case 5 -> {
        log.member(process.i).cut = !log.member(process.i).cut;
        log.disturb();
      }
      case 6 -> {
        if (process.machine == null) {
          process.start();
        } else {
          process.crash();
        }
      }
      case 7 -> log.depose();
      case 8 -> process.pausedUntilMs = agenda.nowMs() + agenda.between(100, 4000);
      case 9 -> cutMaster(true);
      case 10 -> cutMaster(false);
      default -> fillDiskOfMaster();
    }
  }

  /** Most saves are recent; some are old, and some nodes do not save at all. */
  private void restart(ModelNode node) {
    boolean recent = agenda.happens(0.7);
    int old = agenda.happens(0.5) ? 0 : agenda.below(node.data.size() + 1);
    node.restart(recent ? node.data.size() : old);
  }

  /**
   * The faults that matter most: the master serves, but no sentinel reaches it, or it hears them
   * and none hears it.
   */
  private void cutMaster(boolean mute) {
    for (ModelNode node : nodes) {
      for (int i = 0; node.master && i < 3; i++) {
        flip(mute ? "n" + node.number + "-s" + i : "s" + i + "-n" + node.number);
      }
    }
  }

  /** It serves on and can promise nothing, so it can neither hand over nor stop. */
  private void fillDiskOfMaster() {
    for (ModelNode node : nodes) {
      node.full = node.master && !node.full;
    }
  }

  private void flip(String link) {
    if (!cuts.remove(link)) {
      cuts.add(link);
    }
  }

  private void killNode(ModelNode node) {
    node.crash();
    for (Link link : List.copyOf(links.values())) {
      if (link.node.equals(node.address)) {
        link.reset();
      }
    }
  }

  private void heal() {
    cuts.clear();
    dataLinks.heal();
    for (ModelNode node : nodes) {
      node.full = false;
      if (!node.alive && kind != Kind.UNWRITTEN) {
        restart(node);
      }
    }
    for (Process process : processes) {
      log.member(process.i).cut = false;
      if (process.machine == null) {
        process.start();
      }
    }
    log.disturb();
  }

  private void judgeProgress() {
    MasterState agreed = processes.get(0).machine.state().master(NAME).orElse(null);
    check(agreed != null && agreed.failover().isEmpty(), "Progress: a failover is open: " + agreed);
    if (!violation.isEmpty()) {
      return;
    }
    check(nodeAt(agreed.master()).alive, "Progress: the master is dead: " + agreed);
    for (Process p : processes) {
      MasterState m = p.machine.state().master(NAME).orElse(null);
      check(agreed.equals(m), "Progress: sentinel " + p.i + " has " + m + ", not " + agreed);
    }
    for (ModelNode node : nodes) {
      // A node that no master listed while sentinels looked is unknown to them, as in Redis.
      if (!agreed.nodes().contains(node.address) || !node.alive) {
        continue;
      }
      boolean chosen = node.address.equals(agreed.master());
      check(
          node.acceptsWrites() == chosen,
          "Progress: node " + node.number + " accepts=" + node.acceptsWrites() + ", " + agreed);
      check(
          chosen || node.source.equals(Optional.of(agreed.master())),
          "Progress: node " + node.number + " follows " + node.source + ", " + agreed);
    }
  }
}
