package io.watchword.command.string;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.TestServer;
import io.watchword.server.CommandIndex;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What replicas are told of the string commands: nothing that depends on their clock. */
class StringToldTest {
  private final TestServer server = new TestServer();

  private void shouldTell(String call, String... told) {
    server.forget();
    server.run(call.split(" "));
    assertThat(server.told()).as(call).isEqualTo(List.of(told).stream().map(this::words).toList());
  }

  private List<String> words(String line) {
    return List.of(line.replace("NOW+9s", Long.toString(server.now() + 9_000)).split(" "));
  }

  @Test
  void shouldTellLifetimesAsMoments() {
    shouldTell("SET k v EX 9", "SET k v PXAT NOW+9s");
    shouldTell("SET k v PX 9000 GET", "SET k v PXAT NOW+9s");
    shouldTell("SET k v PXAT 9999999999999 NX");
    shouldTell("SET k v PXAT 9999999999999", "SET k v PXAT 9999999999999");
    shouldTell("SET k v EXAT 9999999999", "SET k v PXAT 9999999999000");
    shouldTell("SETEX k 9 v", "SET k v PXAT NOW+9s");
    shouldTell("PSETEX k 9000 v", "SET k v PXAT NOW+9s");
    shouldTell("GETEX k EX 9", "PEXPIREAT k NOW+9s");
    shouldTell("GETEX k PERSIST", "PERSIST k");
    shouldTell("GETEX k PERSIST");
    shouldTell("GETEX k");
    shouldTell("GETEX k EXAT 1", "DEL k");
  }

  @Test
  void shouldTellALifetimeInThePastAsADeletion() {
    shouldTell("SET k v PXAT 1");
    server.run("SET", "k", "v");
    shouldTell("SET k v EXAT 1", "DEL k");
    assertThat(server.keyspace().size()).isZero();
  }

  @Test
  void shouldCountALifetimeInThePastAsExpired() {
    server.run("SET", "k", "v", "PXAT", "1");
    server.run("SET", "k", "v", "EXAT", "1");
    assertThat(server.stats().expiredKeys).isEqualTo(2);
  }

  @Test
  void shouldLeaveGetOutOfSet() {
    shouldTell("SET k v GET", "SET k v");
    shouldTell("SET k v GET KEEPTTL", "SET k v KEEPTTL");
    shouldTell("SET k v KEEPTTL XX", "SET k v KEEPTTL XX");
    shouldTell("GETSET k v", "SET k v");
    shouldTell("GETDEL k", "DEL k");
    shouldTell("GETDEL k");
  }

  @Test
  void shouldTellSumsOfFractionsAsTheirResult() {
    shouldTell("INCRBYFLOAT f 0.1", "SET f 0.1 KEEPTTL");
    shouldTell("INCR n", "INCR n");
    shouldTell("APPEND n 1", "APPEND n 1");
    shouldTell("SETRANGE n 0 7", "SETRANGE n 0 7");
    shouldTell("MSET a 1 b 2", "MSET a 1 b 2");
    shouldTell("MSETNX a 1 c 2");
    shouldTell("INCR f");
  }

  @Test
  void shouldTellAnOverdueKeyBeforeTheCommandThatMetIt() {
    server.run("SET", "n", "5", "PX", "10");
    server.pass(10);
    shouldTell("INCR n", "MULTI", "DEL n", "INCR n", "EXEC");
    assertThat(server.run("GET", "n").text()).isEqualTo("1");
  }

  @Test
  void shouldApplyAMastersStreamWithoutLookingAtTheClock() {
    server.dispatcher().replica(true);
    TestServer.TestClient master = server.connect().master();
    master.rawBytes(
        "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\n5\r\n$4\r\nPXAT\r\n$1\r\n1\r\n"
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(server.client().raw("GET", "k")).isEqualTo("$-1\r\n");
    assertThat(server.keyspace().size()).isEqualTo(1);
    master.rawBytes(
        "*2\r\n$4\r\nINCR\r\n$1\r\nk\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(server.content()).containsExactly("0 k = 6 @ 1");
  }

  @Test
  void shouldTellWhatAnMsetDidBeforeMemoryRanOut() {
    TestServer small = new TestServer(CommandIndex.table(), 1, 5 << 20);
    String large = "x".repeat(2 << 20);
    String reply = small.client().raw("MSET", "a", large, "b", large, "c", large);
    assertThat(reply).startsWith("-OOM");
    TestServer replica = new TestServer();
    replica.client().master();
    small.units().forEach(replica.client()::rawBytes);
    assertThat(replica.content()).isEqualTo(small.content()).hasSize(1);
    assertThat(small.client().raw("MSETNX", "d", "1", "e", large, "f", large)).startsWith("-OOM");
    assertThat(small.keyspace().size()).isEqualTo(1);
  }
}
