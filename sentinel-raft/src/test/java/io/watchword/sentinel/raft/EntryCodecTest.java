package io.watchword.sentinel.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Entry;
import io.watchword.sentinel.core.MasterConfig;
import io.watchword.sentinel.core.Member;
import io.watchword.sentinel.core.Report;
import io.watchword.sentinel.core.SentinelState;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
  private static final Address A = new Address("127.0.0.1", 6379);
  private static final Address B = new Address("10.0.0.2", 6380);
  private static final String S1 = "1".repeat(40);

  /** One of each kind; {@link #shouldKnowEveryKindOfEntry} fails when one is missing. */
  private static final List<Entry> SAMPLES =
      List.of(
          new Entry.Founded("g".repeat(40)),
          new Entry.Joined(new Member(S1, 7, new Address("127.0.0.1", 26379), "127.0.0.1:31379")),
          new Entry.Monitored("mymaster", A, new MasterConfig(2, 1000, 180_000, 1)),
          new Entry.ReplicaFound("mymaster", 0, B),
          new Entry.Vote("mymaster", S1, 7, A, true),
          new Entry.VoteExpired("mymaster", S1, 7),
          new Entry.Vote("mymaster", S1, 7, A, true),
          new Entry.BeginFailover("mymaster", 0, A, new TreeMap<>(Map.of(S1, 7L))),
          new Entry.Promote("mymaster", 1, B, new Report(3, "a".repeat(40), 12_345_678_901L)),
          new Entry.PromotionRefused("mymaster", 1, B),
          new Entry.Promote("mymaster", 2, B, new Report(3, "a".repeat(40), 12_345_678_901L)),
          new Entry.FailoverAsked("mymaster", 2, B, false, S1, 7, 12_345_678_901L),
          new Entry.HandOverForced("mymaster", 3, S1, 7, 12_345_678_901L),
          new Entry.ReplicaForgotten("mymaster", 1, A));

  @Test
  void shouldGiveBackEveryEntryAsItWas() {
    for (Entry entry : SAMPLES) {
      assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
    }
  }

  @Test
  void shouldKnowEveryKindOfEntry() {
    for (Class<?> kind : Entry.class.getPermittedSubclasses()) {
      assertThat(SAMPLES).as(kind.getSimpleName()).anyMatch(kind::isInstance);
    }
  }

  @Test
  void shouldRefuseAnEntryOfANewerFormat() {
    WireEntry w = new WireEntry();
    w.format = Entry.FORMAT + 1;
    w.op = 1;
    w.group = "g";
    byte[] bytes = new ProtostuffCodec<>(WireEntry.class).encode(w);
    assertThatThrownBy(() -> EntryCodec.decode(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("format 2");
  }

  @Test
  void shouldRefuseBytesThatAreNoEntry() {
    assertThatThrownBy(() -> EntryCodec.decode(new byte[] {(byte) 0xff, 1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldRefuseEveryKindOfEntryThatLacksItsNames() {
    for (int op = 1; op <= 12; op++) {
      WireEntry w = new WireEntry();
      w.format = Entry.FORMAT;
      w.op = op;
      byte[] bytes = new ProtostuffCodec<>(WireEntry.class).encode(w);
      assertThatThrownBy(() -> EntryCodec.decode(bytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("lacks a name");
    }
  }

  @Test
  void shouldTakeOnlyVotesAndIntroductionsFromAFollower() {
    for (Entry entry : SAMPLES) {
      boolean own =
          entry instanceof Entry.Vote
              || entry instanceof Entry.Joined
              || entry instanceof Entry.Asked;
      assertThat(RaftLog.isAFollowersToPropose(entry)).as(entry.toString()).isEqualTo(own);
    }
  }

  @Test
  void shouldGiveBackASnapshotAsItWas() throws IOException {
    SentinelState state = SentinelState.EMPTY;
    long index = 0;
    for (Entry entry : SAMPLES) {
      state = state.apply(entry).state();
      Snapshots.Snapshot snapshot = new Snapshots.Snapshot(++index, state);
      assertThat(Snapshots.decode(Snapshots.encode(snapshot))).isEqualTo(snapshot);
    }
  }

  @Test
  void shouldSayWhatIsWrongWithASnapshotBeforeItDecodesIt() {
    byte[] none = {(byte) 0xff, 1, 2, 3};
    refused(Snapshots.framed(2, none), "it has version 2, this sentinel reads 1");
    refused(Snapshots.framed(1, none), "its checksum fits, but it holds no state");
    byte[] cut = Arrays.copyOf(Snapshots.framed(1, none), 21);
    refused(cut, "it is cut short: 1 bytes of 4");
    byte[] damaged = Snapshots.framed(1, none);
    damaged[16] ^= 1;
    refused(damaged, "it is damaged: its checksum does not fit");
    byte[] early = Snapshots.framed(1, none);
    early[6] = '0';
    early[7] = '1';
    refused(early, "it does not begin as such a file does");
  }

  private static void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> Snapshots.decode(bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }

  @Test
  void shouldRefuseASnapshotWithAnyByteChangedOrMissing() {
    SentinelState state = SentinelState.EMPTY.apply(SAMPLES.get(2)).state();
    byte[] good = Snapshots.encode(new Snapshots.Snapshot(1, state));
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x10;
      byte[] cut = Arrays.copyOf(good, i);
      assertThatThrownBy(() -> Snapshots.decode(bad)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> Snapshots.decode(cut)).isInstanceOf(IOException.class);
    }
  }
}
