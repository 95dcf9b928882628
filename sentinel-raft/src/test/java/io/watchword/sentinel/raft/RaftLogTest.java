package io.watchword.sentinel.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Entry;
import io.watchword.sentinel.core.Member;
import io.watchword.sentinel.core.SentinelState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JRaft itself, three members in this process over loopback. */
class RaftLogTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  @TempDir Path folder;
  private final List<Sentinel> running = new ArrayList<>();
  private List<String> peers;

  @AfterEach
  void stop() {
    running.forEach(s -> s.log.close());
  }

  @Test
  void shouldDeliverWhatAFollowerProposedToAllMembers() throws Exception {
    startThree();
    Sentinel leader = awaitLeader();
    Sentinel follower = running.stream().filter(s -> s != leader).findFirst().orElseThrow();
    Address api = new Address("127.0.0.1", 1);
    Entry joined = new Entry.Joined(new Member("one", 1, api, "127.0.0.1:2"));
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              follower.log.propose(joined, -1);
              return running.stream().allMatch(s -> s.entries.contains(joined));
            });
  }

  @Test
  void shouldRefuseTheProposalOfAnEarlierTerm() throws Exception {
    startThree();
    Sentinel leader = awaitLeader();
    leader.log.propose(new Entry.Founded("stale"), leader.term - 1);
    leader.log.propose(new Entry.Founded("good"), leader.term);
    await().atMost(PATIENCE).until(() -> leader.holds("good"));
    assertThat(leader.holds("stale")).isFalse();
  }

  @Test
  void shouldConfirmAMajorityOnAFollowerOnlyWhileThereIsOne() throws Exception {
    startThree();
    Sentinel leader = awaitLeader();
    Sentinel follower = running.stream().filter(s -> s != leader).findFirst().orElseThrow();
    await().atMost(PATIENCE).until(() -> confirms(follower));
    for (Sentinel s : List.copyOf(running)) {
      if (s != follower) {
        s.log.close();
        running.remove(s);
      }
    }
    assertThat(confirms(follower)).isFalse();
  }

  @Test
  void shouldRefuseAMemberWhoseFolderWasLost() throws Exception {
    startThree();
    awaitLeader();
    Sentinel lost = running.remove(2);
    lost.log.close();
    delete(lost.folder);
    try (RaftLog again =
        new RaftLog(settings(lost.folder, peers.get(2)), "f".repeat(40), why -> {})) {
      assertThatThrownBy(again::isAdmitted)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("it may have voted");
    }
  }

  @Test
  void shouldNotStartAgainWithoutItsLogOrItsVote() throws Exception {
    startThree();
    awaitLeader();
    for (int i = 0; i < 2; i++) {
      String part = List.of("log", "meta").get(i);
      Sentinel lost = running.remove(0);
      lost.log.close();
      delete(lost.folder.resolve(part));
      try (RaftLog again = new RaftLog(settings(lost.folder, peers.get(i)), "unused", why -> {})) {
        assertThatThrownBy(() -> again.start(lost))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("lacks " + part);
      }
    }
  }

  @Test
  void shouldKeepIdentityAndLogOverARestartOfAll() throws Exception {
    startThree();
    Sentinel leader = awaitLeader();
    leader.log.propose(new Entry.Founded("kept"), leader.term);
    await().atMost(PATIENCE).until(() -> running.stream().allMatch(s -> s.holds("kept")));
    List<String> ids = running.stream().map(s -> s.log.id()).toList();
    running.forEach(s -> s.log.close());
    running.clear();
    for (int i = 0; i < 3; i++) {
      start(i);
    }
    assertThat(running.stream().map(s -> s.log.id()).toList()).isEqualTo(ids);
    assertThat(running.get(0).log.incarnation()).isEqualTo(2);
    await().atMost(PATIENCE).until(() -> running.stream().allMatch(s -> s.holds("kept")));
  }

  @Test
  void shouldNotStartOnASnapshotThatItCannotReadAndLeaveItAsItIs() throws Exception {
    Sentinel alone = startAlone();
    CompletableFuture<Boolean> saved = new CompletableFuture<>();
    alone.log.saveSnapshot(saved::complete);
    assertThat(saved.get(20, TimeUnit.SECONDS)).isTrue();
    alone.log.close();
    running.clear();
    byte[] newer = Snapshots.framed(2, new byte[] {1});
    Path file = state(alone.folder);
    Files.write(file, newer);

    List<String> fatal = new CopyOnWriteArrayList<>();
    try (RaftLog again = new RaftLog(settings(alone.folder, peers.get(0)), "unused", fatal::add)) {
      assertThat(again.isAdmitted()).isTrue();
      assertThatThrownBy(() -> again.start(alone))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file + ": it has version 2, this sentinel reads 1");
    }
    assertThat(fatal).isNotEmpty();
    assertThat(Files.readAllBytes(file)).isEqualTo(newer);
    assertThat(state(alone.folder)).isEqualTo(file);
  }

  /** The one file of the one snapshot. */
  private static Path state(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder.resolve("snapshot"))) {
      List<Path> files = paths.filter(p -> p.endsWith("state")).toList();
      assertThat(files).hasSize(1);
      return files.get(0);
    }
  }

  @Test
  void shouldTakeAFewMegabytesOfDiskAndNotAHundred() throws Exception {
    Sentinel alone = startAlone();
    assertThat(kilobytesOnDisk(alone.folder)).isBetween(1L, 16L << 10);
  }

  /** What the folder occupies: RocksDB reserves blocks beyond the ends of its files. */
  private static long kilobytesOnDisk(Path folder) throws Exception {
    Process du = new ProcessBuilder("du", "-sk", folder.toString()).start();
    String out = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(du.waitFor()).isZero();
    return Long.parseLong(out.split("\\s")[0]);
  }

  /** A group of one, which has written an entry. */
  private Sentinel startAlone() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      peers = List.of("127.0.0.1:" + free.getLocalPort());
    }
    start(0);
    Sentinel alone = awaitLeader();
    alone.log.propose(new Entry.Founded("one"), alone.term);
    await().atMost(PATIENCE).until(() -> alone.holds("one"));
    return alone;
  }

  private static boolean confirms(Sentinel s) throws Exception {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    s.log.confirm(answer::complete);
    return answer.get(20, TimeUnit.SECONDS);
  }

  private void startThree() throws Exception {
    peers = new ArrayList<>();
    List<ServerSocket> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      held.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
      peers.add("127.0.0.1:" + held.get(i).getLocalPort());
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    List<RaftLog> logs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path own = folder.resolve("s" + i);
      logs.add(new RaftLog(settings(own, peers.get(i)), ("" + i).repeat(40), why -> {}));
      running.add(new Sentinel(logs.get(i), own));
    }
    for (Sentinel s : running) {
      assertThat(s.log.isAdmitted()).isTrue();
      s.log.start(s);
    }
  }

  private void start(int i) throws IOException {
    Path own = folder.resolve("s" + i);
    Sentinel s =
        new Sentinel(new RaftLog(settings(own, peers.get(i)), "e".repeat(40), why -> {}), own);
    running.add(s);
    assertThat(s.log.isAdmitted()).isTrue();
    s.log.start(s);
  }

  private RaftLog.Settings settings(Path own, String self) {
    return new RaftLog.Settings(own, "127.0.0.1", "127.0.0.1", self, peers, 500);
  }

  private Sentinel awaitLeader() {
    await().atMost(PATIENCE).until(() -> running.stream().anyMatch(s -> s.term >= 0));
    return running.stream().filter(s -> s.term >= 0).findFirst().orElseThrow();
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static final class Sentinel implements RaftLog.Inbox {
    private final RaftLog log;
    private final Path folder;
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private volatile long term = -1;

    Sentinel(RaftLog log, Path folder) {
      this.log = log;
      this.folder = folder;
    }

    boolean holds(String group) {
      return entries.contains(new Entry.Founded(group));
    }

    @Override
    public void committed(long index, Entry entry) {
      entries.add(entry);
    }

    @Override
    public void restored(long index, SentinelState state) {
      entries.add(new Entry.Founded(state.group()));
    }

    @Override
    public void elected(long newTerm) {
      term = newTerm;
    }

    @Override
    public void deposed() {
      term = -1;
    }
  }
}
