package io.watchword.sentinel.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who is promoted, given what the nodes answered to FENCE and what was known of the master. */
class FailoverRunTest {
  private static final Address M = new Address("n", 1);
  private static final Address X = new Address("n", 2);
  private static final Address Y = new Address("n", 3);
  private static final long SOON = FailoverRun.FENCE_WAIT_MS;
  private static final long LATE = FailoverRun.LAST_RESORT_AFTER_MS;
  private final MasterState watched =
      MasterState.watched("m", M, new MasterConfig(2, 1000, 180_000, 1))
          .withReplica(X)
          .withReplica(Y);
  private final KnownHistory history = new KnownHistory();
  private final Map<Address, NodeView> nodes = new TreeMap<>();
  private final Map<Address, Report> reports = new TreeMap<>();

  @Test
  void shouldNotPromoteAReplicaThatStillReceivesItsFirstSnapshot() {
    masterHad("h");
    replica(X, 10, 0, new Report(0, "fresh", 0));
    replica(Y, 100, 0, new Report(0, "h", 500));
    assertThat(chosen(SOON)).isEqualTo(Optional.of(Y));
    nodes.remove(Y);
    assertThat(chosen(LATE)).isEmpty();
  }

  @Test
  void shouldPromoteTheReplicaOfAMasterThatDiedBeforeItsFirstWrite() {
    masterHad("h");
    replica(X, 100, 0, new Report(0, "h", 0));
    assertThat(chosen(SOON)).isEqualTo(Optional.of(X));
  }

  @Test
  void shouldNotPromoteAReplicaThatWasLeftAtTheBeginning() {
    masterHad("h");
    replica(X, 10, 0, new Report(0, "h", 0));
    replica(Y, 100, 0, new Report(0, "h", 500));
    assertThat(chosen(SOON)).as("another has more").isEqualTo(Optional.of(Y));
    reports.remove(Y);
    assertThat(chosen(LATE)).as("another may have more").isEmpty();
    nodes.remove(Y);
    replica(X, 10, 5, new Report(0, "h", 0));
    assertThat(chosen(LATE)).as("its link was down before").isEmpty();
  }

  @Test
  void shouldPromoteItAlsoWhenTheNextMasterDiedBeforeItWasSeen() {
    masterHad("h");
    replica(Y, 100, 0, new Report(0, "h", 0));
    MasterState next = watched.begun().promoted(X, new Report(0, "h", 0)).begun();
    assertThat(chosen(SOON, next)).isEqualTo(Optional.of(Y));
  }

  @Test
  void shouldNotPromoteAFormerStandaloneWhateverItsOffset() {
    masterHad("h");
    replica(X, 100, 0, new Report(0, "foreign", 1_000_000));
    replica(Y, 100, 0, new Report(0, "h", 500));
    assertThat(chosen(SOON)).isEqualTo(Optional.of(Y));
    nodes.remove(Y);
    assertThat(chosen(LATE)).isEmpty();
  }

  @Test
  void shouldTakeTheNewestDataEpochForACopyUnderAnyReplid() {
    masterHad("h");
    replica(X, 100, 0, new Report(2, "h2", 5));
    replica(Y, 100, 0, new Report(0, "foreign", 1_000_000));
    assertThat(chosen(SOON)).isEqualTo(Optional.of(X));
  }

  @Test
  void shouldPromoteSomebodyWhenTheMasterWasNeverSeenButNoEmptyNodeOverAnother() {
    replica(X, 10, 0, new Report(0, "a", 0));
    replica(Y, 100, 0, new Report(0, "b", 7));
    assertThat(chosen(SOON)).isEqualTo(Optional.of(Y));
    nodes.remove(Y);
    assertThat(chosen(SOON)).isEmpty();
    assertThat(chosen(LATE)).as("others may hold data").isEmpty();
    assertThat(chosen(180_000)).isEqualTo(Optional.of(X));
  }

  @Test
  void shouldPromoteAnEmptyNodeOnceEveryNodeHasReported() {
    replica(M, 100, 0, new Report(0, "m", 0));
    replica(X, 10, 0, new Report(0, "a", 0));
    assertThat(chosen(LATE)).isEmpty();
    replica(Y, 100, 0, new Report(0, "b", 0));
    assertThat(chosen(LATE)).isEqualTo(Optional.of(X));
  }

  @Test
  void shouldTakeAReplicaOfAnEarlierHistoryOnlyAsALastResort() {
    masterHad("h");
    masterHad("h2");
    replica(X, 10, 0, new Report(0, "h", 900));
    assertThat(chosen(SOON)).isEmpty();
    assertThat(chosen(LATE)).isEqualTo(Optional.of(X));
    replica(Y, 100, 0, new Report(0, "h2", 500));
    assertThat(chosen(LATE)).isEqualTo(Optional.of(Y));
  }

  @Test
  void shouldNotHoldReplicasOfANewMasterToTheReplidOfTheOldOne() {
    masterHad("h");
    replica(Y, 100, 0, new Report(0, "h2", 500));
    MasterState next = watched.begun().promoted(X, new Report(0, "h", 1)).begun();
    assertThat(chosen(SOON, next)).isEqualTo(Optional.of(Y));
  }

  @Test
  void shouldPreferAReplicaWhoseLinkWasNotDownForLong() {
    masterHad("h");
    replica(X, 10, 11, new Report(0, "h", 900));
    replica(Y, 100, 10, new Report(0, "h", 500));
    assertThat(chosen(SOON)).isEqualTo(Optional.of(Y));
  }

  @Test
  void shouldForgetTheReportOfANodeThatMayHaveRestarted() {
    replica(X, 100, 0, new Report(0, "h", 900));
    FailoverRun run = new FailoverRun(1, 0);
    run.answered(X, new Order.Fence("g", 1), new OrderReply.Held(reports.get(X)));
    List<NodeView> views = List.copyOf(nodes.values());
    assertThat(run.choose(LATE, watched.begun(), history, views)).isPresent();
    run.linkLost(X);
    assertThat(run.choose(LATE, watched.begun(), history, views)).isEmpty();
  }

  private void masterHad(String replid) {
    history.heard(watched, M, NodeInfo.parse("role:master\nmaster_replid:" + replid));
  }

  private void replica(Address address, int priority, int linkDownSeconds, Report report) {
    NodeView node = new NodeView(address, NodeView.Kind.DATA, "m", 0);
    node.linkUp(0);
    String text =
        "role:slave\nmaster_host:n\nmaster_port:1\nmaster_link_status:down\nslave_priority:"
            + priority
            + "\nmaster_link_down_since_seconds:"
            + linkDownSeconds;
    node.informed(0, NodeInfo.parse(text));
    nodes.put(address, node);
    reports.put(address, report);
  }

  private Optional<Address> chosen(long afterMs) {
    return chosen(afterMs, watched.begun());
  }

  private Optional<Address> chosen(long afterMs, MasterState open) {
    FailoverRun run = new FailoverRun(open.epoch(), 0);
    List<NodeView> views = new ArrayList<>(nodes.values());
    reports.forEach(
        (node, report) ->
            run.answered(node, new Order.Fence("g", open.epoch()), new OrderReply.Held(report)));
    return run.choose(afterMs, open, history, views).map(Entry.Promote::node);
  }
}
