package io.watchword.compat;

import static io.watchword.compat.Within.assertWithin;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fence that holds writes, on a running server and over sockets. */
class HeldWritesTest {
  private static final int MUCH = 16 << 20;

  /** The common pool has one thread on two cores, and a reader that waits would keep it. */
  private static final Executor THREAD_EACH = task -> new Thread(task, "asks").start();

  private OurServer server;
  private RawClient sentinel;
  private RawClient client;

  @BeforeEach
  void claim() {
    server = OurServer.start();
    sentinel = server.talk();
    client = server.talk();
    assertThat(sentinel.ask("WATCHWORD", "CLAIM", "g", "s:1")).startsWith("+OK");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldServeHeldWritesWhenTheMasterStaysMaster() {
    String[] report = fence("60000");
    CompletableFuture<String> write = write();
    assertThat(sentinel.ask("WATCHWORD", "PROMOTE", "g", "1", report[0], report[1], "a:1"))
        .startsWith("+OK");
    assertThat(write.join()).startsWith("+OK");
    assertThat(client.ask("GET", "k")).contains("v");
  }

  @Test
  void shouldRefuseHeldWritesWhenTheMasterFollowsAnother() {
    fence("60000");
    CompletableFuture<String> write = write();
    assertThat(sentinel.ask("WATCHWORD", "FOLLOW", "g", "1", "127.0.0.1", "1")).startsWith("+OK");
    assertThat(write.join()).startsWith("-READONLY You can't write against a read only replica");
  }

  @Test
  void shouldRefuseHeldWritesWhenNoRoleComesInTime() {
    fence("200");
    assertThat(write().join()).startsWith("-READONLY This node was fenced");
  }

  @Test
  void shouldAnswerASentinelThatSaysHelloWhileWritesAreHeld() {
    String[] report = fence("60000");
    CompletableFuture<String> write = write();
    sentinel.send(RawClient.request("PUBLISH", "__sentinel__:hello", "me"));
    assertThat(sentinel.ask("PING")).isEqualTo(":0\r\n");
    assertThat(sentinel.reply()).isEqualTo("+PONG\r\n");

    assertThat(write).isNotDone();
    assertThat(sentinel.ask("WATCHWORD", "PROMOTE", "g", "1", report[0], report[1], "a:1"))
        .startsWith("+OK");
    assertThat(write.join()).startsWith("+OK");
  }

  @Test
  void shouldServeAllOfAClientThatSentMuchBehindAHeldWrite() {
    String[] report = fence("60000");
    CompletableFuture<String> write = write();
    CompletableFuture<RawClient> more = sendMuch(client);
    assertThat(sentinel.ask("WATCHWORD", "PROMOTE", "g", "1", report[0], report[1], "a:1"))
        .startsWith("+OK");

    assertThat(write.join()).startsWith("+OK");
    assertThat(more.join().reply()).isEqualTo(":" + (MUCH + 1) + "\r\n");
  }

  @Test
  void shouldLetGoOfAClientThatSentMuchBehindAHeldWriteAndHungUp() {
    String[] report = fence("60000");
    write();
    sendMuch(client);
    client.close();
    assertThat(sentinel.ask("WATCHWORD", "PROMOTE", "g", "1", report[0], report[1], "a:1"))
        .startsWith("+OK");

    awaitInfo("connected_clients:1");
  }

  @Test
  void shouldRefuseAHoldThatIsNone() {
    assertThat(sentinel.ask("WATCHWORD", "FENCE", "g", "1", "HOLD")).startsWith("-ERR syntax");
    assertThat(sentinel.ask("WATCHWORD", "FENCE", "g", "1", "KEEP", "1")).startsWith("-ERR syntax");
    assertThat(sentinel.ask("WATCHWORD", "FENCE", "g", "1", "HOLD", "60001"))
        .startsWith("-ERR a hold");
    assertThat(client.ask("SET", "k", "v")).startsWith("+OK");
  }

  /** Data epoch and offset that the node reports. */
  private String[] fence(String holdMs) {
    String[] lines = sentinel.ask("WATCHWORD", "FENCE", "g", "1", "HOLD", holdMs).split("\r\n");
    assertThat(lines[0]).isEqualTo("*5");
    return new String[] {lines[1].substring(1), lines[4].substring(1)};
  }

  /** A write that is on its way, and held already. */
  private CompletableFuture<String> write() {
    CompletableFuture<String> reply =
        CompletableFuture.supplyAsync(() -> client.ask("SET", "k", "v"), THREAD_EACH);
    awaitInfo("blocked_clients:1");
    return reply;
  }

  /** More than the kernel takes on both sides, of which the server has taken what it will. */
  private CompletableFuture<RawClient> sendMuch(RawClient from) {
    String request = RawClient.request("APPEND", "k", "x".repeat(MUCH));
    CompletableFuture<RawClient> sent =
        CompletableFuture.supplyAsync(() -> from.send(request), THREAD_EACH);
    assertWithin(() -> sentinel.ask("CLIENT", "LIST").matches("(?s).* qbuf=[0-9]{7,} .*"));
    return sent;
  }

  private void awaitInfo(String line) {
    assertWithin(() -> sentinel.ask("INFO", "clients").contains(line + "\r\n"));
  }
}
