package io.watchword.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.authority.Decision.Action;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthorityTest {
  private static final Facts MASTER = new Facts(true, "", 0, "a".repeat(40), 100, 2, false, false);
  private static final Facts REPLICA =
      new Facts(false, "m", 1, "a".repeat(40), 100, 2, false, false);
  private static final Allegiance CLAIMED =
      new Allegiance("g", "s:1", 3, "m", 1, false, 0, List.of());

  private final Authority authority = new Authority();

  @Test
  void shouldBelongToTheGroupThatClaimsFirst() {
    Decision first = authority.decide(Allegiance.NONE, MASTER, new Order.Claim("g", "s:1"));
    Decision second = authority.decide(first.next(), MASTER, new Order.Claim("other", "x:1"));

    assertThat(first.answer()).isEqualTo(new Answer.Done());
    assertThat(second.answer()).isEqualTo(new Answer.Foreign("g"));
    assertThat(second.next()).isEqualTo(first.next());
  }

  @Test
  void shouldRememberTheRoleItHasWhenItIsClaimed() {
    Decision claimed = authority.decide(Allegiance.NONE, REPLICA, new Order.Claim("g", "s:1"));

    assertThat(claimed.next().isMaster()).isFalse();
    assertThat(claimed.next().masterHost()).isEqualTo("m");
  }

  @Test
  void shouldObeyNoOtherGroup() {
    Decision decision =
        authority.decide(CLAIMED, REPLICA, new Order.Promote("other", 9, 2, 100, List.of()));

    assertThat(decision.answer()).isEqualTo(new Answer.Foreign("g"));
    assertThat(decision.action()).isEqualTo(Action.NONE);
  }

  @Test
  void shouldObeyNobodyBeforeItIsClaimed() {
    Decision decision = authority.decide(Allegiance.NONE, REPLICA, new Order.Fence("g", 1));

    assertThat(decision.answer()).isEqualTo(new Answer.Foreign("none"));
  }

  @Test
  void shouldRefuseEveryOrderOfALowerEpoch() {
    List<Order> late =
        List.of(
            new Order.Beat("g", 2, 1000, "n"),
            new Order.Fence("g", 2),
            new Order.Promote("g", 2, 2, 100, List.of()),
            new Order.Follow("g", 2, "x", 1),
            new Order.Release("g", 2));

    for (Order order : late) {
      Decision decision = authority.decide(CLAIMED, REPLICA, order);
      assertThat(decision).isEqualTo(new Decision(CLAIMED, Action.NONE, new Answer.Stale(3)));
    }
  }

  @Test
  void shouldPromiseTheEpochThatFencesItAndReportWhatItHolds() {
    Decision decision = authority.decide(CLAIMED, REPLICA, new Order.Fence("g", 4));

    assertThat(decision.next().epoch()).isEqualTo(4);
    assertThat(decision.next().fenced()).isTrue();
    assertThat(decision.answer())
        .isEqualTo(new Answer.Report(2, "a".repeat(40), 100, 0, List.of()));
  }

  @Test
  void shouldTakeOverOnlyWhenItHoldsWhatItReported() {
    Allegiance fenced = CLAIMED.fencedAt(4);

    assertThat(promote(fenced, 2, 100).action()).isEqualTo(Action.PROMOTE);
    assertThat(promote(fenced, 2, 101).answer()).isInstanceOf(Answer.Lacking.class);
    assertThat(promote(fenced, 2, 99).answer()).isInstanceOf(Answer.Lacking.class);
    assertThat(promote(fenced, 3, 100).answer()).isInstanceOf(Answer.Lacking.class);
  }

  private Decision promote(Allegiance held, long dataEpoch, long offset) {
    return authority.decide(
        held, REPLICA, new Order.Promote("g", 4, dataEpoch, offset, List.of("x:1")));
  }

  @Test
  void shouldTakeUpNoRoleWhileASnapshotLoads() {
    Facts loading = new Facts(false, "m", 1, "a".repeat(40), 100, 2, false, true);
    List<Order> orders =
        List.of(
            new Order.Fence("g", 4),
            new Order.Promote("g", 4, 2, 100, List.of()),
            new Order.Follow("g", 4, "x", 1));

    for (Order order : orders) {
      assertThat(authority.decide(CLAIMED, loading, order))
          .isEqualTo(new Decision(CLAIMED, Action.NONE, new Answer.Loading()));
    }
  }

  @Test
  void shouldNotBeFencedAgainByARepeatedFenceOfItsOwnEpoch() {
    Allegiance promoted = CLAIMED.fencedAt(4).promotedAt(4, List.of());

    Decision decision = authority.decide(promoted, MASTER, new Order.Fence("g", 4));

    assertThat(decision.action()).isEqualTo(Action.NONE);
    assertThat(decision.next()).isEqualTo(promoted);
  }

  @Test
  void shouldTakeARepeatedPromotionForAConfirmation() {
    Allegiance promoted = CLAIMED.fencedAt(4).promotedAt(4, List.of());

    Decision decision =
        authority.decide(promoted, inEpoch(4), new Order.Promote("g", 4, 2, 900, List.of()));

    assertThat(decision.action()).isEqualTo(Action.CONFIRM);
    assertThat(decision.answer()).isEqualTo(new Answer.Done());
  }

  @Test
  void shouldNotResynchronizeWhenItIsToldTheMasterItHas() {
    Decision decision = authority.decide(CLAIMED, REPLICA, new Order.Follow("g", 3, "m", 1));

    assertThat(decision.action()).isEqualTo(Action.NONE);
  }

  @Test
  void shouldFollowAgainAfterAFence() {
    Decision decision =
        authority.decide(CLAIMED.fencedAt(4), REPLICA, new Order.Follow("g", 4, "m", 1));

    assertThat(decision.action()).isEqualTo(Action.FOLLOW);
    assertThat(decision.next().fenced()).isFalse();
  }

  @Test
  void shouldBeConfirmedByABeatOnlyAsAMaster() {
    Allegiance master = CLAIMED.promotedAt(3, List.of());

    assertThat(authority.decide(master, inEpoch(3), new Order.Beat("g", 3, 1, "n")).action())
        .isEqualTo(Action.CONFIRM);
    Facts replica = new Facts(false, "m", 1, "a".repeat(40), 100, 3, false, false);
    assertThat(authority.decide(CLAIMED, replica, new Order.Beat("g", 3, 1, "n")).action())
        .isEqualTo(Action.NONE);
  }

  @Test
  void shouldNotBeConfirmedWithDataOlderThanTheEpochOfTheBeat() {
    Allegiance promoted = CLAIMED.promotedAt(3, List.of());
    Allegiance emptied = Allegiance.NONE.claimedBy("g", "s:1", inEpoch(0));

    for (Allegiance held : List.of(promoted, emptied)) {
      Decision decision = authority.decide(held, inEpoch(2), new Order.Beat("g", 3, 1, "n"));

      assertThat(decision.action()).isEqualTo(Action.NONE);
      assertThat(decision.answer()).isInstanceOf(Answer.Lacking.class);
    }
  }

  @Test
  void shouldNotTakeARepeatedPromotionForAConfirmationWithoutTheEpochsData() {
    Allegiance promoted = CLAIMED.fencedAt(4).promotedAt(4, List.of());

    Decision decision =
        authority.decide(promoted, MASTER, new Order.Promote("g", 4, 2, 100, List.of()));

    assertThat(decision.action()).isEqualTo(Action.NONE);
    assertThat(decision.answer()).isInstanceOf(Answer.Lacking.class);
  }

  @Test
  void shouldBeConfirmedByTheBeatOfTheEpochInWhichNobodyWasPromoted() {
    Allegiance claimed = Allegiance.NONE.claimedBy("g", "s:1", inEpoch(0));

    assertThat(authority.decide(claimed, inEpoch(0), new Order.Beat("g", 0, 1, "n")).action())
        .isEqualTo(Action.CONFIRM);
  }

  @Test
  void shouldNotBeConfirmedInAnyEpochOnceItHasLostAll() {
    Allegiance claimed = Allegiance.NONE.claimedBy("g", "s:1", inEpoch(0));
    Facts emptied = new Facts(true, "", 0, "f".repeat(40), 0, 0, true, false);

    Decision decision = authority.decide(claimed, emptied, new Order.Beat("g", 0, 1, "n"));

    assertThat(decision.action()).isEqualTo(Action.NONE);
    assertThat(decision.answer()).isInstanceOf(Answer.Lacking.class);
  }

  @Test
  void shouldNotFollowInTheEpochWhoseMasterItIs() {
    Allegiance promoted = CLAIMED.fencedAt(4).promotedAt(4, List.of());

    Decision decision =
        authority.decide(promoted, inEpoch(4), new Order.Follow("g", 4, "alias", 1));

    assertThat(decision.action()).isEqualTo(Action.NONE);
    assertThat(decision.next()).isEqualTo(promoted);
    assertThat(decision.answer()).isInstanceOf(Answer.Refused.class);
  }

  private static Facts inEpoch(long dataEpoch) {
    return new Facts(true, "", 0, "a".repeat(40), 100, dataEpoch, false, false);
  }
}
