package io.watchword.rdb;

import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import io.watchword.keyspace.Keyspace;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Keyspaces for tests, and random content for them. */
final class Contents {
  static final int DATABASES = 16;
  private static final long FAR_MS = 4_000_000_000_000L;

  private Contents() {}

  static Keyspace empty() {
    return new Keyspace(DATABASES, 1L << 30, 1, 2);
  }

  static void set(Keyspace keyspace, int database, String key, byte[] value, long deadline) {
    byte[] k = key.getBytes(StandardCharsets.ISO_8859_1);
    set(keyspace, database, k, value, deadline);
  }

  static void set(Keyspace keyspace, int database, byte[] k, byte[] value, long deadline) {
    long hash = keyspace.hash(k, 0, k.length);
    keyspace
        .database(database)
        .set(k, 0, k.length, hash, value, 0, value.length, deadline, Entries.AS_SET);
  }

  static boolean delete(Keyspace keyspace, int database, byte[] k) {
    return keyspace.database(database).delete(k, 0, k.length, keyspace.hash(k, 0, k.length));
  }

  static long find(Keyspace keyspace, int database, byte[] k) {
    return keyspace.database(database).find(k, 0, k.length, keyspace.hash(k, 0, k.length));
  }

  /** The value of a key, or null. */
  static byte[] findValue(Keyspace keyspace, int database, String key) {
    byte[] k = key.getBytes(StandardCharsets.ISO_8859_1);
    long ref = find(keyspace, database, k);
    if (ref == Database.NONE) {
      return null;
    }
    Entries entries = keyspace.database(database).entries();
    int at = entries.valueAt(ref);
    return java.util.Arrays.copyOfRange(entries.valueArray(ref), at, at + entries.length(ref));
  }

  /** Numbers of every width, text that compresses, noise, and lengths around every limit. */
  static Keyspace random(SplittableRandom random, int keys) {
    Keyspace keyspace = empty();
    for (int i = 0; i < keys; i++) {
      byte[] key = bytes(random, random.nextInt(20) == 0 ? 70_000 : 40);
      long deadline = random.nextInt(3) == 0 ? FAR_MS + random.nextInt(100_000) : -1;
      set(keyspace, random.nextInt(DATABASES), key, value(random), deadline);
    }
    return keyspace;
  }

  static byte[] value(SplittableRandom random) {
    switch (random.nextInt(6)) {
      case 0:
        return Long.toString(random.nextLong() >> random.nextInt(64))
            .getBytes(StandardCharsets.US_ASCII);
      case 1:
        return "abcabd".repeat(random.nextInt(200)).getBytes(StandardCharsets.US_ASCII);
      case 2:
        return bytes(random, random.nextInt(50) == 0 ? 300_000 : 300);
      case 3:
        return new byte[random.nextInt(50) == 0 ? 400_000 : random.nextInt(20_000)];
      case 4:
        return bytes(random, 20);
      default:
        return new byte[0];
    }
  }

  private static byte[] bytes(SplittableRandom random, int lengthMax) {
    byte[] b = new byte[1 + random.nextInt(lengthMax)];
    random.nextBytes(b);
    return b;
  }
}
