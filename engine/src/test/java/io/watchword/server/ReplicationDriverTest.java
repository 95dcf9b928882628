package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.replication.Node;
import io.watchword.config.ManyWords.HostPort;
import io.watchword.replication.SnapshotFile;
import io.watchword.replication.SnapshotHead;
import io.watchword.replication.SnapshotStream;
import io.watchword.replication.World;
import io.watchword.resp.Conversation;
import io.watchword.resp.RespService;
import io.watchword.sys.Clock;
import io.watchword.sys.Log;
import io.watchword.sys.Trace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The live end of replication, with connections and transfers that the test plays. */
class ReplicationDriverTest {
  private static final long TIMEOUT_MS = 60_000;

  private final TestEngine server = new TestEngine();
  private final List<String> log = new ArrayList<>();
  private final Played played = new Played();
  private final ReplicationDriver driver =
      new ReplicationDriver(
          "127.0.0.1:6379",
          server.config(),
          server.engine(),
          played,
          played,
          Trace.OFF,
          new SplittableRandom(1),
          played,
          played,
          () -> 6379);

  @Test
  void shouldKeepAReplicaThatLoadsLongerThanTheTimeoutAndSaysSo() {
    TestConnection replica = attachedReplica();
    replica.ask("REPLCONF", "ACK", "0");
    for (int i = 0; i < 4; i++) {
      pass(TIMEOUT_MS / 2);
      replica.send("\n");
    }
    assertThat(replica.isOpen()).isTrue();
    pass(TIMEOUT_MS + 1);

    assertThat(replica.isOpen()).isFalse();
  }

  @Test
  void shouldNotWaitForASilentReplicaToReadWhatItWasSent() {
    TestConnection replica = attachedReplica();
    replica.ask("REPLCONF", "ACK", "0");
    pass(TIMEOUT_MS + 1);

    assertThat(replica.isAborted()).isTrue();
  }

  @Test
  void shouldSendToItsSubscribersWhatTheStreamPublishes() {
    TestConnection subscriber = server.connect();
    subscriber.ask("SUBSCRIBE", "news");
    Conversation stream = followedMaster();
    hear(stream, "*3\r\n$7\r\nPUBLISH\r\n$4\r\nnews\r\n$2\r\nhi\r\n");

    assertThat(subscriber.received())
        .isEqualTo("*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n");
  }

  @Test
  void shouldConfirmNothingAfterACommandThatItHasNoRoomFor() {
    Conversation stream = followedMaster();
    String value = "x".repeat(1 << 20);
    StringBuilder tooMuch = new StringBuilder("*1\r\n$5\r\nMULTI\r\n");
    for (int i = 0; i < 80; i++) {
      tooMuch.append("*3\r\n$3\r\nSET\r\n$5\r\nkey" + (10 + i) + "\r\n$1048576\r\n").append(value);
      tooMuch.append("\r\n");
    }
    tooMuch.append("*1\r\n$4\r\nEXEC\r\n*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n");
    played.master.received.setLength(0);
    hear(stream, tooMuch.toString());

    assertThat(played.master.received.toString()).doesNotContain("ACK");
    assertThat(played.master.open).isFalse();
    assertThat(driver.node().isLinkUp()).isFalse();
    assertThat(log).anyMatch(line -> line.startsWith("== CRITICAL ==") && line.contains("OOM"));
    pass(1_000);
    Conversation again = played.service.opened(played.master);
    hear(again, "+PONG\r\n+OK\r\n+OK\r\n");
    assertThat(played.master.received.toString()).contains("$1\r\n?\r\n$2\r\n-1\r\n");
  }

  @Test
  void shouldTakeATransactionFromItsMasterThatAClientMayNotQueue() {
    server.engine().dispatcher().queuedBytesMax(1000);
    Conversation stream = followedMaster();
    String value = "x".repeat(2000);
    hear(
        stream,
        "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2000\r\n"
            + value
            + "\r\n*1\r\n$4\r\nEXEC\r\n");

    assertThat(server.connect().ask("STRLEN", "k")).isEqualTo(":2000\r\n");
    assertThat(driver.node().isLinkUp()).isTrue();
  }

  @Test
  void shouldConfirmNothingAfterADatabaseThatItHasNot() {
    Conversation stream = followedMaster();
    hear(stream, "*2\r\n$6\r\nSELECT\r\n$2\r\n99\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n");

    assertThat(server.connect().ask("EXISTS", "k")).isEqualTo(":0\r\n");
    assertThat(played.master.open).isFalse();
    assertThat(driver.node().isLinkUp()).isFalse();
  }

  @Test
  void shouldUnblockThoseWhoWaitWhenItsRoleChanges() {
    attachedReplica();
    TestConnection client = server.connect();
    client.ask("SET", "key", "1");
    assertThat(client.ask("WAIT", "2", Long.toString(Long.MAX_VALUE))).isEmpty();
    pass(100);
    assertThat(client.received()).isEmpty();
    driver.follow("127.0.0.1", 7000, "a test");

    assertThat(client.received()).startsWith("-UNBLOCKED force unblock from blocking operation");
    assertThat(client.isOpen()).isFalse();
  }

  @Test
  void shouldKeepThoseWaitingWhoWaitOnAMasterThatIsFencedAndStaysMaster() {
    TestConnection replica = attachedReplica();
    replica.ask("REPLCONF", "ACK", "0");
    TestConnection client = server.connect();
    assertThat(client.ask("WAIT", "2", "1000")).isEmpty();
    driver.fence();
    driver.promoteByOrder("a test", 1);
    assertThat(client.received()).isEmpty();
    assertThat(client.isOpen()).isTrue();
    pass(1000);

    assertThat(client.received()).isEqualTo(":1\r\n");
  }

  @Test
  void shouldTellWhatATransactionWroteBeforeItFollowsAnother() {
    server.engine().dispatcher().offer(Node.class, driver);
    driver.start(null, 0, 0, null, false, false);
    TestConnection client = server.connect();
    client.ask("MULTI");
    client.ask("SET", "key", "1");
    client.ask("REPLICAOF", "127.0.0.1", "7000");
    client.ask("EXEC");

    assertThat(played.toldBeforeDial).contains("SET");
  }

  /** A master whose empty snapshot was loaded; what it says next is its stream. */
  private Conversation followedMaster() {
    driver.start(null, 0, 0, new HostPort("127.0.0.1", 7000), false, false);
    Conversation stream = played.service.opened(played.master);
    hear(stream, "+PONG\r\n+OK\r\n+OK\r\n+FULLRESYNC " + "a".repeat(40) + " 0\r\n$1\r\nR");
    assertThat(driver.node().isLinkUp()).isTrue();
    return stream;
  }

  private static void hear(Conversation from, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    from.received(bytes, 0, bytes.length);
    from.turnEnded();
  }

  /** A replica that was sent its whole snapshot. */
  private TestConnection attachedReplica() {
    server.engine().dispatcher().offer(Node.class, driver);
    driver.start(null, 0, 0, null, false, false);
    TestConnection replica = server.connect();
    replica.ask("REPLCONF", "capa", "eof", "capa", "psync2");
    replica.ask("PSYNC", "?", "-1");
    pass(5_000);
    played.snapshot.ended();
    return replica;
  }

  private void pass(long ms) {
    played.nowMs += ms;
    driver.tick();
  }

  /** Everything around the driver. */
  private final class Played implements Clock, Log, Dialer, Transfers {
    private long nowMs;
    private SnapshotStream snapshot;
    private SnapshotHead received = new SnapshotHead(false, -1);
    private RespService service;
    private String toldBeforeDial;
    private TestConnection.FakePeer master;

    @Override
    public long millis() {
      return TestEngine.START_MS + nowMs;
    }

    @Override
    public long nanos() {
      return nowMs * 1_000_000;
    }

    @Override
    public boolean on(Level level) {
      return true;
    }

    @Override
    public void write(Level level, String text) {
      log.add(text);
    }

    @Override
    public void connect(String host, int port, RespService service, Consumer<String> failed) {
      this.service = service;
      toldBeforeDial = server.journal();
      master = new TestConnection.FakePeer(host + ":" + port);
    }

    @Override
    public boolean stream(SnapshotStream to) {
      snapshot = to;
      return true;
    }

    @Override
    public boolean store(Consumer<SnapshotFile> stored, Consumer<String> failed) {
      return false;
    }

    @Override
    public void receive(byte[] data, int from, int to) {}

    @Override
    public void dropReceived() {}

    @Override
    public SnapshotHead received() {
      return received;
    }

    @Override
    public void load(World.Loading answer) {
      answer.loaded(0, 0);
    }
  }
}
