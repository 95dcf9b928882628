package io.watchword.bytes;

/**
 * SipHash-1-2 with a secret key, the keyspace's hash: clients choose the keys, so an unkeyed hash
 * would let them choose the collisions. One compression and two finalization rounds, as Redis uses.
 *
 * <p>Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF".
 */
public final class SipHash {
  private final long k0;
  private final long k1;

  /** A hash keyed by 128 secret bits. */
  public SipHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /** The hash of {@code b[offset, offset + length)}. */
  public long hash(byte[] b, int offset, int length) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    int i = offset;
    int end = offset + (length & ~7);
    for (; i < end; i += 8) {
      long m = Raw.getLong(b, i);
      v3 ^= m;
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
      v0 ^= m;
    }
    long last = tail(b, i, length);
    v3 ^= last;
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
    v0 ^= last;
    v2 ^= 0xff;
    for (int round = 0; round < 2; round++) {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /** The last zero to seven bytes, with the length in the top byte. */
  private static long tail(byte[] b, int at, int length) {
    long last = (long) length << 56;
    for (int i = (length & 7) - 1; i >= 0; i--) {
      last |= (b[at + i] & 0xFFL) << (8 * i);
    }
    return last;
  }
}
