package io.watchword.sentinel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One machine, driven by hand: events in, effects out. */
class SentinelMachineTest {
  private static final Address A = new Address("n", 1);
  private static final Address B = new Address("n", 2);
  private static final MasterConfig CONFIG = new MasterConfig(2, 1000, 180_000, 1);
  private SentinelMachine machine;
  private final List<Effect> effects = new ArrayList<>();
  private long now;
  private long index;

  @BeforeEach
  void watch() {
    machine = new SentinelMachine(new Self(member("me"), List.of(), "g"));
    commit(new Entry.Founded("g"));
    commit(new Entry.Monitored("m", A, CONFIG));
    commit(new Entry.ReplicaFound("m", 0, B));
  }

  @Test
  void shouldTellNobodyOfWhatHappenedBeforeItsStart() {
    assertThat(announced()).isEmpty();
    commit(new Entry.Joined(member("me")));
    assertThat(announced())
        .containsExactly("+monitor master m n 1 quorum 2", "+slave slave n:2 n 2 @ m n 1");
  }

  @Test
  void shouldVoteOnceTheMasterIsSilentForDownAfterAndConfirmItsVote() {
    commit(new Entry.Joined(member("me")));
    run(1000);
    assertThat(votes()).isEmpty();
    run(100);
    assertThat(votes()).hasSize(1);
    assertThat(announced()).contains("+sdown master m n 1");
    commit(votes().get(0));
    effects.clear();
    run(2100);
    assertThat(votes()).hasSize(2);
  }

  @Test
  void shouldHandOnTheLeadWhenItAloneReachesNoDataNode() {
    lead();
    run(1500);
    assertThat(effects).contains(new Effect.HandOver());
  }

  @Test
  void shouldKeepTheLeadWhenTheOthersReachNothingEither() {
    lead();
    commit(new Entry.Vote("m", "other", 1, A, true));
    run(1500);
    assertThat(effects).doesNotContain(new Effect.HandOver());
  }

  @Test
  void shouldOrderNothingBeforeItKnowsWhatANodeIs() {
    lead();
    machineTakes(new Event.LinkUp(B));
    run(50);
    assertThat(effects).noneMatch(e -> e instanceof Effect.Send);
  }

  @Test
  void shouldDemoteAReturningMasterAtItsFirstAnswer() {
    lead();
    machineTakes(new Event.LinkUp(B));
    effects.clear();
    machineTakes(new Event.Informed(B, NodeInfo.parse("role:master\r\nwatchword_version:1\r\n")));
    assertThat(effects)
        .contains(new Effect.Send(B, new Order.Follow("g", 0, A), true))
        .anyMatch(
            e -> e instanceof Effect.Announce a && a.toString().contains("+convert-to-slave"));
  }

  private void lead() {
    commit(new Entry.Joined(member("me")));
    commit(new Entry.Joined(member("other")));
    machineTakes(new Event.Elected(1));
  }

  private static Member member(String id) {
    return new Member(id, 1, new Address(id, 26379), id + ":31379");
  }

  private void commit(Entry entry) {
    machineTakes(new Event.Committed(++index, entry));
  }

  private void run(long ms) {
    for (long end = now + ms; now < end; ) {
      now += 10;
      machineTakes(new Event.Tick());
    }
  }

  private void machineTakes(Event event) {
    effects.addAll(machine.step(now, event));
  }

  private List<String> announced() {
    List<String> out = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Announce a) {
        out.add(a.announcement().event() + " " + a.announcement().payload());
      }
    }
    return out;
  }

  private List<Entry> votes() {
    List<Entry> out = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Propose p && p.entry() instanceof Entry.Vote) {
        out.add(p.entry());
      }
    }
    return out;
  }
}
