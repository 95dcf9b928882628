package io.watchword.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicationTest {
  private static final String OLD = "a".repeat(40);
  private static final String FRESH = "f".repeat(40);
  private static final byte[] COMMAND =
      "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private ReplicationSettings settings =
      new ReplicationSettings(1_000_000, 2_000_000, 60_000, 10_000, true, 5_000);
  private final Backlog backlog = new Backlog();
  private final StreamWriter writer = new StreamWriter(backlog, false);
  private final Replication node = new Replication(Rules.REAL, this::settings, backlog, writer);
  private final List<ReplicationEffect> effects = new ArrayList<>();
  private long now;
  private int settingsRead;

  @Test
  void shouldReadItsSettingsAtATickAndNotInEachTurn() {
    startAsMaster();
    settingsRead = 0;
    assertThat(node.isTooLong()).isFalse();
    ask(7, "?", -1);
    tell(new ReplicationEvent.Gone(7));
    while (backlog.length() <= 200_000) {
      write();
    }
    settingsRead = 0;
    assertThat(node.isTooLong()).isFalse();
    assertThat(settingsRead).isZero();
    settings = new ReplicationSettings(100, 200, 60_000, 10_000, true, 0);
    tick(100);

    assertThat(node.isTooLong()).isTrue();
  }

  @Test
  void shouldGoOnUnderANewNameWhenItIsPromoted() {
    startAsReplica(100);
    tell(new ReplicationEvent.Promoted(FRESH));

    assertThat(node.view()).isEqualTo(new ReplicationView(FRESH, OLD, 101, 101, 100, "", true));
  }

  @Test
  void shouldKeepItsNameWhenItBecomesAReplica() {
    startAsMaster();
    String name = node.history().replid();
    tell(new ReplicationEvent.Follow("m", 1));

    assertThat(node.history().replid()).isEqualTo(name);
    assertThat(effects(ReplicationEffect.LinkTo.class)).hasSize(1);
    assertThat(writer.isOn()).isFalse();
  }

  @Test
  void shouldTakeANewNameWhenAMasterStartsAgain() {
    History saved = new History(OLD, History.NONE, -1, 100);
    tell(new ReplicationEvent.Started(true, 100, saved, 0, 0, FRESH, false));

    assertThat(node.history()).isEqualTo(new History(FRESH, OLD, 101, 100));
  }

  @Test
  void shouldKeepItsNameWhenAReplicaStartsAgain() {
    startAsReplica(100);

    assertThat(node.history()).isEqualTo(new History(OLD, History.NONE, -1, 100));
    assertThat(node.isResumable()).isTrue();
  }

  @Test
  void shouldMakeItsReplicasAskAgainWhenItsNameChanges() {
    startAsReplica(100);
    tell(new ReplicationEvent.Follow("m", 1));
    tell(new ReplicationEvent.Continued(OLD));
    ask(7, OLD, 101);
    effects.clear();
    tell(new ReplicationEvent.Lost("cut"));
    tell(new ReplicationEvent.Continued(FRESH));

    assertThat(effects).contains(new ReplicationEffect.Close(7));
    assertThat(node.history().replid2()).isEqualTo(OLD);
  }

  @Test
  void shouldPromiseNoStreamWhileItHasNoMasterItself() {
    startAsReplica(100);
    tell(new ReplicationEvent.Follow("m", 1));
    ask(7, OLD, 101);

    assertThat(effects)
        .contains(
            new ReplicationEffect.Reply(
                7, "-NOMASTERLINK Can't SYNC while not connected with my master"));
    assertThat(node.replicas().isEmpty()).isTrue();
  }

  @Test
  void shouldTakeANewNameWhenItBeginsToCountForItsFirstReplica() {
    startAsMaster();
    String before = node.history().replid();
    ask(7, before, 1);

    assertThat(node.history().replid()).isEqualTo(FRESH);
    assertThat(effects(ReplicationEffect.Reply.class))
        .noneMatch(r -> r.line().contains("CONTINUE"));
  }

  @Test
  void shouldMakeOneSnapshotForAllWhoCameWithinTheDelay() {
    startAsMaster();
    ask(7, "?", -1);
    tick(3_000);
    ask(8, "?", -1);
    assertThat(effects(ReplicationEffect.StartSnapshot.class)).isEmpty();
    tick(2_000);

    assertThat(effects(ReplicationEffect.StartSnapshot.class))
        .containsExactly(new ReplicationEffect.StartSnapshot(true, List.of(7, 8)));
  }

  @Test
  void shouldAskAgainForASnapshotWhileAnotherOneRuns() {
    startAsMaster();
    ask(7, "?", -1);
    tick(5_000);
    tick(100);

    assertThat(effects(ReplicationEffect.StartSnapshot.class)).hasSize(2);
  }

  @Test
  void shouldTellTheOffsetAtWhichTheSnapshotBegins() {
    startAsMaster();
    ask(7, "?", -1);
    write();
    tell(new ReplicationEvent.SnapshotBegan());

    assertThat(effects)
        .contains(new ReplicationEffect.Reply(7, "+FULLRESYNC " + FRESH + " " + COMMAND.length));
    assertThat(writer.db()).isEqualTo(StreamWriter.NO_DB);
  }

  @Test
  void shouldHoldTheStreamBackUntilADisklessSnapshotWasLoaded() {
    startAsMaster();
    ask(7, "?", -1);
    tick(5_000);
    tell(new ReplicationEvent.SnapshotBegan());
    tell(new ReplicationEvent.SnapshotEnded(true));
    write();
    assertThat(effects(ReplicationEffect.Feed.class)).isEmpty();
    tell(new ReplicationEvent.Acked(7, 0));

    assertThat(effects(ReplicationEffect.Feed.class)).hasSize(1);
  }

  @Test
  void shouldCloseReplicasWhoseSnapshotFailed() {
    startAsMaster();
    ask(7, "?", -1);
    tick(5_000);
    tell(new ReplicationEvent.SnapshotBegan());
    tell(new ReplicationEvent.SnapshotEnded(false));

    assertThat(effects).contains(new ReplicationEffect.Close(7));
  }

  @Test
  void shouldKeepTheStreamForASlowReplicaUpToItsLimit() {
    settings = new ReplicationSettings(100, 300_000, 60_000, 10_000, true, 0);
    startAsMaster();
    ask(7, "?", -1);
    tell(new ReplicationEvent.SnapshotBegan());
    for (int i = 0; i < 14_000; i++) {
      write();
    }
    assertThat(node.isTooLong()).isFalse();
    for (int i = 0; i < 14_000; i++) {
      write();
    }
    tell(new ReplicationEvent.Trimmed());

    assertThat(effects).contains(new ReplicationEffect.Close(7));
    assertThat(backlog.length()).isLessThanOrEqualTo(300_000);
  }

  @Test
  void shouldPingOnlyAsAMasterThatHasReplicas() {
    startAsMaster();
    tick(10_000);
    assertThat(effects(ReplicationEffect.Ping.class)).isEmpty();
    ask(7, "?", -1);
    effects.clear();
    tick(10_000);

    assertThat(effects(ReplicationEffect.Ping.class)).hasSize(1);
  }

  @Test
  void shouldCloseAReplicaThatIsSilentForTooLong() {
    startAsReplica(100);
    tell(new ReplicationEvent.Promoted(FRESH));
    ask(7, FRESH, 101);
    tick(60_000);
    assertThat(effects).doesNotContain(new ReplicationEffect.Close(7));
    tick(1);

    assertThat(effects).contains(new ReplicationEffect.Close(7));
  }

  @Test
  void shouldKeepAReplicaThatSpeaksOnlySyncHoweverSilentItIs() {
    settings = new ReplicationSettings(1_000_000, 2_000_000, 60_000, 10_000, false, 0);
    startAsMaster();
    tell(new ReplicationEvent.Asked(7, "10.0.0.7", 0, "?", -1, false, false, false, FRESH));
    tell(new ReplicationEvent.SnapshotBegan());
    tell(new ReplicationEvent.SnapshotEnded(true));
    tell(new ReplicationEvent.Delivered(7));
    tick(60_001);

    assertThat(effects).doesNotContain(new ReplicationEffect.Close(7));
  }

  private ReplicationSettings settings() {
    settingsRead++;
    return settings;
  }

  private void startAsMaster() {
    tell(new ReplicationEvent.Started(true, 0, null, 0, 0, "0" + OLD.substring(1), false));
  }

  private void startAsReplica(long offset) {
    History saved = new History(OLD, History.NONE, -1, offset);
    tell(new ReplicationEvent.Started(false, offset, saved, 0, 0, FRESH, false));
  }

  private void ask(int id, String replid, long from) {
    tell(
        new ReplicationEvent.Asked(
            id, "10.0.0." + id, 6379, replid, from, true, true, true, FRESH));
  }

  private void write() {
    writer.append(COMMAND, 0, COMMAND.length, 0);
    tell(writer.turnEnded());
  }

  private void tick(long ms) {
    now += ms;
    tell(new ReplicationEvent.Tick());
  }

  private void tell(ReplicationEvent event) {
    effects.addAll(node.step(now, event));
  }

  private <T> List<T> effects(Class<T> type) {
    return effects.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
