package io.watchword.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusViewTest {
  private static final ClusterPlan PLAN = new ClusterPlan(Path.of("/c"), 6379, 2, 1);
  private static final Launcher LAUNCHER = new Launcher(Path.of("/w"), Path.of("/w"), "");
  private static final List<NodeReport> REPORTS =
      List.of(
          report(0, "master", "", 3, 900, "1 replicas"),
          report(1, "replica", "127.0.0.1 6379", 3, 860, "up"),
          NodeReport.dead(PLAN.nodes().get(2)),
          report(3, "sentinel", "127.0.0.1 6379", 3, -1, "quorum"));

  @Test
  void shouldShowOneAlignedLineForEachNode() {
    assertThat(StatusView.table(REPORTS, LAUNCHER))
        .startsWith(
            "NODE            ROLE      EPOCH  OFFSET  LAG  LINK        PID",
            "server-6379     master    3      900     -    1 replicas  1000",
            "server-6380     replica   3      860     40   up          1001",
            "server-6381     dead      -      -       -    -           -",
            "sentinel-26379  sentinel  3      -       -    quorum      1003");
  }

  @Test
  void shouldSayHowToStartADeadNodeAgain() {
    assertThat(StatusView.table(REPORTS, LAUNCHER))
        .endsWith("server-6381 is dead; start it again with: ./watchword up --restart server-6381");
  }

  @Test
  void shouldGiveKindHostPortPidAndRoleOfEveryNodeAsJson() {
    String json = StatusView.json(PLAN, REPORTS);

    assertThat(json)
        .startsWith("{\"master\":\"mymaster\",\"port_base\":6379,\"dir\":\"/c\",\"nodes\":[{")
        .contains(
            "{\"kind\":\"server\",\"name\":\"server-6379\",\"host\":\"127.0.0.1\",\"port\":6379,"
                + "\"pid\":1000,\"state\":\"up\",\"role\":\"master\",\"follows\":null,")
        .contains("\"pid\":null,\"state\":\"dead\",\"role\":null")
        .contains("\"follows\":\"127.0.0.1:6379\",\"epoch\":3,\"offset\":860,\"lag_bytes\":40")
        .endsWith("}]}");
  }

  @Test
  void shouldNotShowANegativeLagWhenTheReplicaWasAskedLater() {
    List<NodeReport> moved =
        List.of(
            report(0, "master", "", 3, 900, "1 replicas"),
            report(1, "replica", "127.0.0.1 6379", 3, 950, "up"));

    assertThat(StatusView.lagBytes(moved.get(1), moved)).isZero();
  }

  private static NodeReport report(
      int node, String role, String follows, long epoch, long offset, String link) {
    return new NodeReport(
        PLAN.nodes().get(node),
        NodeReport.State.UP,
        1000 + node,
        role,
        follows,
        epoch,
        offset,
        link);
  }
}
