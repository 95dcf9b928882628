package io.watchword.rdb;

import io.watchword.bytes.Numbers;
import java.nio.charset.StandardCharsets;

/** A string as it was read: a slice of the input, or of scratch space where it was decoded. */
public final class RdbString {
  private static final int KEEP_BYTES_MAX = 1 << 20;
  private static final int SHOWN_CHARS_MAX = 100;

  private byte[] scratch = new byte[64];
  private byte[] bytes = scratch;
  private int at;
  private int length;

  RdbString() {}

  /** The array that holds it; for reading only, while it is lent. */
  public byte[] bytes() {
    return bytes;
  }

  /** Index of its first byte. */
  public int at() {
    return at;
  }

  public int length() {
    return length;
  }

  void slice(byte[] b, int from, int count) {
    bytes = b;
    at = from;
    length = count;
  }

  void number(long n) {
    slice(scratch, 0, Numbers.put(scratch, 0, n));
  }

  /** Makes this a string of {@code count} bytes, which the caller writes to the array returned. */
  byte[] space(int count) {
    if (count > scratch.length) {
      scratch = new byte[count];
    }
    slice(scratch, 0, count);
    return scratch;
  }

  /** Gives back space that one long string took. */
  void forget() {
    if (scratch.length > KEEP_BYTES_MAX) {
      scratch = new byte[64];
    }
    slice(scratch, 0, 0);
  }

  String text() {
    return new String(bytes, at, length, StandardCharsets.UTF_8);
  }

  /** For messages: quoted, what is not printable as hexadecimal, cut off when long. */
  String shown() {
    StringBuilder shown = new StringBuilder("'");
    for (int i = at; i < at + length && i < at + SHOWN_CHARS_MAX; i++) {
      int c = bytes[i] & 0xFF;
      if (c >= ' ' && c < 127 && c != '\'' && c != '\\') {
        shown.append((char) c);
      } else {
        shown.append("\\x").append(Character.forDigit(c >> 4, 16));
        shown.append(Character.forDigit(c & 15, 16));
      }
    }
    return shown.append(length > SHOWN_CHARS_MAX ? "...'" : "'").toString();
  }
}
