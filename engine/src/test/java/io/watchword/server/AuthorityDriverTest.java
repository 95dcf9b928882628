package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchword.authority.Allegiance;
import io.watchword.authority.AllegianceFile;
import io.watchword.authority.Answer;
import io.watchword.authority.Order;
import io.watchword.command.CommandError;
import io.watchword.config.ManyWords.HostPort;
import io.watchword.rdb.MemoryDisk;
import io.watchword.replication.SnapshotFile;
import io.watchword.replication.SnapshotHead;
import io.watchword.replication.SnapshotStream;
import io.watchword.replication.World;
import io.watchword.resp.Conversation;
import io.watchword.resp.RespService;
import io.watchword.sys.Clock;
import io.watchword.sys.Log;
import io.watchword.sys.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AuthorityDriverTest {
  private static final long WAIT_MS = 10_000;
  private static final Allegiance MASTER =
      new Allegiance("g", "s:1", 0, "", 0, false, 0, List.of());

  private final HandClock clock = new HandClock();
  private final MemoryDisk disk = new MemoryDisk();
  private final List<String> dialled = new ArrayList<>();
  private final List<RespService> services = new ArrayList<>();
  private final TestEngine engine = new TestEngine();
  private final ReplicationDriver replication = replication();

  @Test
  void shouldNotCountTheTimeOfLoadingAsSilenceOfTheSentinels() {
    AuthorityDriver driver = driver(MASTER);

    clock.passes(2 * WAIT_MS);
    driver.tick();
    start(driver, null);
    driver.tick();
    assertThat(driver.findWriteRefusal()).startsWith("READONLY");

    clock.passes(WAIT_MS);
    driver.tick();
    assertThat(driver.findWriteRefusal()).isNull();
  }

  @Test
  void shouldWaitAgainAfterEachWordOfItsGroup() {
    AuthorityDriver driver = driver(MASTER);
    start(driver, null);
    clock.passes(WAIT_MS - 1);
    driver.obey(new Order.Claim("g", "s:1"));
    driver.obey(new Order.Beat("g", 1, 1, "n"));

    clock.passes(WAIT_MS - 1);
    driver.tick();
    assertThat(driver.findWriteRefusal()).startsWith("READONLY");
  }

  @Test
  void shouldNotServeOnABeatWhenItWasRestartedWithoutItsData() {
    AuthorityDriver driver = driver(MASTER);
    replication.start(null, 0, 0, null, false, false);
    driver.started(true);

    assertThat(driver.obey(new Order.Beat("g", 0, 1, "n"))).isInstanceOf(Answer.Lacking.class);
    assertThat(driver.findWriteRefusal()).startsWith("READONLY");
    driver.obey(new Order.Fence("g", 1));
    driver.obey(new Order.Promote("g", 1, 0, 0, List.of()));
    assertThat(driver.obey(new Order.Beat("g", 1, 1, "n"))).isInstanceOf(Answer.Beating.class);
    assertThat(driver.findWriteRefusal()).isNull();
  }

  @Test
  void shouldHoldDataOfItsEpochOncePromotedWithoutAnyReplica() {
    AuthorityDriver driver = driver(Allegiance.NONE);
    start(driver, null);
    driver.obey(new Order.Claim("g", "s:1"));
    driver.obey(new Order.Fence("g", 1));

    Answer promoted = driver.obey(new Order.Promote("g", 1, 0, 0, List.of()));

    assertThat(promoted).isEqualTo(new Answer.Done());
    assertThat(replication.node().status().epoch()).isEqualTo(1);
  }

  @Test
  void shouldDialNobodyAfterAStartInAFence() {
    AuthorityDriver driver = driver(new Allegiance("g", "s:1", 4, "old", 1, true, 0, List.of()));
    replication.start(null, 0, 0, new HostPort("old", 1), true, false);
    driver.started(false);
    clock.passes(WAIT_MS);
    replication.tick();

    assertThat(dialled).isEmpty();
    assertThat(driver.findWriteRefusal()).startsWith("READONLY This node was fenced");
    driver.obey(new Order.Follow("g", 4, "new", 2));
    assertThat(dialled).containsExactly("new:2");
  }

  @Test
  void shouldExpireNothingAsAFencedMasterUntilItIsReleased() {
    AuthorityDriver driver = driver(MASTER);
    start(driver, null);
    driver.obey(new Order.Fence("g", 1));
    assertThat(engine.engine().dispatcher().isReplica()).isTrue();

    driver.obey(new Order.Release("g", 1));
    assertThat(engine.engine().dispatcher().isReplica()).isFalse();
  }

  @Test
  void shouldFollowItsMasterAgainAsAFencedReplicaThatIsReleased() {
    AuthorityDriver driver = driver(Allegiance.NONE);
    start(driver, new HostPort("old", 1));
    driver.obey(new Order.Claim("g", "s:1"));
    driver.obey(new Order.Fence("g", 1));
    dialled.clear();

    driver.obey(new Order.Release("g", 1));
    assertThat(dialled).containsExactly("old:1");
  }

  @Test
  void shouldNotDialAgainWhenItIsReleasedWithoutAFence() {
    AuthorityDriver driver = driver(Allegiance.NONE);
    start(driver, new HostPort("old", 1));
    driver.obey(new Order.Claim("g", "s:1"));
    dialled.clear();

    driver.obey(new Order.Release("g", 0));
    assertThat(dialled).isEmpty();
  }

  @Test
  void shouldHoldWritesOfAFencedMasterUntilItIsToldItsRole() {
    AuthorityDriver driver = driver(MASTER);
    start(driver, null);
    driver.obey(new Order.Fence("g", 1, 500));
    assertThat(driver.holdsWrites()).isTrue();
    driver.obey(new Order.Promote("g", 1, 0, 0, List.of()));
    assertThat(driver.holdsWrites()).isFalse();
    assertThat(driver.findWriteRefusal()).isNull();

    driver.obey(new Order.Fence("g", 2, 500));
    assertThat(driver.holdsWrites()).isTrue();
    driver.obey(new Order.Follow("g", 2, "new", 2));
    assertThat(driver.holdsWrites()).isFalse();
    assertThat(engine.engine().dispatcher().isReplica()).isTrue();
  }

  @Test
  void shouldStayFencedWhenItsClientsHaveWaitedLongEnough() {
    AuthorityDriver driver = driver(MASTER);
    start(driver, null);
    driver.obey(new Order.Fence("g", 1, 500));
    engine.advance(499);
    engine.engine().tick();
    driver.obey(new Order.Fence("g", 1, 500));
    assertThat(driver.holdsWrites()).isTrue();

    engine.advance(1);
    engine.engine().tick();
    assertThat(driver.holdsWrites()).isFalse();
    assertThat(driver.findWriteRefusal()).startsWith("READONLY This node was fenced");
    driver.obey(new Order.Fence("g", 1, 500));
    assertThat(driver.holdsWrites()).isFalse();
  }

  @Test
  void shouldHoldNobodyOnAReplicaOrByAPlainFence() {
    AuthorityDriver driver = driver(MASTER);
    start(driver, null);
    driver.obey(new Order.Fence("g", 1));
    assertThat(driver.holdsWrites()).isFalse();
    driver.obey(new Order.Follow("g", 1, "new", 2));
    driver.obey(new Order.Fence("g", 2, 500));
    assertThat(driver.holdsWrites()).isFalse();
  }

  @Test
  void shouldShowWhatItWillBeBeforeItHasStarted() {
    replication.willFollow(new HostPort("old", 1));

    assertThat(replication.info(0, true))
        .contains("role:slave", "master_host:old", "master_port:1");
  }

  @Test
  void shouldTakeUpNoRoleByHandThatItCannotRemember() {
    AuthorityDriver driver = driver(MASTER);
    start(driver, null);
    disk.stopAfter(0);

    assertThatThrownBy(() -> replication.follow("new", 2, "somebody"))
        .isInstanceOf(CommandError.class);
    assertThat(dialled).isEmpty();
    assertThat(driver.findWriteRefusal()).startsWith("READONLY");
  }

  @Test
  void shouldNotTakeWritesAgainByHandWhileItIsFenced() {
    AuthorityDriver driver = driver(MASTER);
    start(driver, null);
    driver.obey(new Order.Fence("g", 5, 500));

    assertThatThrownBy(() -> replication.promote("somebody"))
        .isInstanceOf(CommandError.class)
        .hasMessageStartingWith("MANAGED This node was fenced in epoch 5")
        .hasMessageEndingWith("WATCHWORD RELEASE g 5");
    assertThat(driver.holdsWrites()).isTrue();
    assertThat(driver.findWriteRefusal()).startsWith("READONLY This node was fenced");
    driver.obey(new Order.Promote("g", 5, 0, 0, List.of()));
    replication.promote("somebody");
    assertThat(driver.findWriteRefusal()).isNull();
  }

  @Test
  void shouldFollowByHandWhileItIsFencedAndKeepItsPromise() throws IOException {
    AuthorityDriver driver = driver(MASTER);
    start(driver, null);
    driver.obey(new Order.Fence("g", 5, 500));

    replication.follow("new", 2, "somebody");

    assertThat(dialled).containsExactly("new:2");
    assertThat(driver.holdsWrites()).isFalse();
    assertThat(new AllegianceFile(disk).read().fenced()).isTrue();
    assertThatThrownBy(() -> replication.promote("somebody")).isInstanceOf(CommandError.class);
    assertThat(driver.findWriteRefusal()).startsWith("READONLY This node was fenced");
    driver.obey(new Order.Follow("g", 5, "new", 2));
    assertThat(driver.findWriteRefusal()).isNull();
  }

  @Test
  void shouldFollowItsOwnMasterAgainByHandWhenAFenceMadeItLetGo() {
    AuthorityDriver driver = driver(Allegiance.NONE);
    start(driver, new HostPort("old", 1));
    driver.obey(new Order.Claim("g", "s:1"));
    assertThat(replication.follows("OLD", 1)).isTrue();

    driver.obey(new Order.Fence("g", 1));
    assertThat(replication.follows("OLD", 1)).isFalse();
  }

  @Test
  void shouldTakeInAnEmptyMasterThatItRefusedWhenToldByHandAsItsLogAdvises() {
    engine.connect().ask("SET", "k", "v");
    AuthorityDriver driver = driver(new Allegiance("g", "s:1", 0, "old", 1, false, 0, List.of()));
    start(driver, new HostPort("old", 1));
    sendEmptySnapshot();
    assertThat(replication.info(0, true)).contains("watchword_sync_refused:1");

    assertThat(replication.follows("old", 1)).isFalse();
    replication.follow("old", 1, "somebody");
    sendEmptySnapshot();
    assertThat(replication.isLoading()).isTrue();
  }

  /** The master that was dialled last answers, under a history that nobody has seen. */
  private void sendEmptySnapshot() {
    Conversation link =
        services.get(services.size() - 1).opened(new TestConnection.FakePeer("old:1"));
    String all = "+PONG\r\n+OK\r\n+OK\r\n+FULLRESYNC " + "b".repeat(40) + " 500\r\n$2\r\nab";
    byte[] bytes = all.getBytes(StandardCharsets.ISO_8859_1);
    link.received(bytes, 0, bytes.length);
  }

  private AuthorityDriver driver(Allegiance held) {
    return new AuthorityDriver(
        new AllegianceFile(disk),
        held,
        clock,
        new NoLog(),
        () -> WAIT_MS,
        replication,
        engine.engine());
  }

  private void start(AuthorityDriver driver, HostPort follows) {
    replication.start(null, 0, 0, follows, false, false);
    driver.started(false);
  }

  private ReplicationDriver replication() {
    return new ReplicationDriver(
        "here:1",
        engine.config(),
        engine.engine(),
        clock,
        new NoLog(),
        Trace.OFF,
        new SplittableRandom(1),
        (host, port, service, failed) -> {
          dialled.add(host + ":" + port);
          services.add(service);
        },
        new NoTransfers(),
        () -> 1);
  }

  private static final class HandClock implements Clock {
    private long ms = 1;

    void passes(long more) {
      ms += more;
    }

    @Override
    public long millis() {
      return ms;
    }

    @Override
    public long nanos() {
      return ms * 1_000_000;
    }
  }

  private static final class NoLog implements Log {
    @Override
    public boolean on(Level level) {
      return false;
    }

    @Override
    public void write(Level level, String text) {}
  }

  private static final class NoTransfers implements Transfers {
    @Override
    public boolean stream(SnapshotStream to) {
      return false;
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
      return new SnapshotHead(true, 0);
    }

    @Override
    public void load(World.Loading answer) {}
  }
}
