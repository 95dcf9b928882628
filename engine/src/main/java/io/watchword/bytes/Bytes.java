package io.watchword.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable byte string: keys, values and names that users chose, which need not be text.
 *
 * <p>Ordering is unsigned and byte by byte, as {@code memcmp} orders. {@link #hashCode} is not
 * keyed, so tables that grow with what clients send must not use it; the keyspace has its own.
 */
public final class Bytes implements Comparable<Bytes> {
  /** The empty string. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of {@code bytes[offset, offset + length)}. */
  public static Bytes copy(byte[] bytes, int offset, int length) {
    return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /** The UTF-8 bytes of a word. */
  public static Bytes of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The decimal form of a number. */
  public static Bytes of(long number) {
    return new Bytes(Long.toString(number).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Wraps without copying; the caller gives the array away. */
  public static Bytes wrap(byte[] bytes) {
    return new Bytes(bytes);
  }

  public int length() {
    return bytes.length;
  }

  public byte at(int index) {
    return bytes[index];
  }

  /** The array itself, for reading only. */
  public byte[] array() {
    return bytes;
  }

  /** Whether this equals {@code other[offset, offset + length)}. */
  public boolean matches(byte[] other, int offset, int length) {
    return Arrays.equals(bytes, 0, bytes.length, other, offset, offset + length);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes b && Arrays.equals(bytes, b.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The bytes read as UTF-8; for logs and messages, not a way back to the bytes. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
