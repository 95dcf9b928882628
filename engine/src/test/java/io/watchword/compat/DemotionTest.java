package io.watchword.compat;

import static io.watchword.compat.Within.assertWithin;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who keeps a connection to a master that its sentinels make a replica. */
class DemotionTest {
  private OurServer server;
  private RawClient sentinel;
  private RawClient client;

  @BeforeEach
  void claim() {
    server = OurServer.start();
    sentinel = server.talk();
    client = server.talk();
    assertThat(sentinel.ask("WATCHWORD", "CLAIM", "g", "s:1")).startsWith("+OK");
    assertThat(client.ask("SET", "k", "v")).startsWith("+OK");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldHangUpOnClientsAndSubscribers() {
    RawClient subscriber = server.talk();
    assertThat(subscriber.ask("SUBSCRIBE", "news")).contains("subscribe");

    follow();

    assertThat(client.replyUntilClosed()).isEmpty();
    assertThat(subscriber.replyUntilClosed()).isEmpty();
  }

  @Test
  void shouldAnswerAWriteThatWasHeldBeforeItHangsUp() {
    sentinel.ask("WATCHWORD", "FENCE", "g", "1", "HOLD", "60000");
    client.send(RawClient.request("SET", "k", "w"));
    awaitBlocked();

    follow();

    assertThat(client.replyUntilClosed())
        .isEqualTo("-READONLY You can't write against a read only replica.\r\n");
  }

  @Test
  void shouldAnswerWhatAPauseKeepsWaitingBeforeItHangsUp() {
    assertThat(client.ask("CLIENT", "PAUSE", "60000", "WRITE")).startsWith("+OK");
    client.send(RawClient.request("SET", "k", "w"));
    awaitBlocked();
    follow();

    assertThat(sentinel.ask("CLIENT", "UNPAUSE")).startsWith("+OK");
    assertThat(client.replyUntilClosed()).startsWith("-READONLY");
  }

  @Test
  void shouldStayConnectedWithItsSentinels() {
    RawClient observer = server.talk();
    observer.ask("CLIENT", "SETNAME", "sentinel-01234567-cmd");

    follow();

    assertThat(observer.ask("PING")).isEqualTo("+PONG\r\n");
    assertThat(sentinel.ask("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void shouldServeWhoComesLater() {
    follow();

    RawClient later = server.talk();
    assertThat(later.ask("GET", "k")).contains("v");
    follow();
    assertThat(later.ask("GET", "k")).contains("v");
  }

  @Test
  void shouldKeepItsClientsWhenTheRoleIsGivenByHand() {
    assertThat(client.ask("REPLICAOF", "127.0.0.1", "1")).startsWith("+OK");
    assertThat(client.ask("PING")).isEqualTo("+PONG\r\n");
  }

  private void follow() {
    assertThat(sentinel.ask("WATCHWORD", "FOLLOW", "g", "1", "127.0.0.1", "1")).startsWith("+OK");
  }

  private void awaitBlocked() {
    assertWithin(() -> sentinel.ask("INFO", "clients").contains("blocked_clients:1\r\n"));
  }
}
