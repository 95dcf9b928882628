package io.watchword.sentinel.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.sentinel.core.ReplicaChoice.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The pure decisions, one line of test for each line of the rule. */
class DecisionTest {
  private static final Address X = new Address("x", 1);
  private static final Address Y = new Address("y", 1);

  @Test
  void shouldChooseByPriorityThenDataThenRunId() {
    assertThat(best(c(X, 10, 0, 5, "b"), c(Y, 100, 9, 99, "a"))).isEqualTo(X);
    assertThat(best(c(X, 100, 1, 99, "a"), c(Y, 100, 2, 5, "b"))).isEqualTo(Y);
    assertThat(best(c(X, 100, 1, 99, "b"), c(Y, 100, 1, 98, "a"))).isEqualTo(X);
    assertThat(best(c(X, 100, 1, 99, "b"), c(Y, 100, 1, 99, "a"))).isEqualTo(Y);
  }

  @Test
  void shouldNeverChooseANodeOfPriorityZero() {
    assertThat(best(c(X, 0, 9, 99, "a"), c(Y, 100, 1, 1, "b"))).isEqualTo(Y);
    assertThat(ReplicaChoice.best(List.of(c(X, 0, 9, 99, "a")))).isEmpty();
  }

  @Test
  void shouldCountSilenceFromTheOldestUnansweredPing() {
    assertThat(Suspicion.silenceMs(1000, true, 300, 900)).isEqualTo(700);
    assertThat(Suspicion.silenceMs(1000, false, 300, 900)).isEqualTo(700);
  }

  @Test
  void shouldCountSilenceFromTheLastReplyWhenTheConnectionIsGone() {
    assertThat(Suspicion.silenceMs(1000, false, -1, 900)).isEqualTo(100);
    assertThat(Suspicion.silenceMs(1000, true, -1, 100)).isZero();
  }

  @Test
  void shouldHoldANodeForDownOnlyAfterDownAfter() {
    assertThat(Suspicion.isDown(1000, 1000, false, 0)).isFalse();
    assertThat(Suspicion.isDown(1001, 1000, false, 0)).isTrue();
    assertThat(Suspicion.isDown(0, 1000, true, 21_000)).isFalse();
    assertThat(Suspicion.isDown(0, 1000, true, 21_001)).isTrue();
    assertThat(Suspicion.isDown(0, 1000, false, 99_000)).isFalse();
  }

  @Test
  void shouldTakeLoadingForLife() {
    assertThat(Suspicion.isValidPong("PONG")).isTrue();
    assertThat(Suspicion.isValidPong("LOADING Redis is loading the dataset in memory")).isTrue();
    assertThat(Suspicion.isValidPong("MASTERDOWN Link with MASTER is down")).isTrue();
    assertThat(Suspicion.isValidPong("NOAUTH Authentication required.")).isFalse();
  }

  @Test
  void shouldPingOftenEnoughForTheDetectionTime() {
    assertThat(Suspicion.pingPeriodMs(30_000)).isEqualTo(1000);
    assertThat(Suspicion.pingPeriodMs(1000)).isEqualTo(100);
    assertThat(Suspicion.pingPeriodMs(50)).isEqualTo(20);
  }

  @Test
  void shouldReadWhatAReplicaSaysOfItself() {
    NodeInfo info =
        NodeInfo.parse(
            "# Server\r\nrun_id:abc\r\n# Replication\r\nrole:slave\r\nmaster_host:127.0.0.1\r\n"
                + "master_port:6379\r\nmaster_link_status:down\r\nslave_repl_offset:77\r\n"
                + "master_link_down_since_seconds:3\r\nslave_priority:25\r\nmaster_replid:ff\r\n");
    assertThat(info.isMaster()).isFalse();
    assertThat(info.watchword()).isFalse();
    assertThat(info.source()).isEqualTo(Optional.of(new Address("127.0.0.1", 6379)));
    assertThat(info.linkUp()).isFalse();
    assertThat(info.linkDownMs()).isEqualTo(3000);
    assertThat(info.priority()).isEqualTo(25);
    assertThat(info.report()).isEqualTo(new Report(0, "ff", 77));
  }

  @Test
  void shouldReadTheReplicasThatAMasterListsAndPassOverNonsense() {
    NodeInfo info =
        NodeInfo.parse(
            "role:master\r\nwatchword_version:0.1.0\r\nwatchword_epoch:4\r\n"
                + "slave0:ip=10.0.0.2,port=6380,state=online,offset=1,lag=0\r\n"
                + "slave1:ip=10.0.0.3,port=99999,state=online\r\nslave2:garbage\r\n"
                + "master_repl_offset:x\r\n");
    assertThat(info.isMaster()).isTrue();
    assertThat(info.watchword()).isTrue();
    assertThat(info.epoch()).isEqualTo(4);
    assertThat(info.replicas()).containsExactly(new Address("10.0.0.2", 6380));
    assertThat(info.offset()).isZero();
  }

  private static Candidate c(Address node, int priority, long epoch, long offset, String runId) {
    Report report = new Report(epoch, "h", offset);
    return new Candidate(node, ReplicaChoice.Standing.COPY, priority, report, runId);
  }

  private static Address best(Candidate one, Candidate two) {
    List<Candidate> both = new ArrayList<>(List.of(one, two));
    Address chosen = ReplicaChoice.best(both).orElseThrow().node();
    Collections.reverse(both);
    assertThat(ReplicaChoice.best(both).orElseThrow().node()).isEqualTo(chosen);
    return chosen;
  }
}
