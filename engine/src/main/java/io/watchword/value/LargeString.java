package io.watchword.value;

import java.util.Arrays;

/**
 * A string too large for a block of the pages. Grows by half when appended to, so that a long
 * string built piece by piece is copied a logarithmic number of times.
 */
public final class LargeString {
  private byte[] bytes;
  private int length;

  /** Takes the array as its own. */
  public LargeString(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  public int length() {
    return length;
  }

  /** The array; {@code [0, length())} holds the string. */
  public byte[] array() {
    return bytes;
  }

  /** Memory held, in bytes. */
  public long footprintBytes() {
    return footprintBytes(bytes.length);
  }

  /** Memory that a string with an array of this length holds, in bytes. */
  public static long footprintBytes(int arrayLength) {
    return arrayLength + 40L;
  }

  /** Memory that a write up to {@code end} takes more, in bytes. */
  public long growthBytes(int end) {
    return end > bytes.length ? room(end) - bytes.length : 0;
  }

  private static int room(int end) {
    return (int) Math.min(Integer.MAX_VALUE - 16L, end + (long) (end >> 1));
  }

  /**
   * Writes {@code b[offset, offset + count)} at {@code from}, growing and filling gaps with zeros.
   */
  public void write(int from, byte[] b, int offset, int count) {
    int end = Math.addExact(from, count);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, room(end));
    }
    System.arraycopy(b, offset, bytes, from, count);
    length = Math.max(length, end);
  }
}
