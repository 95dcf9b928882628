package io.watchword.sentinel.sim;

import io.watchword.authority.Allegiance;
import io.watchword.authority.Answer;
import io.watchword.authority.Authority;
import io.watchword.authority.Decision;
import io.watchword.authority.Facts;
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
 * A data node as sentinels see one. What it makes of orders is decided by the engine's own {@link
 * Authority}; role, stream and writes around it are a model. What was promised outlives a crash,
 * and of the data what was saved.
 */
final class ModelNode {
  /** One acknowledged write: the epoch its master served in, and a number. */
  record Write(long epoch, long number) {}

  final Address address;
  final int number;
  boolean alive = true;
  boolean master;
  Optional<Address> source = Optional.empty();
  boolean linkUp;

  /** Whether it can write no promise down, hence makes none. */
  boolean full;

  long masterEpoch;
  List<Write> data = new ArrayList<>();

  /** Names the data: a new one when it is restarted as a master, or promoted from a replica. */
  String replid = "history";

  final TreeSet<Address> attached = new TreeSet<>();
  private final Authority authority;
  private Allegiance held = Allegiance.NONE;
  private boolean unconfirmed;
  private boolean startedEmpty;
  private int starts = 1;

  /**
   * @param checksEpoch the guard under test: a lower epoch than the promised one is refused
   */
  ModelNode(int number, Address address, boolean checksEpoch) {
    this.number = number;
    this.address = address;
    authority = checksEpoch ? new Authority() : new Authority((promised, given) -> false);
  }

  void crash() {
    alive = false;
    attached.clear();
    linkUp = false;
  }

  /**
   * Starts with the data of its last save.
   *
   * @param kept how many of its writes that save holds
   */
  void restart(int kept) {
    alive = true;
    starts++;
    data = new ArrayList<>(data.subList(0, kept));
    startedEmpty = data.isEmpty();
    if (held.isClaimed()) {
      master = held.isMaster();
      source = master ? Optional.empty() : Optional.of(promisedMaster());
    }
    // A restarted master that is claimed takes no writes until its group names it.
    unconfirmed = held.isClaimed() && master;
    replid = master || data.isEmpty() ? "n" + number + "." + starts : replid;
  }

  /** Numbers of the writes it holds. */
  TreeSet<Long> numbers() {
    TreeSet<Long> all = new TreeSet<>();
    data.forEach(write -> all.add(write.number()));
    return all;
  }

  /** What no node must do: takes its clients' impatience for the end of its promise. */
  void resume() {
    if (held.fenced() && master) {
      held =
          new Allegiance(
              held.group(),
              held.sentinels(),
              held.epoch(),
              "",
              0,
              false,
              held.promotedEpoch(),
              held.members());
    }
  }

  /** The highest epoch promised. */
  long promised() {
    return held.epoch();
  }

  boolean acceptsWrites() {
    return alive && master && !held.fenced() && !unconfirmed;
  }

  /** Whether this node takes its master's stream: a fenced one waits to be told its role. */
  boolean replicates() {
    return alive && !master && source.isPresent() && !held.fenced();
  }

  NodeInfo info() {
    return new NodeInfo(
        "run" + number + "." + starts,
        true,
        master,
        held.epoch(),
        master ? Optional.empty() : source,
        linkUp,
        0,
        !unconfirmed,
        false,
        100,
        true,
        replid,
        data.size(),
        List.copyOf(attached));
  }

  OrderReply obey(Order order) {
    Decision decision = authority.decide(held, facts(), translated(order));
    if (full && !decision.next().equals(held)) {
      return new OrderReply.Refused("ERR the promise could not be written to disk");
    }
    held = decision.next();
    switch (decision.action()) {
      case NONE, RELEASE -> {}
      case FENCE -> linkUp = false;
      case CONFIRM -> unconfirmed = false;
      case PROMOTE -> {
        // A master that is named again goes on with its history.
        replid = master ? replid : "n" + number + ".e" + held.epoch();
        master = true;
        unconfirmed = false;
        source = Optional.empty();
        masterEpoch = held.epoch();
        data.add(new Write(masterEpoch, -1));
      }
      case FOLLOW -> {
        master = false;
        unconfirmed = false;
        linkUp = false;
        source = Optional.of(promisedMaster());
      }
    }
    return reply(decision.answer());
  }

  private Address promisedMaster() {
    return new Address(held.masterHost(), held.masterPort());
  }

  private Facts facts() {
    String host = source.map(Address::host).orElse("");
    int port = source.map(Address::port).orElse(0);
    boolean lostAll = unconfirmed && startedEmpty;
    return new Facts(master, host, port, replid, data.size(), dataEpoch(), lostAll, false);
  }

  private long dataEpoch() {
    return data.isEmpty() ? 0 : data.get(data.size() - 1).epoch();
  }

  private static io.watchword.authority.Order translated(Order order) {
    if (order instanceof Order.Claim o) {
      return new io.watchword.authority.Order.Claim(o.group(), o.sentinels());
    }
    if (order instanceof Order.Beat o) {
      return new io.watchword.authority.Order.Beat(
          o.group(), o.epoch(), o.ttlMs(), Long.toString(o.nonce()));
    }
    if (order instanceof Order.Fence o) {
      return new io.watchword.authority.Order.Fence(o.group(), o.epoch(), o.holdMs());
    }
    if (order instanceof Order.Promote o) {
      List<String> members = o.members().stream().map(Address::toString).toList();
      return new io.watchword.authority.Order.Promote(
          o.group(), o.epoch(), o.report().dataEpoch(), o.report().offset(), members);
    }
    Order.Follow o = (Order.Follow) order;
    return new io.watchword.authority.Order.Follow(
        o.group(), o.epoch(), o.master().host(), o.master().port());
  }

  private static OrderReply reply(Answer answer) {
    if (answer instanceof Answer.Report r) {
      return new OrderReply.Held(new Report(r.dataEpoch(), r.replid(), r.offset()));
    }
    if (answer instanceof Answer.Stale s) {
      return new OrderReply.Stale(s.held());
    }
    if (answer instanceof Answer.Foreign f) {
      return new OrderReply.Foreign(f.group());
    }
    if (answer instanceof Answer.Lacking l) {
      return new OrderReply.Refused("LACKING " + l.why());
    }
    return answer instanceof Answer.Refused r
        ? new OrderReply.Refused("ERR " + r.why())
        : new OrderReply.Done();
  }
}
