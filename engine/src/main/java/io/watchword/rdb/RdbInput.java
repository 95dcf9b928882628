package io.watchword.rdb;

import io.watchword.bytes.Lzf;
import io.watchword.bytes.Raw;

/**
 * Reads lengths, numbers and strings from a piece of a snapshot. What needs more bytes than there
 * are throws {@link Short}, and the part is read again from its start when they have come.
 */
final class RdbInput {
  /** The piece ends too early. Carries no stack: it is thrown once a piece, not in error. */
  static final class Short extends RuntimeException {
    private static final long serialVersionUID = 1;

    Short() {
      super("more bytes are needed", null, false, false);
    }
  }

  private static final Short SHORT = new Short();

  private byte[] b;
  private int i;
  private int end;
  private long origin;
  private long needed;

  /** Reads {@code bytes[from, to)}; index 0 would stand at {@code origin} in the file. */
  void begin(byte[] bytes, int from, int to, long origin) {
    this.b = bytes;
    this.i = from;
    this.end = to;
    this.origin = origin;
  }

  byte[] bytes() {
    return b;
  }

  int at() {
    return i;
  }

  /** How many bytes from {@code start} are needed for the read that was cut short. */
  long wantedFrom(int start) {
    return i - start + needed;
  }

  RdbException error(String why) {
    return RdbException.at(origin + i, why);
  }

  /** Passes over {@code n} bytes and returns the index of the first. */
  int skip(long n) {
    if (end - i < n) {
      needed = n;
      throw SHORT;
    }
    int at = i;
    i += (int) n;
    return at;
  }

  int u8() {
    return b[skip(1)] & 0xFF;
  }

  int int32() {
    return Raw.getInt(b, skip(4));
  }

  long int64() {
    return Raw.getLong(b, skip(8));
  }

  /** A length; bits of a 64-bit one are taken as they are. */
  long length() throws RdbException {
    return length(u8());
  }

  private long length(int first) throws RdbException {
    if (first < RdbFormat.LENGTH_14) {
      return first;
    }
    if (first < RdbFormat.LENGTH_32) {
      return (long) (first & 0x3F) << 8 | u8();
    }
    if (first == RdbFormat.LENGTH_32) {
      return Integer.reverseBytes(int32()) & 0xFFFF_FFFFL;
    }
    if (first == RdbFormat.LENGTH_64) {
      return Long.reverseBytes(int64());
    }
    i--;
    throw error("Unknown length encoding " + first);
  }

  /** A length of bytes that must follow at once. */
  private long byteCount() throws RdbException {
    return byteCount(u8());
  }

  private long byteCount(int first) throws RdbException {
    long n = length(first);
    if (n < 0 || n > Integer.MAX_VALUE) {
      throw error("A string of " + Long.toUnsignedString(n) + " bytes is too long");
    }
    return n;
  }

  /** A string in any encoding. */
  void string(RdbString to) throws RdbException {
    int first = u8();
    switch (first) {
      case RdbFormat.INT8 -> to.number(b[skip(1)]);
      case RdbFormat.INT16 -> to.number((short) Raw.getShort(b, skip(2)));
      case RdbFormat.INT32 -> to.number(int32());
      case RdbFormat.LZF -> compressed(to);
      default -> {
        if (first > RdbFormat.LZF) {
          i--;
          throw error("Unknown RDB string encoding type " + (first & 0x3F));
        }
        long n = byteCount(first);
        to.slice(b, skip(n), (int) n);
      }
    }
  }

  private void compressed(RdbString to) throws RdbException {
    long packed = byteCount();
    long length = byteCount();
    int at = skip(packed);
    // The block says how long it gets before anything is allocated for it.
    long expanded = Lzf.expandedLength(b, at, (int) packed);
    if (expanded != length) {
      i = at;
      throw error(
          expanded < 0
              ? "Invalid LZF compressed string"
              : "An LZF compressed string of " + length + " bytes expands to " + expanded);
    }
    Lzf.expand(b, at, (int) packed, to.space((int) length), 0);
  }
}
