package io.watchword.sentinel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sentinel that does not lead tells a node that may take itself for the master. */
class FirstContactTest {
  private static final Address A = new Address("n", 1);
  private static final Address B = new Address("n", 2);
  private static final NodeInfo MASTER = NodeInfo.parse("role:master\r\nwatchword_version:1\r\n");
  private static final NodeInfo REPLICA = NodeInfo.parse("role:slave\r\nwatchword_version:1\r\n");
  private static final Effect FENCE_A = new Effect.Send(A, new Order.Fence("g", 1), true);

  private final SentinelMachine machine =
      new SentinelMachine(
          new Self(new Member("me", 1, new Address("s", 1), "s:2"), List.of(), "g"));
  private final List<Effect> effects = new ArrayList<>();
  private long now;
  private long index;

  @BeforeEach
  void watch() {
    commit(new Entry.Founded("g"));
    commit(new Entry.Monitored("m", A, new MasterConfig(2, 1000, 180_000, 1)));
    commit(new Entry.ReplicaFound("m", 0, B));
    commit(new Entry.Joined(new Member("x", 1, new Address("x", 1), "x:2")));
    commit(new Entry.Joined(new Member("y", 1, new Address("y", 1), "y:2")));
    take(new Event.LinkUp(A));
    take(new Event.Informed(A, MASTER));
  }

  @Test
  void shouldStopAReturningMasterWithTheFirstBytes() {
    take(new Event.LinkLost(A));
    failOver();
    effects.clear();
    take(new Event.LinkUp(A));
    Effect follow = new Effect.Send(A, new Order.Follow("g", 1, B), true);
    assertThat(effects).first().isEqualTo(follow);
    assertThat(effects).containsOnlyOnce(follow);
  }

  @Test
  void shouldStopAMasterThatItAloneReachesThoughItsConnectionStands() {
    run(10);
    assertThat(effects).noneMatch(Effect.Send.class::isInstance);
    open();
    run(20);
    assertThat(effects).containsOnlyOnce(FENCE_A);
  }

  @Test
  void shouldSayOnceThatAMasterWasConvertedAndOnlyWhenItObeyed() {
    failOver();
    Order follow = new Order.Follow("g", 1, B);
    take(new Event.LinkUp(A));
    take(new Event.LinkUp(A));
    Effect said =
        new Effect.Announce(Announcement.converted(A, machine.state().masters().get("m")));
    assertThat(effects).contains(new Effect.Send(A, follow, true)).doesNotContain(said);
    take(new Event.Answered(A, follow, new OrderReply.Done()));
    take(new Event.Answered(A, follow, new OrderReply.Done()));
    assertThat(effects).containsOnlyOnce(said);
  }

  @Test
  void shouldFenceAReplicaThatReturnsAndLeaveToTheLeaderWhenItFollows() {
    Address c = new Address("n", 3);
    commit(new Entry.ReplicaFound("m", 0, c));
    take(new Event.LinkUp(c));
    take(new Event.Informed(c, REPLICA));
    failOver();
    take(new Event.LinkLost(c));
    effects.clear();
    take(new Event.LinkUp(c));
    assertThat(effects).first().isEqualTo(new Effect.Send(c, new Order.Fence("g", 1), true));
  }

  @Test
  void shouldStopAMasterThatTakesConnectionsButIsNotHeardAsSoonAsItsEpochIsOver() {
    take(new Event.LinkUp(A));
    beSilent();
    assertThat(effects).doesNotContain(FENCE_A);
    take(new Event.LinkUp(A));
    open();
    run(20);
    assertThat(effects).containsOnlyOnce(FENCE_A);
  }

  @Test
  void shouldStopANodeAsSoonAsItLearnsThatItIsOneOfOurs() {
    take(new Event.LinkUp(B));
    open();
    Effect fence = new Effect.Send(B, new Order.Fence("g", 1), true);
    assertThat(effects).doesNotContain(fence);
    take(new Event.Informed(B, MASTER));
    take(new Event.Informed(B, MASTER));
    assertThat(effects).containsOnlyOnce(fence);
  }

  @Test
  void shouldStopNobodyBeforeTheFirstFailoverAndNotTheMasterThatIsNamed() {
    take(new Event.LinkUp(A));
    take(new Event.Informed(A, MASTER));
    take(new Event.LinkUp(B));
    take(new Event.Informed(B, MASTER));
    failOver();
    take(new Event.LinkUp(B));
    assertThat(effects).noneMatch(Effect.Send.class::isInstance);
  }

  @Test
  void shouldLeaveToTheLeaderWhomItFencesWhileAMasterHandsOver() {
    commit(new Entry.FailoverAsked("m", 0, A, false, "other", 1, 1));
    take(new Event.LinkUp(A));
    take(new Event.Informed(A, MASTER));
    assertThat(effects).noneMatch(Effect.Send.class::isInstance);
  }

  private void failOver() {
    open();
    commit(new Entry.Promote("m", 1, B, new Report(0, "h", 1)));
  }

  private void open() {
    commit(new Entry.Vote("m", "x", 1, A, true));
    commit(new Entry.Vote("m", "y", 1, A, true));
    commit(new Entry.BeginFailover("m", 0, A, new TreeMap<>(Map.of("x", 1L, "y", 1L))));
  }

  /** Longer than both the patience with a connection and down-after. */
  private void beSilent() {
    run(1200);
  }

  private void run(long ms) {
    for (long end = now + ms; now < end; ) {
      now += 10;
      take(new Event.Tick());
    }
  }

  private void commit(Entry entry) {
    take(new Event.Committed(++index, entry));
  }

  private void take(Event event) {
    effects.addAll(machine.step(now, event));
  }
}
