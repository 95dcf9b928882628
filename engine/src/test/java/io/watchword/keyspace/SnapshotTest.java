package io.watchword.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A snapshot has each entry exactly once, as it was at the start, whatever happens meanwhile. */
class SnapshotTest {
  private static final int DATABASES = 3;
  private static final int KEYS = 4_000;
  private static final int ROUNDS = 12;

  @Test
  void shouldTakeEachEntryOnceAsItWasWhenTheSnapshotBegan() {
    for (long seed = 1; seed <= 25; seed++) {
      new Run(seed).snapshots();
    }
  }

  /** A keyspace, and what it should hold. */
  private static final class Run {
    private final SplittableRandom random;
    private final long seed;
    private final Keyspace keyspace;
    private List<Map<Bytes, Bytes>> reference = empty();

    Run(long seed) {
      this.seed = seed;
      random = new SplittableRandom(seed);
      keyspace = new Keyspace(DATABASES, 1L << 30, seed, 2);
    }

    private static List<Map<Bytes, Bytes>> empty() {
      List<Map<Bytes, Bytes>> all = new ArrayList<>();
      for (int i = 0; i < DATABASES; i++) {
        all.add(new TreeMap<>());
      }
      return all;
    }

    void snapshots() {
      for (int round = 0; round < ROUNDS; round++) {
        change(random.nextInt(6_000));
        List<Map<Bytes, Bytes>> wanted = copy();
        List<Map<Bytes, Bytes>> taken = empty();
        SnapshotCursor cursor =
            keyspace.snapshot((database, entries, ref) -> take(taken, database, entries, ref));
        boolean givenUp = random.nextInt(4) == 0;
        int patience = random.nextInt(20);
        while (cursor.slice(1)) {
          change(random.nextInt(300));
          if (givenUp && patience-- == 0) {
            cursor.giveUp();
          }
        }
        assertThat(keyspace.isSnapshotRunning()).isFalse();
        if (!givenUp || patience >= 0) {
          assertThat(taken).as("seed %d, round %d", seed, round).isEqualTo(wanted);
        }
        while (keyspace.reap(2)) {
          change(5);
        }
      }
      assertThat(held()).as("seed %d", seed).isEqualTo(reference);
    }

    private void take(List<Map<Bytes, Bytes>> taken, int database, Entries entries, long ref) {
      Bytes key = Bytes.wrap(entries.key(ref));
      Bytes before = taken.get(database).put(key, value(entries, ref));
      assertThat(before).as("seed %d: %s came twice", seed, key).isNull();
    }

    private static Bytes value(Entries entries, long ref) {
      return Bytes.copy(entries.valueArray(ref), entries.valueAt(ref), entries.length(ref));
    }

    private List<Map<Bytes, Bytes>> copy() {
      List<Map<Bytes, Bytes>> all = new ArrayList<>();
      reference.forEach(map -> all.add(new TreeMap<>(map)));
      return all;
    }

    private List<Map<Bytes, Bytes>> held() {
      List<Map<Bytes, Bytes>> all = empty();
      for (int i = 0; i < DATABASES; i++) {
        int database = i;
        Entries entries = keyspace.database(i).entries();
        keyspace
            .database(i)
            .each(ref -> all.get(database).put(Bytes.wrap(entries.key(ref)), value(entries, ref)));
      }
      return all;
    }

    private void change(int times) {
      for (int i = 0; i < times; i++) {
        int n = random.nextInt(DATABASES);
        Bytes key = Bytes.of("key:" + random.nextInt(KEYS));
        switch (random.nextInt(3_000)) {
          case 0 -> flush(n);
          case 1 -> swap(n, random.nextInt(DATABASES));
          case 2 -> flushAll();
          default -> changeKey(n, key);
        }
      }
    }

    private void flush(int n) {
      keyspace.flush(n);
      reference.get(n).clear();
    }

    private void flushAll() {
      keyspace.flushAll();
      reference = empty();
    }

    private void swap(int one, int other) {
      keyspace.swap(one, other);
      Map<Bytes, Bytes> first = reference.get(one);
      reference.set(one, reference.get(other));
      reference.set(other, first);
    }

    private void changeKey(int n, Bytes key) {
      Database database = keyspace.database(n);
      Map<Bytes, Bytes> map = reference.get(n);
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          database.delete(key.array(), 0, key.length(), hash(key));
          map.remove(key);
        }
        case 2 -> rename(database, map, key);
        case 3 -> move(database, map, key);
        case 4 -> append(database, map, key);
        case 5 -> expire(database, map, key);
        default -> set(database, map, key);
      }
    }

    private void set(Database database, Map<Bytes, Bytes> map, Bytes key) {
      Bytes value = Bytes.of("v".repeat(random.nextInt(80)) + random.nextInt());
      byte[] v = value.array();
      database.set(key.array(), 0, key.length(), hash(key), v, 0, v.length, Entries.NO_DEADLINE, 0);
      map.put(key, value);
    }

    private void append(Database database, Map<Bytes, Bytes> map, Bytes key) {
      int from = map.containsKey(key) ? map.get(key).length() : 0;
      byte[] more = new byte[random.nextInt(50) == 0 ? 70_000 : 3];
      database.write(key.array(), 0, key.length(), hash(key), from, more, 0, more.length);
      byte[] whole = new byte[from + more.length];
      if (from > 0) {
        System.arraycopy(map.get(key).array(), 0, whole, 0, from);
      }
      map.put(key, Bytes.wrap(whole));
    }

    private void expire(Database database, Map<Bytes, Bytes> map, Bytes key) {
      if (map.containsKey(key)) {
        long deadline = random.nextInt(-1, 1_000);
        database.deadline(key.array(), 0, key.length(), hash(key), deadline);
      }
    }

    private void rename(Database database, Map<Bytes, Bytes> map, Bytes key) {
      Bytes to = Bytes.of("key:" + random.nextInt(KEYS));
      if (map.containsKey(key) && !to.equals(key)) {
        database.rename(
            key.array(), 0, key.length(), hash(key), to.array(), 0, to.length(), hash(to));
        map.put(to, map.remove(key));
      }
    }

    private void move(Database database, Map<Bytes, Bytes> map, Bytes key) {
      int n = random.nextInt(DATABASES);
      Map<Bytes, Bytes> target = reference.get(n);
      if (map.containsKey(key) && !target.containsKey(key)) {
        database.move(key.array(), 0, key.length(), hash(key), keyspace.database(n));
        target.put(key, map.remove(key));
      }
    }

    private long hash(Bytes key) {
      return keyspace.hash(key.array(), 0, key.length());
    }
  }
}
