package io.watchword.sentinel.api;

import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.MasterState;
import io.watchword.sentinel.core.Member;
import io.watchword.sentinel.core.NodeInfo;
import io.watchword.sentinel.core.NodeView;
import io.watchword.sentinel.core.SentinelMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Masters, replicas and sentinels as Redis Sentinel describes them: the same fields in the same
 * order. What the group decided is from the log (epoch, quorum, ODOWN), the rest is this sentinel's
 * own view.
 */
final class Instances {
  private final SentinelMachine machine;
  private final boolean hasLeader;

  Instances(SentinelMachine machine, boolean hasLeader) {
    this.machine = machine;
    this.hasLeader = hasLeader;
  }

  Fields master(MasterState m) {
    NodeView view = machine.node(m.master()).orElseThrow();
    List<String> flags = new ArrayList<>();
    flags.add(view.isDown() ? "s_down" : "");
    flags.add(m.isObjectivelyDown() ? "o_down" : "");
    flags.add("master");
    flags.add(view.isLinked() ? "" : "disconnected");
    flags.add(m.failover().isPresent() ? "failover_in_progress" : "");
    Fields f = start(m.name(), m.master(), runId(view), flags);
    f.addIf(m.failover().isPresent(), "failover-state", "select_slave");
    pings(f, view);
    f.addIf(m.isObjectivelyDown(), "o-down-time", view.isDown() ? since(view.downSinceMs()) : 0);
    f.add("down-after-milliseconds", m.config().downAfterMs());
    role(f, view, "master");
    return f.add("config-epoch", m.configEpoch())
        .add("num-slaves", m.replicas().size())
        .add("num-other-sentinels", others().size())
        .add("quorum", m.config().quorum())
        .add("failover-timeout", m.config().failoverTimeoutMs())
        .add("parallel-syncs", m.config().parallelSyncs());
  }

  Fields replica(MasterState m, Address address) {
    NodeView view = machine.node(address).orElseThrow();
    Optional<NodeInfo> info = view.info();
    List<String> flags = new ArrayList<>();
    flags.add(view.isDown() ? "s_down" : "");
    flags.add("slave");
    flags.add(view.isLinked() ? "" : "disconnected");
    Fields f = start(address.toString(), address, runId(view), flags);
    pings(f, view);
    f.add("down-after-milliseconds", m.config().downAfterMs());
    role(f, view, "slave");
    Optional<Address> source = info.flatMap(NodeInfo::source);
    return f.add("master-link-down-time", info.map(NodeInfo::linkDownMs).orElse(0L))
        .add("master-link-status", info.map(NodeInfo::linkUp).orElse(false) ? "ok" : "err")
        .add("master-host", source.map(Address::host).orElse("?"))
        .add("master-port", source.map(Address::port).orElse(0))
        .add("slave-priority", info.map(NodeInfo::priority).orElse(100))
        .add("slave-repl-offset", info.map(NodeInfo::offset).orElse(0L))
        .add("replica-announced", info.map(NodeInfo::announced).orElse(true) ? 1 : 0);
  }

  Fields sentinel(MasterState m, Member member) {
    Optional<NodeView> view = machine.node(member.api());
    boolean down = view.map(NodeView::isDown).orElse(false);
    List<String> flags = new ArrayList<>();
    flags.add(down ? "s_down" : "");
    flags.add("sentinel");
    flags.add(view.map(NodeView::isLinked).orElse(false) ? "" : "disconnected");
    Fields f = start(member.id(), member.api(), member.id(), flags);
    view.ifPresent(v -> pings(f, v));
    return f.add("down-after-milliseconds", m.config().downAfterMs())
        .add("last-hello-message", view.map(v -> since(v.pongMs())).orElse(0L))
        .add("voted-leader", "?")
        .add("voted-leader-epoch", 0);
  }

  /** Every other sentinel of the group. */
  List<Member> others() {
    List<Member> out = new ArrayList<>(machine.state().sentinels().values());
    out.removeIf(m -> m.id().equals(machine.self().member().id()));
    return out;
  }

  /** How many sentinels can take part in a decision now, this one included. */
  int usable() {
    int count = 1;
    for (Member member : others()) {
      count += machine.node(member.api()).map(NodeView::isDown).orElse(true) ? 0 : 1;
    }
    return count;
  }

  /** Whether the group can authorize a failover: a majority stands, and it has a leader. */
  boolean canAuthorize(int members) {
    return hasLeader && usable() > members / 2;
  }

  private static Fields start(String name, Address address, String runId, List<String> flags) {
    flags.removeIf(String::isEmpty);
    return new Fields()
        .add("name", name)
        .add("ip", address.host())
        .add("port", address.port())
        .add("runid", runId)
        .add("flags", String.join(",", flags))
        .add("link-pending-commands", 0)
        .add("link-refcount", 1);
  }

  private void pings(Fields f, NodeView view) {
    boolean waits = view.unansweredSinceMs() >= 0;
    f.add("last-ping-sent", waits ? since(view.unansweredSinceMs()) : 0)
        .add("last-ok-ping-reply", since(view.validPongMs()))
        .add("last-ping-reply", since(view.pongMs()))
        .addIf(view.isDown(), "s-down-time", since(view.downSinceMs()));
  }

  private void role(Fields f, NodeView view, String expected) {
    String reported = view.info().map(i -> i.isMaster() ? "master" : "slave").orElse(expected);
    f.add("info-refresh", view.infoMs() < 0 ? 0 : since(view.infoMs()))
        .add("role-reported", reported)
        .add("role-reported-time", since(view.roleSinceMs()));
  }

  private long since(long thenMs) {
    return Math.max(0, machine.nowMs() - thenMs);
  }

  private static String runId(NodeView view) {
    return view.info().map(NodeInfo::runId).orElse("");
  }
}
