package io.watchword.sentinel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader whose master is killed and comes back at once, without what it held. */
class RestartedMasterTest {
  private static final Address A = new Address("n", 1);
  private static final Address B = new Address("n", 2);
  private static final String REPLICA =
      "role:slave\r\nmaster_host:n\r\nmaster_port:1\r\nmaster_replid:old\r\n";

  private final SentinelMachine machine =
      new SentinelMachine(
          new Self(new Member("me", 1, new Address("s", 1), "s:2"), List.of(), "g"));
  private final List<Effect> effects = new ArrayList<>();
  private long now;
  private long index;

  @BeforeEach
  void lead() {
    commit(new Entry.Founded("g"));
    commit(new Entry.Monitored("m", A, new MasterConfig(2, 1000, 180_000, 1)));
    commit(new Entry.ReplicaFound("m", 0, B));
    commit(new Entry.Joined(machine.self().member()));
    take(new Event.Elected(1));
    reached(A, "role:master\r\nmaster_replid:old\r\nwatchword_version:1\r\n");
    reached(B, REPLICA + "master_link_status:up\r\nwatchword_version:1\r\n");
    take(new Event.LinkLost(A));
  }

  /** Chaos, quick-restart: its INFO came before the order that it declined. */
  @Test
  void shouldNameAReplicaThoughTheMasterHasShownItsNewHistoryAlready() {
    String restarted = "role:master\r\nmaster_replid:new\r\nwatchword_version:1\r\n";
    reached(A, restarted + "watchword_confirmed:0\r\n");
    decline();
    assertThat(named()).isEqualTo(B);
  }

  @Test
  void shouldHoldReplicasToTheNewHistoryOnceTheMasterIsConfirmed() {
    String restarted = "role:master\r\nmaster_replid:new\r\nwatchword_version:1\r\n";
    reached(A, restarted + "watchword_confirmed:1\r\n");
    decline();
    assertThat(named()).isEqualTo(A);
  }

  private void decline() {
    Entry refused = new Entry.PromotionRefused("m", 0, A);
    Order beat = new Order.Beat("g", 0, Leader.BEAT_TTL_MS, 1);
    take(new Event.Answered(A, beat, new OrderReply.Refused("LACKING data")));
    assertThat(effects).contains(new Effect.Propose(refused));
    commit(refused);
    Order fence = new Order.Fence("g", 1);
    take(new Event.Answered(A, fence, new OrderReply.Held(new Report(0, "new", 14))));
    take(new Event.Answered(B, fence, new OrderReply.Held(new Report(0, "old", 41_259))));
  }

  /** Whom the leader proposes first, within the time in which a last resort is taken. */
  private Address named() {
    for (long end = now + FailoverRun.LAST_RESORT_AFTER_MS + 100; now < end; ) {
      now += 10;
      take(new Event.Tick());
      take(new Event.Ponged(A, "PONG"));
      take(new Event.Ponged(B, "PONG"));
    }
    for (Effect effect : effects) {
      if (effect instanceof Effect.Propose p && p.entry() instanceof Entry.Promote promote) {
        return promote.node();
      }
    }
    throw new AssertionError("nobody was named");
  }

  private void reached(Address node, String info) {
    take(new Event.LinkUp(node));
    take(new Event.Informed(node, NodeInfo.parse(info)));
  }

  private void commit(Entry entry) {
    take(new Event.Committed(++index, entry));
  }

  private void take(Event event) {
    effects.addAll(machine.step(now, event));
  }
}
