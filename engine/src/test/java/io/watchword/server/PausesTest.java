package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PausesTest {
  private final TestEngine server = new TestEngine();
  private final TestConnection operator = server.connect();
  private final TestConnection client = server.connect();

  @Test
  void shouldServeAPausedWriteOnceAndInItsPlaceWhenThePauseEnds() {
    client.ask("SET", "n", "1");
    operator.ask("CLIENT", "PAUSE", "500", "WRITE");

    assertThat(client.send("GET n\r\nINCR n\r\nGET n\r\n")).isEqualTo("$1\r\n1\r\n");
    assertThat(client.send("INCR n\r\n")).isEmpty();
    server.advance(499);
    server.engine().tick();
    assertThat(client.received()).isEmpty();
    server.advance(1);
    server.engine().tick();

    assertThat(client.received()).isEqualTo(":2\r\n$1\r\n2\r\n:3\r\n");
  }

  @Test
  void shouldServeThemInTheOrderInWhichTheyCameWhenUnpaused() {
    TestConnection other = server.connect();
    operator.ask("CLIENT", "PAUSE", "500", "WRITE");
    other.ask("APPEND", "k", "a");
    client.ask("APPEND", "k", "b");

    assertThat(operator.ask("CLIENT", "UNPAUSE")).isEqualTo("+OK\r\n");
    assertThat(client.ask("GET", "k")).endsWith("$2\r\nab\r\n");
  }

  @Test
  void shouldHoldBackWhatWouldReachReplicasAndNothingElse() {
    operator.ask("CLIENT", "PAUSE", "500", "WRITE");

    assertThat(client.ask("PING")).isEqualTo("+PONG\r\n");
    assertThat(client.ask("SET", "k")).startsWith("-ERR wrong number");
    server.refuseWrites("READONLY x");
    assertThat(client.ask("SET", "k", "v")).startsWith("-READONLY");
    server.refuseWrites(null);
    assertThat(client.ask("PUBLISH", "c", "m")).isEmpty();
    assertThat(server.connect().ask("SET", "k", "v")).isEmpty();
    assertThat(server.journal()).isEmpty();
  }

  @Test
  void shouldHoldBackWritesAloneWhenAnOrderPausesThem() {
    server.engine().pauses().holdWrites(500);

    assertThat(client.send("PUBLISH c m\r\nPING\r\nSET k v\r\nPING\r\n"))
        .isEqualTo(":0\r\n+PONG\r\n");
    server.engine().pauses().letWritesGo();
    server.engine().tick();
    assertThat(client.received()).isEqualTo("+OK\r\n+PONG\r\n");
  }

  @Test
  void shouldServeWhoeverTheMilderOfTwoPausesDoesNotHoldBack() {
    TestConnection writer = server.connect();
    TestConnection publisher = server.connect();
    writer.ask("SET", "k", "v");
    server.engine().pauses().holdWrites(500);
    operator.ask("CLIENT", "PAUSE", "100", "WRITE");
    assertThat(writer.ask("APPEND", "k", "a")).isEmpty();
    assertThat(publisher.ask("PUBLISH", "c", "m")).isEmpty();
    assertThat(client.ask("APPEND", "k", "b")).isEmpty();
    server.advance(100);
    server.engine().tick();

    assertThat(publisher.received()).isEqualTo(":0\r\n");
    assertThat(writer.received()).isEmpty();
    server.advance(400);
    server.engine().tick();
    assertThat(writer.received()).isEqualTo(":2\r\n");
    assertThat(client.received()).isEqualTo(":3\r\n");
  }

  @Test
  void shouldHoldBackATransactionThatWrites() {
    client.send("MULTI\r\nSET k v\r\n");
    TestConnection reader = server.connect();
    reader.send("MULTI\r\nGET k\r\n");
    operator.ask("CLIENT", "PAUSE", "500", "WRITE");

    assertThat(client.ask("EXEC")).isEmpty();
    assertThat(reader.ask("EXEC")).isEqualTo("*1\r\n$-1\r\n");
    operator.ask("CLIENT", "UNPAUSE");
    assertThat(client.received()).isEqualTo("*1\r\n+OK\r\n");
  }

  @Test
  void shouldHoldBackEverythingButOrdersWhenAllArePaused() {
    operator.ask("CLIENT", "PAUSE", "500");

    assertThat(client.ask("PING")).isEmpty();
    assertThat(operator.ask("CLIENT", "UNPAUSE")).isEmpty();
    assertThat(server.connect().ask("WATCHWORD", "FENCE")).startsWith("-ERR");
    server.advance(500);
    server.engine().tick();
    assertThat(client.received()).isEqualTo("+PONG\r\n");
  }

  @Test
  void shouldKeepTheLaterEndAndTheStricterKindOfTwoPauses() {
    operator.ask("CLIENT", "PAUSE", "500", "ALL");
    server.engine().pauses().pause(100, false);
    server.advance(400);
    server.engine().tick();

    assertThat(client.ask("PING")).isEmpty();
    server.advance(100);
    server.engine().tick();
    assertThat(client.received()).isEqualTo("+PONG\r\n");
    operator.ask("CLIENT", "PAUSE", "100", "WRITE");
    assertThat(client.ask("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void shouldExpireNothingWhileWritesArePaused() {
    client.ask("SET", "k", "v", "PX", "10");
    server.journal();
    operator.ask("CLIENT", "PAUSE", "500", "WRITE");
    server.advance(20);

    assertThat(client.ask("GET", "k")).isEqualTo("$-1\r\n");
    server.engine().expireDue(1_000);
    assertThat(server.journal()).isEmpty();
    operator.ask("CLIENT", "UNPAUSE");
    server.engine().expireDue(1_000);
    assertThat(server.journal()).contains("DEL");
  }

  @Test
  void shouldReadNoMoreOfAClientThatSendsMuchWhileItIsPaused() {
    String half = "x".repeat(500_000);
    operator.ask("CLIENT", "PAUSE", "500", "WRITE");
    client.ask("APPEND", "k", half);
    client.ask("APPEND", "k", half);
    assertThat(client.isRead()).isTrue();
    client.ask("APPEND", "k", half);
    assertThat(client.isRead()).isFalse();
    server.engine().pauses().holdWrites(1_000);
    operator.ask("CLIENT", "UNPAUSE");
    assertThat(client.isRead()).isFalse();
    server.advance(1_000);
    server.engine().tick();

    assertThat(client.isRead()).isTrue();
    assertThat(client.received()).isEqualTo(":500000\r\n:1000000\r\n:1500000\r\n");
    assertThat(client.ask("STRLEN", "k")).isEqualTo(":1500000\r\n");
  }

  @Test
  void shouldForgetAPausedClientThatHangsUp() {
    operator.ask("CLIENT", "PAUSE", "500", "WRITE");
    client.ask("SET", "k", "v");
    client.hangUp();
    operator.ask("CLIENT", "UNPAUSE");

    assertThat(operator.ask("GET", "k")).isEqualTo("$-1\r\n");
  }
}
