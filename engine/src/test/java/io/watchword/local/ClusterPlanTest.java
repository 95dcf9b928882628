package io.watchword.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPlanTest {
  @TempDir Path folder;

  @Test
  void shouldPutSentinelsTwentyThousandAboveAndTheirRaftFiveThousandAboveThat() {
    ClusterPlan plan = new ClusterPlan(folder, 6379, 2, 3);

    assertThat(plan.nodes())
        .extracting(Node::name)
        .containsExactly(
            "server-6379",
            "server-6380",
            "server-6381",
            "sentinel-26379",
            "sentinel-26380",
            "sentinel-26381");
    assertThat(plan.ports())
        .containsExactly(6379, 6380, 6381, 26379, 31379, 26380, 31380, 26381, 31381);
  }

  @Test
  void shouldComeBackAsItWasSaved() throws IOException {
    ClusterPlan plan = new ClusterPlan(folder, 7000, 1, 0);
    plan.save();

    assertThat(ClusterPlan.existsIn(folder)).isTrue();
    assertThat(ClusterPlan.load(folder)).isEqualTo(plan);
  }

  @Test
  void shouldRefuseAFileThatIsNotAPlan() throws IOException {
    Files.writeString(folder.resolve("cluster.conf"), "format 2\n");
    assertThatThrownBy(() -> ClusterPlan.load(folder)).hasMessageContaining("format 1");

    Files.writeString(folder.resolve("cluster.conf"), "format 1\nport-base many\n");
    assertThatThrownBy(() -> ClusterPlan.load(folder)).hasMessageContaining("port-base");
  }

  @Test
  void shouldRefuseNumbersOutOfRangeByTheirOption() {
    assertThatThrownBy(() -> new ClusterPlan(folder, 0, 2, 3)).hasMessageContaining("--port-base");
    assertThatThrownBy(() -> new ClusterPlan(folder, 60_000, 2, 3))
        .hasMessageContaining("--port-base");
    assertThatThrownBy(() -> new ClusterPlan(folder, 6379, -1, 3))
        .hasMessageContaining("--replicas");
    assertThatThrownBy(() -> new ClusterPlan(folder, 6379, 2, 10))
        .hasMessageContaining("--sentinels");
  }

  @Test
  void shouldAskForAMajorityAsQuorum() {
    assertThat(new ClusterPlan(folder, 6379, 2, 1).quorum()).isEqualTo(1);
    assertThat(new ClusterPlan(folder, 6379, 2, 3).quorum()).isEqualTo(2);
    assertThat(new ClusterPlan(folder, 6379, 2, 5).quorum()).isEqualTo(3);
  }
}
