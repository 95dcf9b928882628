package io.watchword.bytes;

/** Integers as Redis reads and writes them: no sign but a minus, no blanks, no leading zeros. */
public final class Numbers {
  /** Longest decimal form of a long, with its sign. */
  public static final int LONG_DIGITS_MAX = 20;

  private Numbers() {}

  /** Whether the slice is the canonical decimal form of a long, the form that would be printed. */
  public static boolean isLong(byte[] b, int offset, int length) {
    if (length <= 0 || length > LONG_DIGITS_MAX) {
      return false;
    }
    int i = offset;
    int end = offset + length;
    boolean negative = b[i] == '-';
    if (negative && ++i == end) {
      return false;
    }
    if (b[i] == '0') {
      return !negative && length == 1;
    }
    long value = 0;
    for (; i < end; i++) {
      int digit = b[i] - '0';
      if (digit < 0 || digit > 9 || value < -922337203685477580L) {
        return false;
      }
      value = value * 10;
      if (value < Long.MIN_VALUE + digit) {
        return false;
      }
      value -= digit;
    }
    return negative || value != Long.MIN_VALUE;
  }

  /** The value of a slice for which {@link #isLong} holds. */
  public static long toLong(byte[] b, int offset, int length) {
    int i = offset;
    int end = offset + length;
    boolean negative = b[i] == '-';
    if (negative) {
      i++;
    }
    long value = 0;
    for (; i < end; i++) {
      value = value * 10 - (b[i] - '0');
    }
    return negative ? value : -value;
  }

  /** Number of characters of the decimal form. */
  public static int length(long value) {
    if (value == Long.MIN_VALUE) {
      return LONG_DIGITS_MAX;
    }
    int digits = value < 0 ? 2 : 1;
    long rest = Math.abs(value);
    while (rest >= 10) {
      rest /= 10;
      digits++;
    }
    return digits;
  }

  /** Writes the decimal form at {@code offset} and returns the index after it. */
  public static int put(byte[] b, int offset, long value) {
    int end = offset + length(value);
    int i = end;
    // Negative remainders cover Long.MIN_VALUE, whose absolute value is no long.
    long rest = value > 0 ? -value : value;
    do {
      b[--i] = (byte) ('0' - rest % 10);
      rest /= 10;
    } while (rest != 0);
    if (value < 0) {
      b[--i] = '-';
    }
    return end;
  }
}
