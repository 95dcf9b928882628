package io.watchword.keyspace;

import io.watchword.value.ValueType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest of all keys and values that does not depend on their order: what DEBUG DIGEST answers,
 * the same 40 digits as Redis 7 for the same content.
 *
 * <p>Each key mixes into its own SHA-1 state (key, type, value, a mark when it has a deadline); the
 * hashes of the states are joined by exclusive or.
 */
public final class Digest {
  private static final int BYTES = 20;

  private final MessageDigest sha1;

  private Digest() {
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** Forty hexadecimal digits; zeros for an empty keyspace. Walks everything in one go. */
  public static String of(Keyspace keyspace) {
    Digest digest = new Digest();
    byte[] all = new byte[BYTES];
    for (int i = 0; i < keyspace.count(); i++) {
      Database database = keyspace.database(i);
      if (database.size() > 0) {
        digest.mix(all, bigEndian(i));
        database.each(ref -> digest.add(all, database.entries(), ref));
      }
    }
    return HexFormat.of().formatHex(all);
  }

  private void add(byte[] all, Entries entries, long ref) {
    byte[] entry = entry(entries, ref);
    xorInto(all, sha1.digest(entry));
  }

  private byte[] entry(Entries entries, long ref) {
    byte[] state = new byte[BYTES];
    byte[] key = entries.key(ref);
    mix(state, key);
    mix(state, bigEndian(redisType(entries.type(ref))));
    sha1.update(entries.valueArray(ref), entries.valueAt(ref), entries.length(ref));
    xorInto(state, sha1.digest());
    again(state);
    if (entries.deadline(ref) != Entries.NO_DEADLINE) {
      xorInto(
          state, sha1.digest("!!expire!!".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }
    return state;
  }

  private static int redisType(ValueType type) {
    return type.ordinal();
  }

  private void mix(byte[] state, byte[] data) {
    xorInto(state, sha1.digest(data));
    again(state);
  }

  private void again(byte[] state) {
    System.arraycopy(sha1.digest(state), 0, state, 0, BYTES);
  }

  private static void xorInto(byte[] state, byte[] other) {
    for (int i = 0; i < BYTES; i++) {
      state[i] ^= other[i];
    }
  }

  private static byte[] bigEndian(int n) {
    return new byte[] {(byte) (n >>> 24), (byte) (n >>> 16), (byte) (n >>> 8), (byte) n};
  }
}
