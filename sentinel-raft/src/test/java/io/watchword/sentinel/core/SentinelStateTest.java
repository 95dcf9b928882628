package io.watchword.sentinel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SentinelStateTest {
  private static final Address A = new Address("n", 1);
  private static final Address B = new Address("n", 2);
  private static final Address C = new Address("n", 3);
  private static final Report HELD = new Report(0, "history", 10);
  private SentinelState state = SentinelState.EMPTY;

  @Test
  void shouldNameTheGroupOnce() {
    accepted(new Entry.Founded("g1"));
    refused(new Entry.Founded("g2"), "already founded as g1");
    assertThat(state.group()).isEqualTo("g1");
  }

  @Test
  void shouldKeepTheFirstConfigurationOfAMaster() {
    watched();
    refused(new Entry.Monitored("m", B, new MasterConfig(1, 1, 1, 1)), "watched already");
    assertThat(master().config().quorum()).isEqualTo(2);
  }

  @Test
  void shouldKnowANodeUnderOneMaster() {
    watched();
    refused(new Entry.Monitored("other", A, new MasterConfig(1, 1, 1, 1)), "of another master");
    accepted(new Entry.Monitored("other", new Address("o", 1), new MasterConfig(1, 1, 1, 1)));
    refused(new Entry.ReplicaFound("other", 0, B), "is known");
  }

  @Test
  void shouldKnowNoMoreReplicasThanAnybodyHas() {
    watched();
    for (int i = master().replicas().size(); i < MasterState.REPLICAS_MAX; i++) {
      accepted(new Entry.ReplicaFound("m", 0, new Address("made-up", 1000 + i)));
    }
    refused(new Entry.ReplicaFound("m", 0, new Address("made-up", 1)), "too many replicas");
  }

  @Test
  void shouldCountOnlyVotesOfTheStartThatRuns() {
    watched();
    accepted(vote("s1", 1, true));
    joined("s1", 2);
    refused(vote("s1", 1, true), "earlier start");
    assertThat(master().votes()).isEmpty();
    accepted(vote("s2", 1, true));
    refused(begin(0, "s1", 1L, "s2", 1L), "1 votes stand");
    accepted(vote("s1", 2, true));
    accepted(begin(0, "s1", 2L, "s2", 1L));
  }

  @Test
  void shouldRefuseAFailoverWithFewerVotesThanTheQuorum() {
    watched();
    accepted(vote("s1", 1, true));
    refused(begin(0, "s1", 1L), "1 votes stand, 2 are needed");
    refused(begin(0, "s1", 1L, "s2", 1L), "1 votes stand, 2 are needed");
    assertThat(master().epoch()).isZero();
  }

  @Test
  void shouldBeginAFailoverForAnOperatorWithoutVotesButOnce() {
    watched();
    accepted(asked(0, A, false));
    assertThat(master().failover()).isEqualTo(Optional.of(new Failover(1, A, true)));
    assertThat(master().isHandingOver()).isTrue();
    refused(asked(0, A, false), "it saw epoch 0");
    refused(asked(1, A, false), "is open");
    accepted(new Entry.Promote("m", 1, A, HELD));
    assertThat(master().master()).isEqualTo(A);
    refused(asked(1, B, false), "is not the master");
    accepted(asked(1, A, true));
    assertThat(master().isHandingOver()).isFalse();
  }

  @Test
  void shouldBeginNoFailoverForAnOperatorWhenThereIsNobodyToPromote() {
    accepted(new Entry.Monitored("m", A, new MasterConfig(2, 1000, 180_000, 1)));
    refused(asked(0, A, true), "nobody to promote");
  }

  @Test
  void shouldForceAnOpenHandOverInItsEpochAndOpenNoOtherWhenItIsAskedTwice() {
    watched();
    Entry force = new Entry.HandOverForced("m", 1, "s1", 1, 2);
    refused(force, "it saw epoch 1");
    accepted(asked(0, A, false));
    accepted(force);
    assertThat(master().failover()).isEqualTo(Optional.of(new Failover(1, A, false)));
    refused(force, "no hand-over to epoch 1 is open");
    accepted(new Entry.Promote("m", 1, A, HELD));
    refused(force, "no hand-over to epoch 1 is open");
    accepted(asked(1, A, true));
    refused(new Entry.HandOverForced("m", 2, "s1", 1, 3), "no hand-over to epoch 2 is open");
  }

  private static Entry asked(long sawEpoch, Address master, boolean forced) {
    return new Entry.FailoverAsked("m", sawEpoch, master, forced, "s1", 1, 1);
  }

  @Test
  void shouldRefuseAFailoverWhoseVotesWereTakenBackMeanwhile() {
    watched();
    accepted(vote("s1", 1, true));
    accepted(vote("s2", 1, true));
    assertThat(master().isObjectivelyDown()).isTrue();
    accepted(vote("s2", 1, false));
    refused(begin(0, "s1", 1L, "s2", 1L), "1 votes stand");
  }

  @Test
  void shouldOpenAnEpochOnce() {
    down();
    accepted(begin(0, "s1", 1L, "s2", 1L));
    refused(begin(0, "s1", 1L, "s2", 1L), "it saw epoch 0, the epoch is 1");
    refused(begin(1, "s1", 1L, "s2", 1L), "is open");
    assertThat(master().epoch()).isEqualTo(1);
    assertThat(master().configEpoch()).isZero();
  }

  @Test
  void shouldNameTheMasterOfAnEpochOnce() {
    down();
    accepted(begin(0, "s1", 1L, "s2", 1L));
    refused(new Entry.Promote("m", 0, B, HELD), "it saw epoch 0");
    refused(new Entry.Promote("m", 1, new Address("x", 9), HELD), "no data node");
    accepted(new Entry.Promote("m", 1, B, HELD));
    refused(new Entry.Promote("m", 1, C, HELD), "epoch 1 has its master: n:2");
    assertThat(master().master()).isEqualTo(B);
    assertThat(master().replicas()).containsExactly(A, C);
    assertThat(master().votes()).isEmpty();
    assertThat(master().report()).isEqualTo(Optional.of(HELD));
  }

  @Test
  void shouldOpenTheNextEpochWhenTheChosenNodeCannotTakeOver() {
    down();
    accepted(begin(0, "s1", 1L, "s2", 1L));
    refused(new Entry.PromotionRefused("m", 1, B), "not the master of epoch 1");
    accepted(new Entry.Promote("m", 1, B, HELD));
    refused(new Entry.PromotionRefused("m", 1, C), "not the master of epoch 1");
    accepted(new Entry.PromotionRefused("m", 1, B));
    assertThat(master().epoch()).isEqualTo(2);
    assertThat(master().failover()).isEqualTo(Optional.of(new Failover(2, B, false)));
  }

  @Test
  void shouldForgetAVoteThatExpiredAndNoOther() {
    watched();
    accepted(vote("s1", 1, true));
    refused(new Entry.VoteExpired("m", "s1", 7), "no such vote");
    refused(new Entry.VoteExpired("m", "s2", 1), "no such vote");
    accepted(new Entry.VoteExpired("m", "s1", 1));
    assertThat(master().votes()).isEmpty();
  }

  @Test
  void shouldTakeReplicasOfTheEpochInWhichTheyWereSeen() {
    watched();
    refused(new Entry.ReplicaFound("m", 1, new Address("n", 4)), "it saw epoch 1");
    refused(new Entry.ReplicaFound("m", 0, A), "is known");
    refused(new Entry.ReplicaForgotten("m", 0, A), "no replica");
    accepted(new Entry.ReplicaForgotten("m", 0, B));
    assertThat(master().replicas()).containsExactly(C);
    refused(new Entry.ReplicaFound("other", 0, B), "no master other");
  }

  @Test
  void shouldChangeNothingWhenTheSameEntryComesTwice() {
    down();
    Entry[] entries = {
      begin(0, "s1", 1L, "s2", 1L), new Entry.Promote("m", 1, B, HELD), new Entry.Founded("g")
    };
    for (Entry entry : entries) {
      accepted(entry);
      SentinelState once = state;
      assertThat(state.apply(entry).refusal()).isPresent();
      assertThat(state.apply(entry).state()).isSameAs(once);
    }
  }

  private void watched() {
    joined("s1", 1);
    joined("s2", 1);
    accepted(new Entry.Monitored("m", A, new MasterConfig(2, 1000, 180_000, 1)));
    accepted(new Entry.ReplicaFound("m", 0, B));
    accepted(new Entry.ReplicaFound("m", 0, C));
  }

  private void down() {
    watched();
    accepted(vote("s1", 1, true));
    accepted(vote("s2", 1, true));
  }

  private void joined(String id, long incarnation) {
    accepted(new Entry.Joined(new Member(id, incarnation, new Address(id, 1), id + ":2")));
  }

  private static Entry vote(String sentinel, long incarnation, boolean down) {
    return new Entry.Vote("m", sentinel, incarnation, A, down);
  }

  private static Entry begin(long sawEpoch, String s, long incarnation) {
    return new Entry.BeginFailover("m", sawEpoch, A, new TreeMap<>(Map.of(s, incarnation)));
  }

  private static Entry begin(long sawEpoch, String s, long i, String t, long j) {
    return new Entry.BeginFailover("m", sawEpoch, A, new TreeMap<>(Map.of(s, i, t, j)));
  }

  private MasterState master() {
    return state.masters().get("m");
  }

  private void accepted(Entry entry) {
    Applied applied = state.apply(entry);
    assertThat(applied.refusal()).as(entry.toString()).isEmpty();
    state = applied.state();
  }

  private void refused(Entry entry, String why) {
    Applied applied = state.apply(entry);
    assertThat(applied.refusal().orElse("")).as(entry.toString()).contains(why);
    assertThat(applied.state()).isSameAs(state);
  }
}
