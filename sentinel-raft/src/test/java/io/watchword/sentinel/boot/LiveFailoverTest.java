package io.watchword.sentinel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchword.compat.RawClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets, real Raft, stock Redis as data nodes; kill -9 as the fault. */
class LiveFailoverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  @TempDir Path folder;
  private Group group;

  @BeforeEach
  void start() throws Exception {
    group = new Group(folder);
    eventually(group::isReady);
  }

  @AfterEach
  void stop() throws Exception {
    group.stop();
  }

  @Test
  void shouldNameANewMasterOnEverySentinelAndDemoteTheOldOneWhenItReturns() throws Exception {
    int old = group.nodes.get(0).port;
    try (RawClient listener = RawClient.with(group.sentinelPorts.get(1))) {
      listener.ask("SUBSCRIBE", "+switch-master");
      group.nodes.get(0).kill();
      eventually(() -> agreedMaster() != old && agreedMaster() != 0);
      int now = agreedMaster();
      assertThat(listener.reply())
          .isEqualTo(message("+switch-master", "mymaster 127.0.0.1 " + old + " 127.0.0.1 " + now));
      eventually(() -> Group.tell(now, "SET", "k", "v").equals("+OK\r\n"));
      eventually(() -> Group.tell(now, "INFO", "replication").contains("connected_slaves:1"));
      group.startNode(0, false);
      eventually(
          () ->
              Group.tell(old, "INFO", "replication").contains("master_port:" + now)
                  && Group.tell(old, "GET", "k").equals("$1\r\nv\r\n"));
    }
  }

  @Test
  void shouldFailOverAfterTheLeadingSentinelIsGone() throws Exception {
    int leader = group.leader();
    group.stopSentinel(leader);
    eventually(() -> group.leader() >= 0);
    int old = group.nodes.get(0).port;
    group.nodes.get(0).kill();
    eventually(() -> agreedMaster() != old && agreedMaster() != 0);
    group.startSentinel(leader);
    eventually(() -> group.master(leader) == agreedMaster() && agreedMaster() != 0);
  }

  @Test
  void shouldDecideNothingWithoutAMajorityOfSentinels() throws Exception {
    int left = group.leader();
    for (int i = 0; i < 3; i++) {
      if (i != left) {
        group.stopSentinel(i);
      }
    }
    group.nodes.get(0).kill();
    eventually(() -> group.ask(left, "SENTINEL", "MASTER", "mymaster").contains("s_down"));
    eventually(() -> group.ask(left, "SENTINEL", "CKQUORUM", "mymaster").startsWith("-NOQUORUM"));
    assertThat(group.master(left)).isEqualTo(group.nodes.get(0).port);
  }

  /** The master that all running sentinels name; 0 while they differ. */
  private int agreedMaster() {
    Set<Integer> named = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      if (group.sentinels.get(i) != null) {
        named.add(group.master(i));
      }
    }
    return named.size() == 1 ? List.copyOf(named).get(0) : 0;
  }

  private void eventually(Callable<Boolean> condition) {
    try {
      await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(group.logs(), e);
    }
  }

  private static String message(String channel, String payload) {
    return "*3\r\n$7\r\nmessage\r\n$"
        + channel.length()
        + "\r\n"
        + channel
        + "\r\n$"
        + payload.length()
        + "\r\n"
        + payload
        + "\r\n";
  }
}
