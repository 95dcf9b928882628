package io.watchword.command.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchword.server.TestConnection;
import io.watchword.server.TestEngine;
import org.junit.jupiter.api.Test;

/** What a transaction promises; its words are compared with stock Redis in {@code compat}. */
final class MultiTest {
  private final TestEngine server = new TestEngine();
  private final TestConnection client = server.connect();

  @Test
  void shouldTellReplicasAllOfATransactionAsOneUnit() {
    client.ask("SET", "a", "0");
    server.journal();
    client.ask("MULTI");
    client.ask("SET", "a", "1");
    client.ask("GET", "a");
    client.ask("SET", "b", "2");
    assertThat(server.journal()).isEmpty();
    client.ask("EXEC");
    assertThat(server.journal().replace("\r\n", " "))
        .isEqualTo("*1 $5 MULTI *3 $3 SET $1 a $1 1 *3 $3 SET $1 b $1 2 *1 $4 EXEC ");
  }

  @Test
  void shouldTellReplicasNothingOfATransactionThatOnlyReads() {
    client.ask("MULTI");
    client.ask("GET", "a");
    client.ask("EXEC");
    assertThat(server.journal()).isEmpty();
  }

  @Test
  void shouldGiveUpTheWholeTransactionWhenOneOfItsWritesIsRefusedByNow() {
    client.ask("MULTI");
    client.ask("PING");
    client.ask("SET", "a", "1");
    server.refuseWrites("READONLY You can't write against a read only replica.");
    assertThat(client.ask("EXEC"))
        .isEqualTo(
            "-EXECABORT Transaction discarded because of: READONLY You can't write against a read"
                + " only replica.\r\n");
    server.refuseWrites(null);
    assertThat(client.ask("GET", "a")).isEqualTo("$-1\r\n");
    assertThat(client.ask("EXEC")).isEqualTo("-ERR EXEC without MULTI\r\n");
  }

  @Test
  void shouldDoNothingAfterAnotherClientChangedAWatchedKey() {
    TestConnection other = server.connect();
    client.ask("WATCH", "a");
    other.ask("SET", "a", "theirs");
    client.ask("MULTI");
    client.ask("SET", "a", "mine");
    assertThat(client.ask("EXEC")).isEqualTo("*-1\r\n");
    assertThat(client.ask("GET", "a")).isEqualTo("$6\r\ntheirs\r\n");
  }

  @Test
  void shouldNoticeThatAWatchedKeyCameAndExpiredAtOnce() {
    client.ask("WATCH", "a");
    server.connect().ask("SET", "a", "1", "EXAT", "1");
    client.ask("MULTI");
    client.ask("SET", "a", "mine");
    assertThat(client.ask("EXEC")).isEqualTo("*-1\r\n");
  }

  @Test
  void shouldNoticeThatAWatchedKeyExpired() {
    client.ask("SET", "a", "1", "PX", "100");
    client.ask("WATCH", "a");
    server.advance(200);
    TestConnection other = server.connect();
    other.ask("GET", "a");
    client.ask("MULTI");
    client.ask("SET", "a", "mine");
    assertThat(client.ask("EXEC")).isEqualTo("*-1\r\n");
  }

  @Test
  void shouldForgetWatchedKeysOfAClientThatIsGone() {
    client.ask("WATCH", "a");
    client.hangUp();
    TestConnection other = server.connect();
    assertThat(other.ask("SET", "a", "1")).isEqualTo("+OK\r\n");
  }

  @Test
  void shouldKeepItsOwnChangesFromBreakingItsNextTransaction() {
    client.ask("WATCH", "a");
    client.ask("MULTI");
    client.ask("SET", "a", "1");
    client.ask("EXEC");
    client.ask("MULTI");
    client.ask("GET", "a");
    assertThat(client.ask("EXEC")).isEqualTo("*1\r\n$1\r\n1\r\n");
  }

  @Test
  void shouldDoNothingWhenAWatchedKeyHasExpiredThoughNobodyRemovedItYet() {
    client.ask("SET", "a", "1", "PX", "100");
    client.ask("WATCH", "a");
    server.advance(101);
    client.ask("MULTI");
    client.ask("SET", "b", "2");
    assertThat(client.ask("EXEC")).isEqualTo("*-1\r\n");
  }

  @Test
  void shouldRunNoMoreOfATransactionThanItsReplicasTakeAtOnce() {
    server.engine().dispatcher().unitBytesMax(4_000);
    client.ask("MULTI");
    client.ask("INCRBYFLOAT", "a", "1e4900");
    client.ask("INCRBYFLOAT", "a", "1e4900");
    client.ask("SET", "b", "v");
    String replies = client.ask("EXEC");

    assertThat(replies).startsWith("*3\r\n$4901\r\n1");
    assertThat(replies.split("-ERR transaction exceeds what replicas take at once")).hasSize(3);
    assertThat(client.ask("EXISTS", "b")).isEqualTo(":0\r\n");
    assertThat(client.ask("SET", "b", "v")).isEqualTo("+OK\r\n");
  }

  @Test
  void shouldRefuseAQueueThatOutgrowsTheQueryBuffer() {
    server.engine().limits(1 << 20, 1_000);
    client.ask("MULTI");
    assertThat(client.ask("SET", "a", "v".repeat(500))).isEqualTo("+QUEUED\r\n");
    assertThat(client.ask("SET", "b", "v".repeat(500)))
        .isEqualTo("-ERR transaction exceeds client-query-buffer-limit\r\n");
    assertThat(client.ask("EXEC")).startsWith("-EXECABORT");
    client.ask("MULTI");
    assertThat(client.ask("SET", "a", "v".repeat(500))).isEqualTo("+QUEUED\r\n");
  }

  @Test
  void shouldNotGlueWhatADefectLeftBehindToTheNextUnit() {
    client.ask("MULTI");
    client.ask("SET", "a", "1");
    client.ask("BGSAVE");
    assertThatThrownBy(() -> client.ask("EXEC")).hasMessageContaining("nobody offers");
    server.journal();
    server.connect().ask("SET", "b", "2");
    assertThat(server.journal().replace("\r\n", " ")).isEqualTo("*3 $3 SET $1 b $1 2 ");
  }
}
