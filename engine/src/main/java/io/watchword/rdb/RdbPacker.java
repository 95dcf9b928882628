package io.watchword.rdb;

import io.watchword.bytes.Crc64;
import io.watchword.bytes.Lzf;

/**
 * The second half of writing, made for another thread: compresses the long strings of a chunk of
 * whole entries and carries the checksum on. A chunk is {@link RdbWriter}'s, so it is walked, not
 * checked.
 */
final class RdbPacker {
  private final Lzf lzf = new Lzf();
  private final RdbOutput out = new RdbOutput(1 << 16);
  private final boolean compressing;
  private final boolean summing;
  private long crc;
  private byte[] in;
  private int i;
  private int copied;
  private byte[] result;
  private int resultLength;

  RdbPacker(boolean compressing, boolean summing) {
    this.compressing = compressing;
    this.summing = summing;
  }

  /** What came of the last chunk is {@code bytes()[0, length())}; lent until the next. */
  byte[] bytes() {
    return result;
  }

  int length() {
    return resultLength;
  }

  /** Takes {@code chunk[0, length)}, entries with selections between them. */
  void entries(byte[] chunk, int length) {
    out.clear();
    in = chunk;
    i = 0;
    copied = 0;
    while (compressing && i < length) {
      switch (in[i++] & 0xFF) {
        case RdbFormat.SELECTDB -> readLength();
        case RdbFormat.RESIZEDB -> {
          readLength();
          readLength();
        }
        case RdbFormat.EXPIRETIME_MS -> i += 8;
        case RdbFormat.TYPE_STRING -> {
          string();
          string();
        }
        default -> throw new IllegalStateException("no part of ours at " + (i - 1));
      }
    }
    if (copied == 0 && out.size() == 0) {
      plain(chunk, length);
    } else {
      out.raw(in, copied, length - copied);
      plain(out.bytes(), out.size());
    }
  }

  /** Takes {@code chunk[0, length)} as it is. */
  void plain(byte[] chunk, int length) {
    result = chunk;
    resultLength = length;
    if (summing) {
      crc = Crc64.update(crc, chunk, 0, length);
    }
  }

  /** The end: the last opcode and the checksum, 0 when there is none. */
  void end() {
    out.clear();
    RdbWriter.end(out);
    plain(out.bytes(), out.size());
    out.int64(crc);
    result = out.bytes();
    resultLength = out.size();
  }

  /** A length as {@link RdbOutput} writes it, or -1 when the string is a number. */
  private long readLength() {
    int first = in[i++] & 0xFF;
    if (first < RdbFormat.LENGTH_14) {
      return first;
    }
    if (first < RdbFormat.LENGTH_32) {
      return (first & 0x3F) << 8 | in[i++] & 0xFF;
    }
    if (first >= RdbFormat.ENCODED) {
      i += 1 << (first - RdbFormat.INT8);
      return -1;
    }
    long n = 0;
    int bytes = first == RdbFormat.LENGTH_32 ? 4 : 8;
    for (int end = i + bytes; i < end; i++) {
      n = n << 8 | in[i] & 0xFF;
    }
    return n;
  }

  private void string() {
    int start = i;
    int n = (int) readLength();
    if (n >= RdbFormat.LZF_BYTES_MIN) {
      compress(start, n);
    }
    i += Math.max(n, 0);
  }

  /** Replaces the string that begins at {@code start} by its compressed form if that is shorter. */
  private void compress(int start, int n) {
    out.raw(in, copied, start - copied);
    copied = start;
    int head = 1 + 2 * RdbFormat.LENGTH_BYTES_MAX;
    int at = out.space(head + n);
    int packed = lzf.compress(in, i, n, out.bytes(), at + head, n - RdbFormat.LZF_GAIN_BYTES_MIN);
    if (packed > 0) {
      out.u8(RdbFormat.LZF);
      out.length(packed);
      out.length(n);
      // The lengths took less than was kept for them.
      System.arraycopy(out.bytes(), at + head, out.bytes(), out.size(), packed);
      out.wrote(packed);
      copied = i + n;
    }
  }
}
