package io.watchword.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfTest {
  @TempDir Path folder;

  @Test
  void shouldMakeTheFirstServerTheMasterAndTheOthersItsReplicas() throws IOException {
    ClusterPlan plan = new ClusterPlan(folder, 6379, 1, 0);

    assertThat(written(plan, 0))
        .contains("port 6379", "bind 127.0.0.1", "repl-diskless-sync-delay 0")
        .noneMatch(line -> line.startsWith("replicaof"));
    assertThat(written(plan, 1)).contains("port 6380", "replicaof 127.0.0.1 6379");
  }

  @Test
  void shouldTellEachSentinelAllRaftPeersAndTheMaster() throws IOException {
    ClusterPlan plan = new ClusterPlan(folder, 6379, 0, 3);

    assertThat(written(plan, 1))
        .contains(
            "port 26379",
            "sentinel raft-port 31379",
            "sentinel raft-peers 127.0.0.1:31379,127.0.0.1:31380,127.0.0.1:31381",
            "sentinel monitor mymaster 127.0.0.1 6379 2",
            "sentinel raft-election-timeout-ms 500",
            "sentinel down-after-milliseconds mymaster 1000");
  }

  @Test
  void shouldRememberWhomAServerFollowedWhenItWasStopped() throws IOException {
    ClusterPlan plan = new ClusterPlan(folder, 6379, 1, 0);
    List<String> before = written(plan, 1);
    Node replica = plan.nodes().get(1);

    NodeConf.setMaster(replica, "");
    assertThat(Files.readAllLines(replica.conf())).noneMatch(line -> line.startsWith("replicaof"));

    NodeConf.setMaster(replica, "127.0.0.1 6379");
    assertThat(Files.readAllLines(replica.conf())).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void shouldQuoteAFolderWithABlank() throws IOException {
    ClusterPlan plan = new ClusterPlan(folder.resolve("two words"), 6379, 0, 0);

    String data = plan.nodes().get(0).data().toString();
    assertThat(written(plan, 0)).contains("dir \"" + data + "\"");
  }

  private static List<String> written(ClusterPlan plan, int index) throws IOException {
    Node node = plan.nodes().get(index);
    NodeConf.write(plan, node);
    return Files.readAllLines(node.conf());
  }
}
