package io.watchword.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.replication.ReplicaLink.Phase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaLinkTest {
  private static final String REPLID = "a".repeat(40);
  private static final String OTHER = "b".repeat(40);

  private LinkSettings settings = new LinkSettings(7000, "", "", 60_000, false);
  private History history = new History(REPLID, History.NONE, -1, 100);
  private boolean resumable = true;
  private boolean ordered = true;
  private long now;
  private ReplicaLink link;
  private final List<LinkEffect> effects = new ArrayList<>();

  @BeforeEach
  void newLink() {
    link = new ReplicaLink(() -> settings, () -> history, () -> resumable, false);
  }

  @Test
  void shouldGreetAndAskForWhatIsMissing() {
    connect();

    assertThat(sent()).containsExactly("PING");
    hear("+PONG\r\n");
    assertThat(sent())
        .containsExactly(
            "REPLCONF listening-port 7000", "REPLCONF capa eof capa psync2 capa watchword");
    hear("+OK\r\n+OK\r\n");
    assertThat(sent()).containsExactly("PSYNC " + REPLID + " 101");
    assertThat(logged())
        .contains("Trying a partial resynchronization (request " + REPLID + ":101).");
  }

  @Test
  void shouldAskForEverythingWhenItsHistoryNamesNothing() {
    resumable = false;
    greet();

    assertThat(sent()).contains("PSYNC ? -1");
  }

  @Test
  void shouldSayItsPasswordAndItsAddress() {
    settings = new LinkSettings(7000, "10.0.0.7", "secret", 60_000, false);
    connect();
    hear("-NOAUTH Authentication required.\r\n");

    assertThat(sent())
        .containsSubsequence(
            "AUTH secret", "REPLCONF listening-port 7000", "REPLCONF ip-address 10.0.0.7");
  }

  @Test
  void shouldGiveUpWhenThePasswordIsWrong() {
    settings = new LinkSettings(7000, "", "wrong", 60_000, false);
    connect();
    hear("-NOAUTH Authentication required.\r\n");
    hear("-WRONGPASS invalid username-password pair or user is disabled.\r\n");

    assertThat(link.phase()).isEqualTo(Phase.IDLE);
    assertThat(logged())
        .contains(
            "Unable to AUTH to MASTER: -WRONGPASS invalid username-password pair or user is"
                + " disabled.");
  }

  @Test
  void shouldContinueUnderTheMastersNewName() {
    greet();
    hear("+CONTINUE " + OTHER + "\r\n");

    assertThat(effects(LinkEffect.Continued.class).get(0).replid()).isEqualTo(OTHER);
    assertThat(link.phase()).isEqualTo(Phase.STREAMING);
    assertThat(logged())
        .containsSubsequence(
            "Successful partial resynchronization with master.",
            "Master replication ID changed to " + OTHER,
            "MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
  }

  @Test
  void shouldNotBelieveAContinuationThatItDidNotAskFor() {
    resumable = false;
    greet();
    hear("+CONTINUE " + OTHER + "\r\n");

    assertThat(effects(LinkEffect.Continued.class)).isEmpty();
    assertThat(link.phase()).isEqualTo(Phase.IDLE);
  }

  @Test
  void shouldStoreTheWholeSnapshotBeforeAnythingIsLoaded() {
    greet();
    hear("+FULLRESYNC " + OTHER + " 500\r\n\n$4\r\nab");
    assertThat(effects(LinkEffect.PayloadEnded.class)).isEmpty();
    hear("cd");

    LinkEffect.PayloadEnded ended = effects(LinkEffect.PayloadEnded.class).get(0);
    assertThat(ended.replid()).isEqualTo(OTHER);
    assertThat(ended.offset()).isEqualTo(500);
  }

  @Test
  void shouldDropASnapshotThatWasCutShort() {
    greet();
    hear("+FULLRESYNC " + OTHER + " 500\r\n$4\r\nab");
    tell(new LinkEvent.Lost(link.dial(), "reset"));

    assertThat(effects(LinkEffect.PayloadDropped.class)).hasSize(1);
    assertThat(effects(LinkEffect.PayloadEnded.class)).isEmpty();
    assertThat(link.phase()).isEqualTo(Phase.IDLE);
  }

  @Test
  void shouldApplyWhatCameWhileTheSnapshotLoaded() {
    greet();
    hear("+FULLRESYNC " + OTHER + " 500\r\n$2\r\nab*1\r\n$4\r\nPI");
    hear("NG\r\n");
    assertThat(effects(LinkEffect.Apply.class)).isEmpty();
    history = new History(OTHER, History.NONE, -1, 500);
    tell(new LinkEvent.Loaded(link.dial(), 0));

    assertThat(effects(LinkEffect.Apply.class).get(0).units().length()).isEqualTo(14);
    assertThat(sent()).contains("REPLCONF ACK 500");
  }

  @Test
  void shouldRefuseAnEmptyMasterOfAnotherHistoryAndKeepItsData() {
    guard();
    hearSnapshot(OTHER);
    examined(true, new SnapshotHead(true, 0));

    assertThat(effects(LinkEffect.PayloadEnded.class)).isEmpty();
    assertThat(effects(LinkEffect.PayloadDropped.class)).hasSize(1);
    assertThat(link.isRefusing()).isTrue();
    assertThat(logged())
        .contains(
            "Full resynchronization from MASTER master:1 refused, since this node holds data: it"
                + " is empty, and its history is none of ours. To take it in: REPLICAOF master 1,"
                + " or 'replica-accept-empty-master yes'.");
    effects.clear();
    tick(9_900);
    assertThat(effects(LinkEffect.Connect.class)).isEmpty();
    tick(100);
    assertThat(effects(LinkEffect.Connect.class)).hasSize(1);
  }

  @Test
  void shouldRefuseAMasterWhoseDataIsOfAnEarlierEpoch() {
    guard();
    hearSnapshot(OTHER);
    examined(true, new SnapshotHead(false, 2));

    assertThat(link.isRefusing()).isTrue();
  }

  @Test
  void shouldTakeInAnEmptyMasterWhenThereIsNothingToLose() {
    guard();
    hearSnapshot(OTHER);
    examined(false, new SnapshotHead(true, 0));

    assertThat(effects(LinkEffect.PayloadEnded.class)).hasSize(1);
  }

  @Test
  void shouldTakeInAMasterOfItsOwnHistoryOrEpochOrWithoutEpochs() {
    for (SnapshotHead head : List.of(new SnapshotHead(false, 3), new SnapshotHead(false, -1))) {
      newLink();
      effects.clear();
      guard();
      hearSnapshot(OTHER);
      examined(true, head);
      assertThat(effects(LinkEffect.PayloadEnded.class)).hasSize(1);
    }
    newLink();
    effects.clear();
    guard();
    hearSnapshot(REPLID);
    examined(true, new SnapshotHead(true, 0));
    assertThat(effects(LinkEffect.PayloadEnded.class)).hasSize(1);
  }

  @Test
  void shouldGuardItsDataOnlyAfterTheFirstSynchronizationThatWasOrdered() {
    ordered = true;
    settings = new LinkSettings(7000, "", "", 60_000, true);
    greet();
    hearSnapshot(OTHER);
    assertThat(effects(LinkEffect.Examine.class)).isEmpty();
    history = new History(OTHER, History.NONE, -1, 500);
    tell(new LinkEvent.Loaded(link.dial(), 0));
    tell(new LinkEvent.Lost(link.dial(), "reset"));
    tell(new LinkEvent.Connected(link.dial()));
    hear("+PONG\r\n+OK\r\n+OK\r\n");
    hearSnapshot(REPLID);

    assertThat(effects(LinkEffect.Examine.class)).hasSize(1);
  }

  @Test
  void shouldTakeAnOrderForThePresentLifeOfAMasterWhoseSnapshotBroke() {
    ordered = true;
    settings = new LinkSettings(7000, "", "", 60_000, true);
    greet();
    hear("-NOMASTERLINK Can't SYNC while not connected with my master\r\n");
    reconnect();
    hear("+FULLRESYNC " + OTHER + " 500\r\n$2\r\na");
    tell(new LinkEvent.Lost(link.dial(), "reset"));
    reconnect();
    hearSnapshot(OTHER);
    assertThat(effects(LinkEffect.PayloadEnded.class)).hasSize(1);

    tell(new LinkEvent.LoadFailed(link.dial(), "full"));
    reconnect();
    hearSnapshot("c".repeat(40));
    assertThat(effects(LinkEffect.PayloadEnded.class)).hasSize(1);
    assertThat(effects(LinkEffect.Examine.class)).hasSize(1);
  }

  /** A second later, by itself. */
  private void reconnect() {
    tick(1_000);
    tell(new LinkEvent.Connected(link.dial()));
    hear("+PONG\r\n+OK\r\n+OK\r\n");
  }

  @Test
  void shouldDialAgainAtOnceAfterAStreamWasCut() {
    greet();
    hear("+CONTINUE\r\n");
    effects.clear();
    tell(new LinkEvent.Lost(link.dial(), "reset"));

    assertThat(effects(LinkEffect.Connect.class)).hasSize(1);
    assertThat(logged()).contains("Connection with master lost.");
  }

  @Test
  void shouldWaitASecondAfterAMasterThatHasNoMasterItself() {
    greet();
    hear("-NOMASTERLINK Can't SYNC while not connected with my master\r\n");
    effects.clear();
    tick(900);
    assertThat(effects(LinkEffect.Connect.class)).isEmpty();
    tick(200);

    assertThat(effects(LinkEffect.Connect.class)).hasSize(1);
  }

  @Test
  void shouldFallBackToSyncWithAMasterThatKnowsNoPsync() {
    greet();
    hear("-ERR unknown command 'PSYNC'\r\n");

    assertThat(sent()).contains("SYNC");
    assertThat(link.phase()).isEqualTo(Phase.LOADING);
  }

  @Test
  void shouldShowTheErrorThatAMasterSendsInsteadOfASnapshot() {
    greet();
    hear("-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n");

    assertThat(logged())
        .contains("MASTER aborted replication with an error: NOAUTH Authentication required.");
  }

  @Test
  void shouldAskForEverythingAfterAStreamThatCannotBeRead() {
    greet();
    hear("+CONTINUE\r\n");
    hear("!what\r\n");
    now += 1_000;
    tell(new LinkEvent.Tick());
    effects.clear();
    tell(new LinkEvent.Connected(link.dial()));
    hear("+PONG\r\n+OK\r\n+OK\r\n");

    assertThat(sent()).contains("PSYNC ? -1");
  }

  @Test
  void shouldGiveUpASilentMaster() {
    greet();
    hear("+CONTINUE\r\n");
    tick(60_001);

    assertThat(logged()).contains("MASTER timeout: no data nor PING received...");
    assertThat(effects(LinkEffect.Detached.class)).hasSize(1);
  }

  @Test
  void shouldConfirmItsOffsetEverySecondAndWhenAsked() {
    greet();
    hear("+CONTINUE\r\n");
    sent();
    tick(1_000);
    assertThat(sent()).containsExactly("REPLCONF ACK 100");
    hear("*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n");

    assertThat(sent()).containsExactly("REPLCONF ACK 137");
  }

  @Test
  void shouldNotTakeAWordOfAnOldConnectionForOneOfTheNew() {
    greet();
    int old = link.dial();
    tell(new LinkEvent.Follow("elsewhere", 2, true));
    effects.clear();
    byte[] late = "+CONTINUE\r\n".getBytes(StandardCharsets.ISO_8859_1);
    tell(new LinkEvent.Received(old, late, 0, late.length));

    assertThat(effects).isEmpty();
    assertThat(link.view().master()).isEqualTo("elsewhere:2");
  }

  @Test
  void shouldFinishALoadWhoseConnectionBroke() {
    greet();
    hear("+FULLRESYNC " + OTHER + " 500\r\n$2\r\nab");
    int dial = link.dial();
    tell(new LinkEvent.Lost(dial, "reset"));
    assertThat(link.phase()).isEqualTo(Phase.LOADING);
    history = new History(OTHER, History.NONE, -1, 500);
    tell(new LinkEvent.Loaded(dial, 0));

    assertThat(effects(LinkEffect.Detached.class)).hasSize(1);
    assertThat(link.phase()).isEqualTo(Phase.CONNECTING);
  }

  /** A claimed node that follows on, after a restart say. */
  private void guard() {
    ordered = false;
    settings = new LinkSettings(7000, "", "", 60_000, true);
    greet();
  }

  private void hearSnapshot(String replid) {
    hear("+FULLRESYNC " + replid + " 500\r\n$2\r\nab");
  }

  private void examined(boolean holdsData, SnapshotHead head) {
    tell(new LinkEvent.Examined(link.dial(), holdsData, 3, head));
  }

  private void connect() {
    tell(new LinkEvent.Follow("master", 1, ordered));
    tell(new LinkEvent.Connected(link.dial()));
  }

  private void greet() {
    connect();
    hear("+PONG\r\n+OK\r\n+OK\r\n");
  }

  private void hear(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    tell(new LinkEvent.Received(link.dial(), bytes, 0, bytes.length));
  }

  private void tick(long ms) {
    now += ms;
    tell(new LinkEvent.Tick());
  }

  private void tell(LinkEvent event) {
    effects.addAll(link.step(now, event));
  }

  private <T> List<T> effects(Class<T> type) {
    return effects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private List<String> logged() {
    return effects(LinkEffect.Say.class).stream().map(LinkEffect.Say::text).toList();
  }

  /** Commands sent since the last look, as words. */
  private List<String> sent() {
    List<String> commands = new ArrayList<>();
    for (LinkEffect.Send send : effects(LinkEffect.Send.class)) {
      String raw = new String(send.bytes(), StandardCharsets.ISO_8859_1);
      commands.add(raw.replaceAll("[*$][0-9]+\r\n", "").replace("\r\n", " ").trim());
    }
    effects.removeIf(LinkEffect.Send.class::isInstance);
    return commands;
  }
}
