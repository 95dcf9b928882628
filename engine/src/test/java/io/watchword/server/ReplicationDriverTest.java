package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.replication.Node;
import io.watchword.replication.SnapshotFile;
import io.watchword.replication.SnapshotStream;
import io.watchword.replication.World;
import io.watchword.resp.RespService;
import io.watchword.sys.Clock;
import io.watchword.sys.Log;
import io.watchword.sys.Trace;
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
      failed.accept("nobody is there");
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
    public void load(World.Loading answer) {
      answer.loaded(0, 0);
    }
  }
}
