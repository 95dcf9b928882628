package io.watchword.rdb;

import io.watchword.bytes.Numbers;
import io.watchword.bytes.Raw;
import java.util.Arrays;

/** A growing array that lengths, strings and numbers are put into. Used by one thread at a time. */
final class RdbOutput {
  private byte[] bytes;
  private int size;

  RdbOutput(int initialBytes) {
    bytes = new byte[initialBytes];
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  int roomBytes() {
    return bytes.length - size;
  }

  void clear() {
    size = 0;
  }

  void u8(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  void int64(long value) {
    ensure(8);
    Raw.putLong(bytes, size, value);
    size += 8;
  }

  void length(long n) {
    ensure(RdbFormat.LENGTH_BYTES_MAX);
    if (n < 1 << 6) {
      bytes[size++] = (byte) n;
    } else if (n < 1 << 14) {
      bytes[size++] = (byte) (RdbFormat.LENGTH_14 | n >> 8);
      bytes[size++] = (byte) n;
    } else if (n <= 0xFFFF_FFFFL) {
      bytes[size++] = (byte) RdbFormat.LENGTH_32;
      Raw.putInt(bytes, size, Integer.reverseBytes((int) n));
      size += 4;
    } else {
      bytes[size++] = (byte) RdbFormat.LENGTH_64;
      Raw.putLong(bytes, size, Long.reverseBytes(n));
      size += 8;
    }
  }

  /** A string, as a number when it is the decimal form of one. */
  void string(byte[] b, int at, int length) {
    if (length <= RdbFormat.NUMBER_DIGITS_MAX && Numbers.isLong(b, at, length)) {
      long number = Numbers.toLong(b, at, length);
      if (number == (int) number) {
        number((int) number);
        return;
      }
    }
    length(length);
    raw(b, at, length);
  }

  void string(String text) {
    byte[] b = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    string(b, 0, b.length);
  }

  private void number(int n) {
    ensure(5);
    if (n == (byte) n) {
      bytes[size++] = (byte) RdbFormat.INT8;
      bytes[size++] = (byte) n;
    } else if (n == (short) n) {
      bytes[size++] = (byte) RdbFormat.INT16;
      Raw.putShort(bytes, size, n);
      size += 2;
    } else {
      bytes[size++] = (byte) RdbFormat.INT32;
      Raw.putInt(bytes, size, n);
      size += 4;
    }
  }

  void raw(byte[] b, int at, int length) {
    ensure(length);
    System.arraycopy(b, at, bytes, size, length);
    size += length;
  }

  /** Makes room for {@code more} bytes to be written behind the last, and returns their index. */
  int space(int more) {
    ensure(more);
    return size;
  }

  /** Counts in what was written into {@link #space}. */
  void wrote(int more) {
    size += more;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      long doubled = Math.min(2L * bytes.length, Integer.MAX_VALUE - 16L);
      bytes = Arrays.copyOf(bytes, (int) Math.max(doubled, Math.addExact(size, more)));
    }
  }
}
