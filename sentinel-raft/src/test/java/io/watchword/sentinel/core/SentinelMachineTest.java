package io.watchword.sentinel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    run(4990);
    assertThat(effects).doesNotContain(new Effect.HandOver());
    run(10);
    assertThat(effects).contains(new Effect.HandOver());
  }

  @Test
  void shouldHandOnTheLeadMoreRarelyWhileThatDoesNotHelp() {
    lead();
    run(5000);
    effects.clear();
    machineTakes(new Event.Elected(2));
    run(5000);
    assertThat(effects).containsOnlyOnce(new Effect.HandOver());
    effects.clear();
    machineTakes(new Event.Elected(3));
    run(9990);
    assertThat(effects).doesNotContain(new Effect.HandOver());
    run(10);
    assertThat(effects).containsOnlyOnce(new Effect.HandOver());
  }

  @Test
  void shouldAskForInfoAgainAfterAnError() {
    machineTakes(new Event.LinkUp(B));
    machineTakes(new Event.InfoRefused(B));
    effects.clear();
    run(900);
    machineTakes(new Event.Ponged(B, "PONG"));
    assertThat(effects).doesNotContain(new Effect.AskInfo(B));
    run(200);
    assertThat(effects).contains(new Effect.AskInfo(B));
  }

  @Test
  void shouldOpenAFailoverOnlyWithVotesThatWereConfirmedToThisLeader() {
    commit(new Entry.Joined(member("me")));
    commit(new Entry.Joined(member("other")));
    commit(new Entry.Vote("m", "me", 1, A, true));
    commit(new Entry.Vote("m", "other", 1, A, true));
    machineTakes(new Event.Elected(1));
    serving(B, replica());
    commit(new Entry.Vote("m", "me", 1, A, true));
    run(500);
    assertThat(proposedFailovers()).isZero();
    commit(new Entry.Vote("m", "other", 1, A, true));
    assertThat(proposedFailovers()).isEqualTo(1);
  }

  @Test
  void shouldOpenNoFailoverWhileItReachesNoReplica() {
    lead();
    commit(new Entry.Vote("m", "me", 1, A, true));
    commit(new Entry.Vote("m", "other", 1, A, true));
    run(500);
    assertThat(proposedFailovers()).isZero();
    serving(B, replica());
    pong(490);
    assertThat(proposedFailovers()).isZero();
    pong(10);
    assertThat(proposedFailovers()).isEqualTo(1);
  }

  /** All were cut off from the sentinels, and the replica is the first that is reached again. */
  @Test
  void shouldOpenNoFailoverWhenTheMasterIsReachedShortlyAfterItsReplica() {
    lead();
    commit(new Entry.Vote("m", "me", 1, A, true));
    commit(new Entry.Vote("m", "other", 1, A, true));
    serving(B, replica());
    pong(200);
    commit(new Entry.Vote("m", "other", 1, A, false));
    pong(1000);
    assertThat(proposedFailovers()).isZero();
  }

  @Test
  void shouldOrderAgainAfterTheConnectionWasLost() {
    lead();
    NodeInfo restarted = NodeInfo.parse("role:master\r\nwatchword_version:1\r\n");
    Order follow = new Order.Follow("g", 0, A);
    machineTakes(new Event.LinkUp(B));
    machineTakes(new Event.Informed(B, restarted));
    machineTakes(new Event.Answered(B, follow, new OrderReply.Done()));
    effects.clear();
    machineTakes(new Event.LinkLost(B));
    machineTakes(new Event.LinkUp(B));
    machineTakes(new Event.Informed(B, restarted));
    assertThat(effects).contains(new Effect.Send(B, follow, true));
  }

  @Test
  void shouldAnnounceWhatAnInstalledSnapshotChanged() {
    commit(new Entry.Joined(member("me")));
    effects.clear();
    SentinelState now = machine.state();
    MasterState next = now.masters().get("m").begun().promoted(B, new Report(0, "h", 1));
    machineTakes(
        new Event.Restored(
            99, new SentinelState("g", now.sentinels(), new TreeMap<>(Map.of("m", next)))));
    assertThat(announced()).contains("+switch-master m n 1 n 2");
  }

  @Test
  void shouldTellOfTheSameRefusalOnceAMinute() {
    lead();
    machineTakes(new Event.LinkUp(B));
    Event refused =
        new Event.Answered(B, new Order.Follow("g", 0, A), new OrderReply.Foreign("other"));
    effects.clear();
    machineTakes(refused);
    now += 59_999;
    machineTakes(refused);
    assertThat(notes()).isEqualTo(1);
    now += 1;
    machineTakes(refused);
    assertThat(notes()).isEqualTo(2);
  }

  @Test
  void shouldAnswerAnOperatorWhenTheLogHasJudgedAndNotBefore() {
    reached("link_status:up");
    effects.clear();
    machineTakes(new Event.FailoverWanted(1, "m", false));
    Entry asked = new Entry.FailoverAsked("m", 0, A, false, "me", 1, 1);
    assertThat(effects)
        .contains(new Effect.Propose(asked))
        .noneMatch(Effect.Replied.class::isInstance);
    machineTakes(new Event.FailoverWanted(2, "m", false));
    assertThat(replies()).containsExactly("INPROG Failover already in progress");
    commit(asked);
    assertThat(replies()).contains("OK");
    assertThat(announced())
        .contains(
            "+new-epoch 1",
            "+try-failover master m n 1",
            "+elected-leader master m n 1",
            "+failover-state-select-slave master m n 1");
    machineTakes(new Event.FailoverWanted(3, "m", false));
    assertThat(replies()).hasSize(3).last().asString().startsWith("INPROG");
    commit(asked);
    assertThat(replies()).hasSize(3);
  }

  @Test
  void shouldTellAnOperatorWhatIsInVain() {
    lead();
    machineTakes(new Event.FailoverWanted(1, "nobody", false));
    machineTakes(new Event.FailoverWanted(2, "m", false));
    assertThat(replies())
        .containsExactly(
            "ERR No such master with that name", "NOGOODSLAVE No suitable replica to promote");
  }

  @Test
  void shouldForceAReplicaWithoutALinkButAskNoneToTakeOver() {
    reached("link_status:down");
    machineTakes(new Event.FailoverWanted(1, "m", false));
    run(FailoverRequests.NEWS_MS_MAX);
    assertThat(replies()).containsExactly("NOGOODSLAVE No suitable replica to promote");
    effects.clear();
    machineTakes(new Event.FailoverWanted(2, "m", true));
    assertThat(effects)
        .contains(new Effect.Propose(new Entry.FailoverAsked("m", 0, A, true, "me", 1, 2)));
  }

  @Test
  void shouldRefuseAnOperatorForWhatTheNodesSayNowAndNotForWhatTheySaidBefore() {
    reached("link_status:down");
    effects.clear();
    now += 5;
    machineTakes(new Event.FailoverWanted(1, "m", false));
    machineTakes(new Event.FailoverWanted(2, "m", false));
    assertThat(replies()).containsExactly("INPROG Failover already in progress");
    effects.clear();
    run(10);
    assertThat(effects).contains(new Effect.AskInfo(B));
    machineTakes(new Event.Informed(B, follower("link_status:up")));
    run(10);
    assertThat(replies()).isEmpty();
    assertThat(effects)
        .contains(new Effect.Propose(new Entry.FailoverAsked("m", 0, A, false, "me", 1, 1)));
  }

  @Test
  void shouldForceAStockMasterThatKnowsNoFence() {
    reached("link_status:up");
    machineTakes(new Event.Informed(A, NodeInfo.parse("role:master\r\nredis_version:7.0.15")));
    effects.clear();
    machineTakes(new Event.FailoverWanted(1, "m", false));
    assertThat(effects)
        .contains(new Effect.Propose(new Entry.FailoverAsked("m", 0, A, true, "me", 1, 1)));
  }

  @Test
  void shouldNotKeepAnOperatorWaitingForAMajorityThatIsGone() {
    reached("link_status:up");
    machineTakes(new Event.FailoverWanted(1, "m", false));
    effects.clear();
    pong(4990);
    assertThat(replies()).isEmpty();
    assertThat(effects)
        .filteredOn(e -> e instanceof Effect.Propose p && p.entry() instanceof Entry.FailoverAsked)
        .hasSizeGreaterThan(10);
    pong(10);
    assertThat(replies()).singleElement().asString().startsWith("NOQUORUM");
  }

  @Test
  void shouldFailOverAsUsualWhenTheMasterDiesWhileItHandsOver() {
    reached("link_status:up");
    commit(new Entry.FailoverAsked("m", 0, A, false, "other", 1, 1));
    assertThat(effects)
        .contains(new Effect.Send(A, new Order.Fence("g", 1, HandOver.HOLD_MS), true))
        .doesNotContain(new Effect.Send(B, new Order.Fence("g", 1), true));
    machineTakes(new Event.LinkLost(A));
    pong(1100);
    assertThat(votes()).isNotEmpty();
    commit(new Entry.Vote("m", "me", 1, A, true));
    assertThat(effects).doesNotContain(new Effect.Send(B, new Order.Fence("g", 1), true));
    commit(new Entry.Vote("m", "other", 1, A, true));
    assertThat(effects).contains(new Effect.Send(B, new Order.Fence("g", 1), true));
  }

  @Test
  void shouldNotWaitForAMasterThatCanPromiseNothingOnceAnOperatorForcesIt() {
    reached("link_status:up");
    commit(new Entry.FailoverAsked("m", 0, A, false, "other", 1, 1));
    Order fence = new Order.Fence("g", 1, HandOver.HOLD_MS);
    pong(HandOver.CATCH_UP_MS_MAX + 1000);
    OrderReply full = new OrderReply.Refused("ERR the promise could not be written to disk");
    machineTakes(new Event.Answered(A, fence, full));
    assertThat(proposedPromotions()).isEmpty();
    machineTakes(new Event.FailoverWanted(1, "m", false));
    assertThat(replies()).containsExactly("INPROG Failover already in progress");
    machineTakes(new Event.FailoverWanted(2, "m", true));
    Entry forced = new Entry.HandOverForced("m", 1, "me", 1, 2);
    assertThat(effects)
        .contains(new Effect.Propose(forced))
        .doesNotContain(new Effect.Send(B, new Order.Fence("g", 1), true));

    commit(forced);
    assertThat(replies()).last().isEqualTo("OK");
    assertThat(effects).contains(new Effect.Send(B, new Order.Fence("g", 1), true));
    Report less = new Report(0, "h", 5);
    machineTakes(new Event.Answered(B, new Order.Fence("g", 1), new OrderReply.Held(less)));
    pong(FailoverRun.FENCE_WAIT_MS);
    assertThat(proposedPromotions()).containsOnly(new Entry.Promote("m", 1, B, less));
  }

  @Test
  void shouldSayThatAHandOverWasGivenUpAndNotThatTheMasterChanged() {
    commit(new Entry.Joined(member("me")));
    commit(new Entry.FailoverAsked("m", 0, A, false, "other", 1, 1));
    effects.clear();
    commit(new Entry.Promote("m", 1, A, new Report(0, "h", 1)));
    assertThat(announced()).containsExactly("-failover-abort-slave-timeout master m n 1");
  }

  /** This sentinel leads and reaches a master of ours and its replica. */
  private void reached(String link) {
    lead();
    serving(A, NodeInfo.parse("role:master\r\nwatchword_version:1\r\n"));
    serving(B, follower(link));
  }

  private static NodeInfo follower(String link) {
    return NodeInfo.parse(
        "role:slave\r\nmaster_host:n\r\nmaster_port:1\r\nmaster_"
            + link
            + "\r\nwatchword_version:1\r\n");
  }

  /** Lets time go on while the replica answers. */
  private void pong(long ms) {
    for (long end = now + ms; now < end; ) {
      run(10);
      machineTakes(new Event.Ponged(B, "PONG"));
    }
  }

  private List<String> replies() {
    List<String> texts = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Replied reply) {
        texts.add(reply.text());
      }
    }
    return texts;
  }

  private List<Entry> proposedPromotions() {
    List<Entry> out = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Propose p && p.entry() instanceof Entry.Promote) {
        out.add(p.entry());
      }
    }
    return out;
  }

  private long notes() {
    return effects.stream().filter(e -> e instanceof Effect.Note).count();
  }

  private long proposedFailovers() {
    return effects.stream()
        .filter(e -> e instanceof Effect.Propose p && p.entry() instanceof Entry.BeginFailover)
        .count();
  }

  @Test
  void shouldKeepTheLeadWhenTheOthersReachNothingEither() {
    lead();
    commit(new Entry.Vote("m", "other", 1, A, true));
    run(7000);
    assertThat(effects).doesNotContain(new Effect.HandOver());
  }

  @Test
  void shouldHandOnTheLeadWhenAQuorumWantsAFailoverThatItCannotOpen() {
    lead();
    commit(new Entry.Joined(member("third")));
    commit(new Entry.Vote("m", "other", 1, A, true));
    commit(new Entry.Vote("m", "third", 1, A, true));
    run(7000);
    assertThat(proposedFailovers()).isZero();
    assertThat(effects).contains(new Effect.HandOver());
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
    Order follow = new Order.Follow("g", 0, A);
    assertThat(effects).contains(new Effect.Send(B, follow, true));
    machineTakes(new Event.Answered(B, follow, new OrderReply.Done()));
    assertThat(effects)
        .anyMatch(
            e -> e instanceof Effect.Announce a && a.toString().contains("+convert-to-slave"));
  }

  /** The bound on parallel resynchronizations is of this failover, not of the one before. */
  @Test
  void shouldSendTheSurvivorToTheNewMasterThoughThatMasterWasItselfToldToFollowJustBefore() {
    Address survivor = new Address("n", 3);
    commit(new Entry.ReplicaFound("m", 0, survivor));
    lead();
    for (Address node : List.of(B, survivor)) {
      machineTakes(new Event.LinkUp(node));
      machineTakes(new Event.Informed(node, replica()));
    }
    serving(A, NodeInfo.parse("role:master\r\nwatchword_version:1\r\n"));
    assertThat(effects).contains(new Effect.Send(B, new Order.Follow("g", 0, A), true));
    machineTakes(new Event.LinkLost(A));
    commit(new Entry.Vote("m", "me", 1, A, true));
    commit(new Entry.Vote("m", "other", 1, A, true));
    commit(new Entry.BeginFailover("m", 0, A, new TreeMap<>(Map.of("me", 1L, "other", 1L))));
    Report held = new Report(0, "h", 1);
    commit(new Entry.Promote("m", 1, B, held));
    effects.clear();
    machineTakes(
        new Event.Answered(
            B,
            new Order.Promote("g", 1, held, machine.state().masters().get("m").nodes()),
            new OrderReply.Done()));
    assertThat(effects).contains(new Effect.Send(survivor, new Order.Follow("g", 1, B), true));
  }

  @Test
  void shouldNameALoneMasterAgainThatCameBackWithOlderData() {
    commit(new Entry.Vote("m", "me", 1, A, true));
    lead();
    commit(new Entry.Vote("m", "me", 1, A, true));
    commit(new Entry.Vote("m", "other", 1, A, true));
    commit(new Entry.BeginFailover("m", 0, A, new TreeMap<>(Map.of("me", 1L, "other", 1L))));
    Report held = new Report(0, "h", 9);
    commit(new Entry.Promote("m", 1, A, held));
    commit(new Entry.ReplicaForgotten("m", 1, B));
    serving(A, NodeInfo.parse("role:master\r\nwatchword_version:1\r\n"));
    Order promote = new Order.Promote("g", 1, held, machine.state().masters().get("m").nodes());
    assertThat(effects).contains(new Effect.Send(A, promote, true));
    machineTakes(new Event.Answered(A, promote, lacking()));
    Entry refused = new Entry.PromotionRefused("m", 1, A);
    assertThat(effects).contains(new Effect.Propose(refused));
    commit(refused);
    Report older = new Report(0, "h2", 5);
    machineTakes(new Event.Answered(A, new Order.Fence("g", 2), new OrderReply.Held(older)));
    effects.clear();
    run(FailoverRun.LAST_RESORT_AFTER_MS + 100);
    assertThat(effects).contains(new Effect.Propose(new Entry.Promote("m", 2, A, older)));
  }

  @Test
  void shouldGiveUpAMasterThatAnswersABeatThatItHasLostItsData() {
    lead();
    serving(A, NodeInfo.parse("role:master\r\nwatchword_version:1\r\n"));
    Order beat = new Order.Beat("g", 0, Leader.BEAT_TTL_MS, 1);
    assertThat(effects).contains(new Effect.Send(A, beat, true));
    machineTakes(new Event.Answered(A, beat, new OrderReply.Refused("LOADING")));
    assertThat(effects)
        .noneMatch(
            e -> e instanceof Effect.Propose p && p.entry() instanceof Entry.PromotionRefused);
    machineTakes(new Event.Answered(A, beat, lacking()));
    assertThat(effects).contains(new Effect.Propose(new Entry.PromotionRefused("m", 0, A)));
  }

  @Test
  void shouldTellOnceThatAReplicaRefusesItsMaster() {
    commit(new Entry.Joined(member("me")));
    NodeInfo refusing =
        NodeInfo.parse(
            "role:slave\r\nmaster_host:n\r\nmaster_port:1\r\nwatchword_sync_refused:1\r\n");
    effects.clear();
    serving(B, refusing);
    machineTakes(new Event.Informed(B, refusing));
    assertThat(announced()).containsExactly("-sync-refused slave n:2 n 2 @ m n 1");
  }

  private static OrderReply lacking() {
    return new OrderReply.Refused("LACKING it holds data epoch 0 up to offset 0");
  }

  private void serving(Address node, NodeInfo info) {
    machineTakes(new Event.LinkUp(node));
    machineTakes(new Event.Informed(node, info));
  }

  private static NodeInfo replica() {
    return NodeInfo.parse(
        "role:slave\r\nmaster_host:n\r\nmaster_port:9\r\nmaster_link_status:down\r\n"
            + "watchword_version:1\r\n");
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
