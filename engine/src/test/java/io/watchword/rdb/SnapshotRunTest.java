package io.watchword.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.keyspace.Digest;
import io.watchword.keyspace.Keyspace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A snapshot is the moment at which it began, whatever happens while it is made. */
class SnapshotRunTest {
  private final StepLoop loop = new StepLoop();
  private final List<String> endings = new ArrayList<>();

  /** What a snapshot was given to, at a pace that the test sets. */
  private static final class Sink implements SnapshotSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean open = true;
    private String end = "none";

    @Override
    public boolean wantsMore() {
      return open;
    }

    @Override
    public void part(byte[] b, int from, int to) {
      bytes.write(b, from, to - from);
    }

    @Override
    public void ended() {
      end = "whole";
    }

    @Override
    public void failed(String why) {
      end = why;
    }
  }

  private SnapshotRun begin(Keyspace keyspace, Sink sink, long queueBytesMax) {
    return new Snapshots(loop, loop, loop.background, keyspace)
        .toSink(
            sink,
            new SnapshotRun.Settings(true, true, queueBytesMax),
            RdbInfo.NONE,
            problem -> endings.add(String.valueOf(problem)));
  }

  @Test
  void shouldHoldTheMomentAtWhichItBeganWhateverChangesMeanwhile() throws RdbException {
    for (long seed = 1; seed <= 40; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Keyspace keyspace = Contents.empty();
      List<byte[]> keys = new ArrayList<>();
      fill(keyspace, keys, random);
      for (int round = 0; round < 3; round++) {
        String digest = Digest.of(keyspace);
        long size = keyspace.size();
        Sink sink = new Sink();
        SnapshotRun run = begin(keyspace, sink, 1L << 30);
        boolean gaveUp = false;
        while (loop.step() | (random.nextInt(3) > 0 && loop.stepBackground())) {
          for (int i = random.nextInt(200); i > 0; i--) {
            change(keyspace, keys, random);
          }
          if (!gaveUp && random.nextInt(200) == 0) {
            run.giveUp("the test says so");
            gaveUp = true;
          }
        }
        loop.settle();

        assertThat(run.isOver()).as("seed %d", seed).isTrue();
        assertThat(keyspace.isSnapshotRunning()).isFalse();
        if (sink.end.equals("whole")) {
          // The reader refuses a key that comes twice.
          Keyspace loaded = Runs.load(sink.bytes.toByteArray());
          assertThat(loaded.size()).as("seed %d round %d", seed, round).isEqualTo(size);
          assertThat(Digest.of(loaded)).as("seed %d round %d", seed, round).isEqualTo(digest);
        } else {
          assertThat(gaveUp).isTrue();
        }
        while (keyspace.reap(8)) {
          assertThat(keyspace.isSnapshotRunning()).isFalse();
        }
      }
    }
    assertThat(endings).hasSize(120).contains("null", "the test says so");
  }

  private static void fill(Keyspace keyspace, List<byte[]> keys, SplittableRandom random) {
    for (int i = 0; i < 6_000; i++) {
      byte[] key = ("key:" + i).getBytes(StandardCharsets.US_ASCII);
      keys.add(key);
      Contents.set(keyspace, random.nextInt(4), key, Contents.value(random), -1);
    }
  }

  private static void change(Keyspace keyspace, List<byte[]> keys, SplittableRandom random) {
    int database = random.nextInt(4);
    byte[] key = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(400)) {
      case 0 -> keyspace.flush(database);
      case 1 -> keyspace.swap(database, random.nextInt(4));
      default -> {
        int kind = random.nextInt(4);
        long hash = keyspace.hash(key, 0, key.length);
        boolean there = Contents.find(keyspace, database, key) != 0;
        if (kind == 0) {
          Contents.delete(keyspace, database, key);
        } else if (kind == 1 && there) {
          keyspace.database(database).deadline(key, 0, key.length, hash, 1L << 41);
        } else if (kind == 2) {
          keyspace.database(database).write(key, 0, key.length, hash, 2, key, 0, key.length);
        } else {
          Contents.set(keyspace, database, key, Contents.value(random), -1);
        }
      }
    }
  }

  @Test
  void shouldPauseWhenTheSinkIsSlowAndHoldNoMoreThanTheQueue() throws RdbException {
    Keyspace keyspace = Contents.empty();
    for (int i = 0; i < 4_000; i++) {
      byte[] noise = new byte[10_000];
      new SplittableRandom(i).nextBytes(noise);
      Contents.set(keyspace, 0, "key:" + i, noise, -1);
    }
    Sink sink = new Sink();
    sink.open = false;
    SnapshotRun run = begin(keyspace, sink, 1L << 30);
    for (int i = 0; i < 2_000; i++) {
      loop.step();
      loop.stepBackground();
    }

    assertThat(run.keysDone()).isBetween(1L, 1_000L);
    assertThat(run.queuedBytesPeak()).isLessThan(6 << 20);
    sink.open = true;
    loop.settle();

    assertThat(sink.end).isEqualTo("whole");
    assertThat(Runs.same(Runs.load(sink.bytes.toByteArray()), keyspace)).isTrue();
  }

  @Test
  void shouldBeGivenUpWhenWritesOvertakeItAndLeaveTheNextOneComplete() throws RdbException {
    Keyspace keyspace = Contents.random(new SplittableRandom(5), 3_000);
    for (int i = 0; i < 3_000; i++) {
      Contents.set(keyspace, 0, "key:" + i, new byte[5_000], -1);
    }
    Sink sink = new Sink();
    sink.open = false;
    SnapshotRun run = begin(keyspace, sink, 8 << 20);
    for (int i = 0; i < 3_000; i++) {
      Contents.set(keyspace, 0, "key:" + i, new byte[1], -1);
    }
    loop.settle();

    assertThat(run.isOver()).isTrue();
    assertThat(sink.end).startsWith("writes overtook the snapshot: more than 8388608 bytes wait");
    assertThat(run.queuedBytesPeak()).isLessThan(9 << 20);
    Sink next = new Sink();
    begin(keyspace, next, 8 << 20);
    loop.settle();
    assertThat(next.end).isEqualTo("whole");
    assertThat(Runs.same(Runs.load(next.bytes.toByteArray()), keyspace)).isTrue();
  }

  @Test
  void shouldEndAtOnceWhenItMust() {
    Keyspace keyspace = Contents.random(new SplittableRandom(6), 3_000);
    for (int steps = 0; steps < 12; steps++) {
      Sink sink = new Sink();
      SnapshotRun run = begin(keyspace, sink, 1L << 30);
      for (int i = 0; i < steps; i++) {
        loop.step();
        loop.stepBackground();
      }
      run.giveUpNow("the server is shutting down");

      assertThat(run.isOver()).isTrue();
      assertThat(keyspace.isSnapshotRunning()).isFalse();
      loop.settle();
      assertThat(sink.end).isIn("whole", "the server is shutting down");
    }
    keyspace.flushAll();
    assertThat(keyspace.size()).isZero();
  }

  @Test
  void shouldNotLeaveOutTheNextTableWhenOneEmptiesInTheMiddleOfItsWalk() throws RdbException {
    Keyspace keyspace = Contents.empty();
    for (int i = 0; i < 5_000; i++) {
      Contents.set(keyspace, 0, "key:" + i, new byte[400], -1);
      Contents.set(keyspace, 1, "key:" + i, new byte[400], -1);
    }
    Sink sink = new Sink();
    begin(keyspace, sink, 1L << 30);
    loop.step();
    for (int i = 0; i < 5_000; i++) {
      Contents.delete(keyspace, 0, ("key:" + i).getBytes(StandardCharsets.US_ASCII));
    }
    loop.settle();

    assertThat(Runs.load(sink.bytes.toByteArray()).size()).isEqualTo(10_000);
  }
}
