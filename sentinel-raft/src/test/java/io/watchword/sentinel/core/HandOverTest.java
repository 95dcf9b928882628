package io.watchword.sentinel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a leader does while a master hands over, given what the nodes answer. */
class HandOverTest {
  private static final Address M = new Address("n", 1);
  private static final Address X = new Address("n", 2);
  private static final Address Y = new Address("n", 3);
  private static final Report HELD = new Report(3, "h", 500);
  private final MasterState open =
      MasterState.watched("m", M, new MasterConfig(2, 1000, 180_000, 1))
          .withReplica(X)
          .withReplica(Y)
          .begun(true);
  private final Map<Address, NodeView> nodes = new TreeMap<>();
  private final List<Effect> out = new ArrayList<>();
  private final HandOver handOver = new HandOver(1, 0, HandOver.CAUGHT_UP);

  HandOverTest() {
    node(M, "role:master\nwatchword_version:1");
    replica(X, 100, 400);
    replica(Y, 100, 400);
  }

  @Test
  void shouldFenceTheMasterAloneAndKeepItsWritesWaiting() {
    assertThat(step(0)).isEmpty();
    assertThat(out).containsExactly(send(M, new Order.Fence("g", 1, HandOver.HOLD_MS)));
    out.clear();
    assertThat(step(HandOver.CATCH_UP_MS_MAX)).isEmpty();
    assertThat(out).containsExactly(send(M, new Order.Fence("g", 1, HandOver.HOLD_MS)));
  }

  @Test
  void shouldFenceAReplicaOnlyOnceItHasWhatTheMasterReported() {
    reports(M, HELD);
    assertThat(step(10)).isEmpty();
    assertThat(out).containsExactly(new Effect.AskInfo(X), new Effect.AskInfo(Y));
    replica(X, 100, 500);
    out.clear();
    step(30);
    assertThat(out).containsExactly(send(X, new Order.Fence("g", 1)));
  }

  @Test
  void shouldNameAReplicaThatReportsWhatTheMasterReported() {
    reports(M, HELD);
    reports(X, HELD);
    reports(Y, HELD);
    assertThat(step(10)).contains(new Entry.Promote("m", 1, X, HELD));
  }

  @Test
  void shouldWaitAWhileForABetterReplicaAndNoLonger() {
    replica(Y, 10, 400);
    reports(M, HELD);
    reports(X, HELD);
    assertThat(step(10)).isEmpty();
    assertThat(step(10 + HandOver.PREFER_MS)).contains(new Entry.Promote("m", 1, X, HELD));
    reports(Y, HELD);
    assertThat(step(10 + HandOver.PREFER_MS)).contains(new Entry.Promote("m", 1, Y, HELD));
  }

  @Test
  void shouldNameNobodyWhoLacksSomethingOrHoldsAnotherHistory() {
    reports(M, HELD);
    reports(X, new Report(3, "h", 499));
    reports(Y, new Report(3, "other", 500));
    assertThat(step(HandOver.CATCH_UP_MS_MAX - 1)).isEmpty();
    reports(X, new Report(2, "h", 500));
    assertThat(step(HandOver.CATCH_UP_MS_MAX - 1)).isEmpty();
  }

  @Test
  void shouldNameTheOldMasterAgainWhenNobodyCatchesUp() {
    reports(M, HELD);
    assertThat(step(HandOver.CATCH_UP_MS_MAX - 1)).isEmpty();
    assertThat(step(HandOver.CATCH_UP_MS_MAX)).contains(new Entry.Promote("m", 1, M, HELD));
  }

  @Test
  void shouldKnowAMasterThatRestartedByItsHistory() {
    KnownHistory nothing = new KnownHistory();
    reports(M, HELD);
    assertThat(handOver.isOfAnotherLife(open, nothing)).isFalse();
    handOver.linkLost(M);
    assertThat(handOver.isOfAnotherLife(open, nothing)).isFalse();
    reports(M, new Report(3, "fresh", 0));
    assertThat(handOver.isOfAnotherLife(open, nothing)).isTrue();
    handOver.linkLost(M);
    assertThat(handOver.isOfAnotherLife(open, nothing)).as("for good").isTrue();
  }

  @Test
  void shouldKnowAMasterThatRestartedThoughThisLeaderIsNew() {
    MasterState before =
        MasterState.watched("m", M, new MasterConfig(2, 1000, 180_000, 1)).withReplica(X);
    KnownHistory history = new KnownHistory();
    history.heard(before, M, NodeInfo.parse("role:master\nmaster_replid:h"));
    reports(M, new Report(3, "fresh", 0));
    assertThat(handOver.isOfAnotherLife(open, history)).isTrue();
  }

  @Test
  void shouldNotNameAnythingOfANodeThatMayHaveRestarted() {
    reports(M, HELD);
    reports(X, HELD);
    handOver.linkLost(X);
    assertThat(step(HandOver.PREFER_MS)).isEmpty();
    handOver.linkLost(M);
    reports(X, HELD);
    assertThat(step(HandOver.CATCH_UP_MS_MAX)).isEmpty();
  }

  @Test
  void shouldNotNameWhomTheOperatorForbids() {
    replica(X, 0, 500);
    reports(M, HELD);
    reports(X, HELD);
    assertThat(step(HandOver.CATCH_UP_MS_MAX)).contains(new Entry.Promote("m", 1, M, HELD));
  }

  private void replica(Address address, int priority, long offset) {
    node(
        address,
        "role:slave\nwatchword_version:1\nmaster_host:n\nmaster_port:1\nmaster_link_status:up"
            + "\nmaster_replid:h\nslave_priority:"
            + priority
            + "\nslave_repl_offset:"
            + offset);
  }

  private void node(Address address, String info) {
    NodeView node = nodes.get(address);
    if (node == null) {
      node = new NodeView(address, NodeView.Kind.DATA, "m", 0);
      node.linkUp(0);
      nodes.put(address, node);
    }
    node.informed(0, NodeInfo.parse(info));
  }

  private void reports(Address address, Report report) {
    handOver.answered(address, new Order.Fence("g", 1), new OrderReply.Held(report));
  }

  private static Effect send(Address to, Order order) {
    return new Effect.Send(to, order, true);
  }

  private Optional<Entry.Promote> step(long nowMs) {
    return handOver.step(nowMs, "g", open, List.copyOf(nodes.values()), out);
  }
}
