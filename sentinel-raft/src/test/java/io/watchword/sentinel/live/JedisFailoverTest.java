package io.watchword.sentinel.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.exceptions.JedisException;

/** A client that was not written for us, over a failover of whole processes. */
class JedisFailoverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JedisClientConfig CONFIG =
      DefaultJedisClientConfig.builder().timeoutMillis(2_000).build();

  @TempDir Path folder;

  @Test
  void shouldGoOnWritingThroughJedisOverAFailover() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(folder)) {
      int master = cluster.dataPorts().get(0);
      try {
        awaitReady(cluster);
        writeOverAFailover(cluster, master);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + cluster.logs(), e);
      }
    }
  }

  /** Whether it is back before or after the sentinels miss it, nobody copies its emptiness. */
  @Test
  void shouldKeepTheDataWhenTheMasterIsRestartedWithoutAny() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(folder)) {
      int master = cluster.dataPorts().get(0);
      try {
        awaitReady(cluster);
        try (Jedis node = new Jedis("127.0.0.1", master)) {
          node.set("before", "1");
        }
        awaitValueOnReplicas(cluster, "before");

        cluster.kill(master);
        cluster.startData(master);

        soon(() -> role(master).equals("slave"));
        cluster.dataPorts().forEach(port -> soon(() -> "1".equals(valueAt(port, "before"))));
      } catch (Exception | AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + cluster.logs(), e);
      }
    }
  }

  private static void writeOverAFailover(LiveCluster cluster, int master) throws Exception {
    Set<HostAndPort> sentinels =
        cluster.sentinelPorts().stream()
            .map(port -> new HostAndPort("127.0.0.1", port))
            .collect(Collectors.toSet());
    try (RedisSentinelClient client =
        RedisSentinelClient.builder()
            .masterName("mymaster")
            .sentinels(sentinels)
            .clientConfig(CONFIG)
            .sentinelClientConfig(CONFIG)
            .build()) {
      assertThat(client.getCurrentMaster().getPort()).isEqualTo(master);
      assertThat(client.set("before", "1")).isEqualTo("OK");
      awaitValueOnReplicas(cluster, "before");

      cluster.kill(master);

      soon(() -> "OK".equals(client.set("after", "2")));
      assertThat(client.getCurrentMaster().getPort()).isNotEqualTo(master);
      assertThat(client.get("before")).as("replicated before the kill").isEqualTo("1");
      assertThat(client.get("after")).isEqualTo("2");
    }
    cluster.startData(master);
    soon(() -> role(master).equals("slave"));
    soon(() -> "2".equals(valueAt(master, "after")));
  }

  private static void awaitReady(LiveCluster cluster) {
    for (int port : cluster.sentinelPorts()) {
      soon(
          () -> {
            try (Jedis sentinel = new Jedis("127.0.0.1", port)) {
              return sentinel.sentinelReplicas("mymaster").size() == 2
                  && sentinel.sentinelMaster("mymaster").get("num-other-sentinels").equals("2");
            }
          });
    }
  }

  private static void awaitValueOnReplicas(LiveCluster cluster, String key) {
    cluster.dataPorts().forEach(port -> soon(() -> valueAt(port, key) != null));
  }

  private static String valueAt(int port, String key) {
    try (Jedis node = new Jedis("127.0.0.1", port)) {
      return node.get(key);
    }
  }

  private static String role(int port) {
    try (Jedis node = new Jedis("127.0.0.1", port)) {
      return (String) node.role().get(0);
    }
  }

  /** Waits until it holds; a node that does not answer yet, or refuses, is asked again. */
  private static void soon(Callable<Boolean> holds) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              try {
                return holds.call();
              } catch (JedisException notYet) {
                return false;
              }
            });
  }
}
