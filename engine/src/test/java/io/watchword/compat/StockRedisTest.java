package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The reference itself: a comparison is worth nothing when the stock server is not one. */
final class StockRedisTest {
  @Test
  void shouldAnswerRawRequestsWithRawReplies() {
    try (StockRedis stock = StockRedis.start();
        RawClient client = stock.talk()) {
      assertThat(client.ask("SET", "k", "v")).isEqualTo("+OK\r\n");
      assertThat(client.ask("GET", "k")).isEqualTo("$1\r\nv\r\n");
      assertThat(client.ask("HELLO", "3")).startsWith("%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n");
      assertThat(client.send("*1\r\n$-9\r\n").replyUntilClosed())
          .isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
    }
  }

  @Test
  void shouldReportARefusedStart() {
    StockRedis.Refusal refusal = StockRedis.startRefused("--foo", "bar");
    assertThat(refusal.status()).isEqualTo(1);
    assertThat(refusal.output()).contains("*** FATAL CONFIG FILE ERROR");
  }
}
