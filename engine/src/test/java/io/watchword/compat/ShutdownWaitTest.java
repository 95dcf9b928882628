package io.watchword.compat;

import static io.watchword.compat.Within.assertWithin;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** SHUTDOWN of a master with replicas, over sockets. */
class ShutdownWaitTest {
  @Test
  void shouldHoldWritesWhileAReplicaLagsAndServeThemWhenTheShutdownIsAborted() {
    try (OurServer server = OurServer.start();
        RawClient replica = server.talk();
        RawClient operator = server.talk();
        RawClient writer = server.talk();
        RawClient other = server.talk()) {
      replica.send(RawClient.request("PSYNC", "?", "-1"));
      assertWithin(() -> other.ask("INFO", "replication").contains("connected_slaves:1"));
      operator.send(RawClient.request("SHUTDOWN", "NOSAVE"));
      assertWithin(() -> server.log().contains("Waiting for replicas before shutting down."));
      writer.send(RawClient.request("SET", "k", "v"));
      assertWithin(() -> other.ask("INFO", "clients").contains("blocked_clients:2"));
      assertThat(other.ask("GET", "k")).isEqualTo("$-1\r\n");

      assertThat(other.ask("SHUTDOWN", "ABORT")).isEqualTo("+OK\r\n");

      assertThat(operator.reply()).isEqualTo("-ERR Errors trying to SHUTDOWN. Check logs.\r\n");
      assertThat(writer.reply()).isEqualTo("+OK\r\n");
      assertThat(operator.ask("PING")).isEqualTo("+PONG\r\n");
    }
  }

  @Test
  void shouldLeaveOnceItsReplicaHasEverything() {
    try (OurServer server = OurServer.start("--repl-diskless-sync-delay", "0");
        OurServer replica =
            OurServer.start("--replicaof", "127.0.0.1 " + server.port(), "--repl-timeout", "60");
        RawClient client = server.talk()) {
      assertWithin(() -> client.ask("INFO", "replication").contains("state=online"));
      client.ask("SET", "k", "x".repeat(1 << 20));
      client.send(RawClient.request("SHUTDOWN", "NOSAVE"));
      assertWithin(() -> server.log().contains("1 of 1 replicas are in sync when shutting down."));
      assertThat(server.log()).noneMatch(line -> line.startsWith("Lagging replica"));
      try (RawClient reader = replica.talk()) {
        assertThat(reader.ask("STRLEN", "k")).isEqualTo(":" + (1 << 20) + "\r\n");
      }
    }
  }
}
