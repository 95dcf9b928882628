package io.watchword.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One database against a map, through growth and shrinking. */
class DatabaseTest {
  private static final long NOW = 1_000_000;

  private record Held(Bytes value, long deadline) {}

  private final Keyspace keyspace = new Keyspace(4, 1L << 30, 3, 4);
  private final Database database = keyspace.database(0);
  private final Map<Bytes, Held> reference = new TreeMap<>();

  @Test
  void shouldHoldWhatAMapHoldsThroughGrowthAndShrinking() {
    SplittableRandom random = new SplittableRandom(11);
    for (int phase = 0; phase < 6; phase++) {
      boolean growing = phase % 2 == 0;
      for (int i = 0; i < 15_000; i++) {
        step(random, growing ? 2 : 8);
      }
      check();
    }
    new ArrayList<>(reference.keySet()).forEach(this::delete);
    check();
    assertThat(database.deadlines()).isZero();
  }

  private void step(SplittableRandom random, int deletionsInTen) {
    Bytes key = Bytes.of("key:" + random.nextInt(20_000));
    int kind = random.nextInt(10);
    if (kind < deletionsInTen) {
      delete(key);
    } else if (kind == 9 && reference.containsKey(key)) {
      long deadline = random.nextInt(2) == 0 ? Entries.NO_DEADLINE : NOW + random.nextInt(5_000);
      database.deadline(key.array(), 0, key.length(), hash(key), deadline);
      reference.put(key, new Held(reference.get(key).value(), deadline));
    } else {
      long deadline = random.nextInt(3) > 0 ? Entries.NO_DEADLINE : NOW + random.nextInt(5_000);
      set(key, Bytes.of("v".repeat(random.nextInt(60)) + random.nextInt()), deadline);
    }
  }

  @Test
  void shouldShowEveryKeyThatStaysToAScanThroughGrowthAndShrinking() {
    for (long seed = 1; seed <= 30; seed++) {
      scanUnderChanges(seed);
    }
  }

  /** Keys that are there from the first step of a scan to the last must be shown. */
  private static void scanUnderChanges(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DatabaseTest own = new DatabaseTest();
    TreeSet<Bytes> staying = new TreeSet<>();
    int first = 100 + random.nextInt(6_000);
    boolean growing = random.nextBoolean();
    for (int i = 0; i < first; i++) {
      own.set(Bytes.of("first:" + i), Bytes.of("v"), Entries.NO_DEADLINE);
      if (growing || i % 7 == 0) {
        staying.add(Bytes.of("first:" + i));
      }
    }
    TreeSet<Bytes> shown = new TreeSet<>();
    long cursor = 0;
    int at = 0;
    do {
      cursor =
          own.database.scan(
              cursor, 10, ref -> shown.add(Bytes.wrap(own.database.entries().key(ref))));
      for (int i = 0; i < 40; i++, at++) {
        if (growing) {
          own.set(Bytes.of("later:" + at), Bytes.of("v"), Entries.NO_DEADLINE);
        } else if (at % 7 != 0) {
          own.delete(Bytes.of("first:" + at));
        }
      }
    } while (cursor != 0 && at < 400_000);
    assertThat(cursor).as("the scan of seed %d ends", seed).isZero();
    assertThat(shown).as("seed %d", seed).containsAll(staying);
  }

  @Test
  void shouldSweepWhatIsDueAndNothingElse() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      long deadline = random.nextInt(2) == 0 ? Entries.NO_DEADLINE : NOW + random.nextInt(1_000);
      set(Bytes.of("key:" + i), Bytes.of("v"), deadline);
    }
    for (long now = NOW; now <= NOW + 1_000; now += 100) {
      long due = now;
      int rounds = 0;
      while (database.expire(due, 2, key -> expired(Bytes.wrap(key), due))) {
        rounds++;
        assertThat(rounds).isLessThan(10_000);
      }
      long left =
          reference.values().stream()
              .filter(held -> held.deadline() != Entries.NO_DEADLINE && held.deadline() <= due)
              .count();
      assertThat(left).as("overdue keys at %d", now).isZero();
    }
    check();
    assertThat(database.deadlines()).isZero();
  }

  private void expired(Bytes key, long now) {
    assertThat(reference.get(key).deadline()).isLessThanOrEqualTo(now);
    delete(key);
  }

  @Test
  void shouldKeepKeysAndValuesOfEveryLength() {
    int[] lengths = {
      0,
      1,
      252,
      253,
      254,
      255,
      256,
      16_383,
      16_384,
      16_385,
      65_000,
      65_510,
      65_536,
      70_000,
      1 << 20,
      (1 << 21) + 3
    };
    for (int keyLength : lengths) {
      for (int valueLength : lengths) {
        if ((long) keyLength + valueLength < 3 << 20) {
          Bytes key = filled(keyLength, keyLength * 31 + valueLength);
          set(key, filled(valueLength, valueLength * 7 + keyLength), Entries.NO_DEADLINE);
        }
      }
    }
    check();
    for (Bytes key : new ArrayList<>(reference.keySet())) {
      database.deadline(key.array(), 0, key.length(), hash(key), NOW);
      reference.put(key, new Held(reference.get(key).value(), NOW));
    }
    check();
    for (Bytes key : new ArrayList<>(reference.keySet())) {
      rename(key, Bytes.of("other " + key.length() + " " + key.hashCode()));
    }
    check();
    keyspace.flushAll();
    assertThat(keyspace.usedBytes()).isLessThan(100_000);
  }

  @Test
  void shouldGiveBackEveryByteOfWhatIsDeleted() {
    long before = keyspace.usedBytes();
    for (int length : new int[] {10, 300, 20_000, 65_535, 100_000}) {
      Bytes key = filled(length, length);
      set(key, filled(length, 1), Entries.NO_DEADLINE);
      byte[] more = new byte[70_000];
      database.write(key.array(), 0, key.length(), hash(key), length, more, 0, more.length);
      Bytes other = Bytes.of("other");
      rename(key, other);
      database.move(other.array(), 0, 5, hash(other), keyspace.database(1));
      keyspace.database(1).delete(other.array(), 0, 5, hash(other));
      assertThat(keyspace.usedBytes()).as("length %d", length).isEqualTo(before);
    }
  }

  private static Bytes filled(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed >>> (i % 4 * 8));
    }
    return Bytes.wrap(bytes);
  }

  private long hash(Bytes key) {
    return keyspace.hash(key.array(), 0, key.length());
  }

  private void set(Bytes key, Bytes value, long deadline) {
    database.set(
        key.array(),
        0,
        key.length(),
        hash(key),
        value.array(),
        0,
        value.length(),
        deadline,
        Entries.AS_SET);
    reference.put(key, new Held(value, deadline));
  }

  private void delete(Bytes key) {
    boolean there = database.delete(key.array(), 0, key.length(), hash(key));
    assertThat(there).isEqualTo(reference.remove(key) != null);
  }

  private void rename(Bytes from, Bytes to) {
    database.rename(
        from.array(), 0, from.length(), hash(from), to.array(), 0, to.length(), hash(to));
    reference.put(to, reference.remove(from));
  }

  private void check() {
    assertThat(database.size()).isEqualTo(reference.size());
    Entries entries = database.entries();
    List<Bytes> walked = new ArrayList<>();
    database.each(ref -> walked.add(Bytes.wrap(entries.key(ref))));
    assertThat(walked).hasSize(reference.size());
    reference.forEach(
        (key, held) -> {
          long ref = database.find(key.array(), 0, key.length(), hash(key));
          if (ref == Database.NONE || entries.deadline(ref) != held.deadline()) {
            throw new AssertionError("lost or with another deadline: " + shown(key));
          }
          int at = entries.valueAt(ref);
          if (!held.value().matches(entries.valueArray(ref), at, entries.length(ref))) {
            throw new AssertionError("another value: " + shown(key));
          }
        });
  }

  private static String shown(Bytes key) {
    String text = new String(key.array(), StandardCharsets.ISO_8859_1);
    return key.length() + " bytes, " + text.substring(0, Math.min(20, text.length()));
  }
}
