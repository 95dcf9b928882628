package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stock Redis 7.0 as a replica of ours, ours as a replica of it, and both in one chain. */
class ReplicationCompatTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String[] DISKLESS = {"--repl-diskless-sync-delay", "0"};

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void shouldServeAStockReplica(String diskless) {
    try (OurServer master =
            OurServer.start("--repl-diskless-sync-delay", "0", "--repl-diskless-sync", diskless);
        StockRedis replica = StockRedis.start()) {
      fill(master.talk(), 0, 500);
      follow(replica.talk(), master.port());
      awaitSame(master.talk(), replica.talk(), 500);
      fill(master.talk(), 500, 1_000);

      awaitSame(master.talk(), replica.talk(), 1_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void shouldFollowAStockMaster(String diskless) {
    try (StockRedis master =
            StockRedis.start("--repl-diskless-sync-delay", "0", "--repl-diskless-sync", diskless);
        OurServer replica = OurServer.start()) {
      fill(master.talk(), 0, 500);
      follow(replica.talk(), master.port());
      awaitSame(master.talk(), replica.talk(), 500);
      fill(master.talk(), 500, 1_000);
      master.talk().send("MULTI\r\nSET k1 in\r\nSET k2 transaction\r\nEXEC\r\n");

      awaitValue(replica.talk(), "k2", "transaction");
      awaitSame(master.talk(), replica.talk(), 1_000);
    }
  }

  @Test
  void shouldResumeAStockReplicaAfterACut() {
    try (OurServer master = OurServer.start(DISKLESS);
        StockRedis replica = StockRedis.start()) {
      follow(replica.talk(), master.port());
      fill(master.talk(), 0, 100);
      awaitSame(master.talk(), replica.talk(), 100);
      replica.talk().ask("CLIENT", "KILL", "TYPE", "master");
      fill(master.talk(), 100, 200);

      awaitSame(master.talk(), replica.talk(), 200);
      assertThat(replica.log())
          .contains("Master accepted a Partial Resynchronization")
          .containsOnlyOnce("Full resync from master");
    }
  }

  @Test
  void shouldResumeWithAStockMasterAfterACut() {
    try (StockRedis master = StockRedis.start(DISKLESS);
        OurServer replica = OurServer.start()) {
      follow(replica.talk(), master.port());
      fill(master.talk(), 0, 100);
      awaitSame(master.talk(), replica.talk(), 100);
      master.talk().ask("CLIENT", "KILL", "TYPE", "replica");
      fill(master.talk(), 100, 200);

      awaitSame(master.talk(), replica.talk(), 200);
      assertThat(info(master.talk(), "stats", "sync_full")).isEqualTo("1");
      assertThat(replica.log()).contains("Successful partial resynchronization with master.");
    }
  }

  @Test
  void shouldPassTheStreamThroughAStockReplicaInTheMiddle() {
    try (OurServer top = OurServer.start(DISKLESS);
        StockRedis middle = StockRedis.start(DISKLESS);
        OurServer last = OurServer.start()) {
      follow(middle.talk(), top.port());
      follow(last.talk(), middle.port());
      fill(top.talk(), 0, 300);

      awaitSame(top.talk(), last.talk(), 300);
      String replid = role(top.talk());
      assertThat(replid).startsWith("*3\r\n$6\r\nmaster");
      assertThat(info(middle.talk(), "replication", "connected_slaves")).isEqualTo("1");
    }
  }

  @Test
  void shouldPassTheStreamOnInTheMiddleOfStockServers() {
    try (StockRedis top = StockRedis.start(DISKLESS);
        OurServer middle = OurServer.start(DISKLESS);
        StockRedis last = StockRedis.start()) {
      follow(middle.talk(), top.port());
      follow(last.talk(), middle.port());
      fill(top.talk(), 0, 300);

      awaitSame(top.talk(), last.talk(), 300);
      assertThat(info(last.talk(), "replication", "master_replid"))
          .isEqualTo(info(top.talk(), "replication", "master_replid"));
    }
  }

  @Test
  void shouldFollowAPromotedStockReplicaWithoutAFullCopy() {
    try (OurServer old = OurServer.start(DISKLESS);
        StockRedis next = StockRedis.start(DISKLESS)) {
      follow(next.talk(), old.port());
      fill(old.talk(), 0, 100);
      awaitSame(old.talk(), next.talk(), 100);
      next.talk().ask("REPLICAOF", "NO", "ONE");
      fill(next.talk(), 100, 200);
      follow(old.talk(), next.port());

      awaitSame(next.talk(), old.talk(), 200);
      assertThat(old.log())
          .anyMatch(line -> line.startsWith("Before turning into a replica, using my own master"))
          .anyMatch(line -> line.startsWith("Master replication ID changed to"));
      assertThat(info(next.talk(), "stats", "sync_partial_ok")).isEqualTo("1");
    }
  }

  @Test
  void shouldLetAStockReplicaFollowOurPromotedOne() {
    try (StockRedis old = StockRedis.start(DISKLESS);
        OurServer next = OurServer.start(DISKLESS)) {
      follow(next.talk(), old.port());
      fill(old.talk(), 0, 100);
      awaitSame(old.talk(), next.talk(), 100);
      next.talk().ask("REPLICAOF", "NO", "ONE");
      fill(next.talk(), 100, 200);
      follow(old.talk(), next.port());

      awaitSame(next.talk(), old.talk(), 200);
      assertThat(old.log()).contains("Master accepted a Partial Resynchronization");
    }
  }

  @Test
  void shouldResumeAfterARestartFromTheHistoryInItsFile() {
    try (StockRedis master = StockRedis.start(DISKLESS)) {
      OurServer first = OurServer.start("--replicaof", "127.0.0.1", "" + master.port());
      fill(master.talk(), 0, 100);
      awaitSame(master.talk(), first.talk(), 100);
      first.talk().ask("SAVE");
      first.kill();
      fill(master.talk(), 100, 200);
      try (OurServer again =
          OurServer.startIn(first.folder(), "--replicaof", "127.0.0.1", "" + master.port())) {
        awaitSame(master.talk(), again.talk(), 200);
      }

      assertThat(info(master.talk(), "stats", "sync_full")).isEqualTo("1");
      assertThat(info(master.talk(), "stats", "sync_partial_ok")).isEqualTo("1");
    }
  }

  @Test
  void shouldLetReplicasResumeUnderANewNameAfterItsOwnRestart() {
    OurServer first = OurServer.start(DISKLESS);
    try (StockRedis replica = StockRedis.start()) {
      follow(replica.talk(), first.port());
      fill(first.talk(), 0, 100);
      awaitSame(first.talk(), replica.talk(), 100);
      first.talk().ask("SAVE");
      String before = info(replica.talk(), "replication", "master_replid");
      first.kill();
      try (OurServer again = OurServer.startIn(first.folder(), DISKLESS)) {
        follow(replica.talk(), again.port());
        fill(again.talk(), 100, 200);
        awaitSame(again.talk(), replica.talk(), 200);
      }

      assertThat(replica.log()).containsOnlyOnce("Full resync from master");
      assertThat(info(replica.talk(), "replication", "master_replid")).isNotEqualTo(before);
      assertThat(info(replica.talk(), "replication", "master_replid2")).isEqualTo(before);
    }
  }

  @Test
  void shouldDropItsOwnDataWhenItIsToldToFollow() {
    try (StockRedis master = StockRedis.start(DISKLESS);
        OurServer replica = OurServer.start()) {
      replica.talk().ask("SET", "own", "1");
      fill(master.talk(), 0, 10);
      follow(replica.talk(), master.port());

      awaitSame(master.talk(), replica.talk(), 10);
      assertThat(replica.talk().ask("GET", "own")).isEqualTo("$-1\r\n");
      assertThat(replica.talk().ask("SET", "k", "v"))
          .isEqualTo("-READONLY You can't write against a read only replica.\r\n");
    }
  }

  @Test
  void shouldSayThePasswordOfItsMaster() {
    try (StockRedis master =
            StockRedis.start("--repl-diskless-sync-delay", "0", "--requirepass", "secret");
        OurServer without = OurServer.start();
        OurServer with = OurServer.start("--masterauth", "secret")) {
      follow(without.talk(), master.port());
      follow(with.talk(), master.port());

      await()
          .atMost(LONG)
          .until(() -> role(with.talk()).contains("connected") && !with.log().isEmpty());
      await()
          .atMost(LONG)
          .until(
              () ->
                  without
                      .log()
                      .contains(
                          "MASTER aborted replication with an error: NOAUTH Authentication"
                              + " required."));
    }
  }

  @Test
  void shouldHoldWaitUntilAStockReplicaHasConfirmed() {
    try (OurServer master = OurServer.start(DISKLESS);
        StockRedis replica = StockRedis.start()) {
      follow(replica.talk(), master.port());
      await().atMost(LONG).until(() -> role(master.talk()).contains("127.0.0.1"));
      RawClient client = master.talk();
      client.ask("SET", "k", "v");

      assertThat(client.ask("WAIT", "1", "5000")).isEqualTo(":1\r\n");
      assertThat(client.ask("WAIT", "2", "20")).isEqualTo(":1\r\n");
    }
  }

  @Test
  void shouldWriteABarrierThatAStockReplicaPassesOver() {
    try (OurServer master = OurServer.start(DISKLESS);
        StockRedis replica = StockRedis.start()) {
      follow(replica.talk(), master.port());
      await().atMost(LONG).until(() -> role(master.talk()).contains("127.0.0.1"));
      RawClient client = master.talk();
      assertThat(client.ask("WATCHWORD", "CLAIM", "group", "s:1")).isEqualTo("+OK\r\n");
      // Of data epoch, replid, offset, durable offset and members: where the node stands still.
      String report = client.ask("WATCHWORD", "FENCE", "group", "3");
      String offset = report.split("\r\n")[4].substring(1);
      assertThat(client.ask("WATCHWORD", "PROMOTE", "group", "3", "0", offset))
          .isEqualTo("+OK\r\n");
      client.ask("SET", "k", "v");

      assertThat(client.ask("WAIT", "1", "5000")).isEqualTo(":1\r\n");
      awaitValue(replica.talk(), "k", "v");
      assertThat(client.ask("WATCHWORD", "FENCE", "group", "4")).startsWith("*5\r\n:3\r\n");
    }
  }

  private static void fill(RawClient client, int from, int to) {
    StringBuilder all = new StringBuilder();
    for (int i = from; i < to; i++) {
      all.append(RawClient.request("SELECT", Integer.toString(i % 3)));
      all.append(RawClient.request("SET", "k" + i, "value " + i));
    }
    client.send(all.toString());
    for (int i = from; i < to; i++) {
      assertThat(client.reply() + client.reply()).isEqualTo("+OK\r\n+OK\r\n");
    }
    client.close();
  }

  private static void follow(RawClient client, int port) {
    assertThat(client.ask("REPLICAOF", "127.0.0.1", Integer.toString(port))).isEqualTo("+OK\r\n");
    client.close();
  }

  /** Waits until the last key has come, then compares every key. */
  private static void awaitSame(RawClient one, RawClient other, int keys) {
    try (one;
        other) {
      select(other, keys - 1);
      String last = RawClient.request("GET", "k" + (keys - 1));
      await()
          .atMost(LONG)
          .until(() -> other.send(last).reply().equals(bulk("value " + (keys - 1))));
      for (int i = 0; i < keys; i++) {
        select(one, i);
        select(other, i);
        assertThat(other.ask("GET", "k" + i)).isEqualTo(one.ask("GET", "k" + i));
      }
    }
  }

  private static void select(RawClient client, int key) {
    assertThat(client.ask("SELECT", Integer.toString(key % 3))).isEqualTo("+OK\r\n");
  }

  private static void awaitValue(RawClient client, String key, String value) {
    try (client) {
      await().atMost(LONG).until(() -> client.ask("GET", key).equals(bulk(value)));
    }
  }

  private static String role(RawClient client) {
    try (client) {
      return client.ask("ROLE");
    }
  }

  private static String info(RawClient client, String section, String field) {
    try (client) {
      Matcher line =
          Pattern.compile("\\r\\n" + field + ":([^\\r]*)").matcher(client.ask("INFO", section));
      assertThat(line.find()).as(field).isTrue();
      return line.group(1);
    }
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }
}
