package io.watchword.replication;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the end of a snapshot in the bytes of a link. Either its length was announced ({@code
 * $<length>}), or it ends with 40 random bytes that were ({@code $EOF:<mark>}); then the last 40
 * bytes seen are always held back, since they may turn out to be the mark.
 */
final class PayloadReader {
  private static final int MARK_BYTES = 40;

  private final byte[] mark;
  private long missing;
  private final byte[] tail = new byte[MARK_BYTES];
  private int tailBytes;

  private PayloadReader(byte[] mark, long length) {
    this.mark = mark;
    this.missing = length;
  }

  /** A reader for the payload that {@code header}, without its line end, announces, or null. */
  static PayloadReader find(String header) {
    if (header.startsWith("$EOF:") && header.length() == 5 + MARK_BYTES) {
      return new PayloadReader(header.substring(5).getBytes(StandardCharsets.ISO_8859_1), -1);
    }
    if (header.startsWith("$") && header.substring(1).matches("[0-9]{1,18}")) {
      return new PayloadReader(null, Long.parseLong(header.substring(1)));
    }
    return null;
  }

  /** Announced length in bytes, or -1 when a mark ends the payload. */
  long length() {
    return mark == null ? missing : -1;
  }

  /** Where the snapshot's bytes go. */
  interface Sink {
    void part(byte[] b, int from, int to);
  }

  /**
   * Takes {@code data[from, to)} and returns the index after the payload's end, or -1 while it goes
   * on.
   */
  int feed(byte[] data, int from, int to, Sink sink) {
    if (mark == null) {
      int n = (int) Math.min(missing, to - from);
      if (n > 0) {
        sink.part(data, from, from + n);
      }
      missing -= n;
      return missing == 0 ? from + n : -1;
    }
    return feedUntilMark(data, from, to, sink);
  }

  /** The mark can start in the bytes held back and end anywhere in the new ones. */
  private int feedUntilMark(byte[] data, int from, int to, Sink sink) {
    byte[] joined = Arrays.copyOf(tail, tailBytes + (to - from));
    System.arraycopy(data, from, joined, tailBytes, to - from);
    int at = indexOfMark(joined);
    if (at >= 0) {
      if (at > 0) {
        sink.part(joined, 0, at);
      }
      return from + at + MARK_BYTES - tailBytes;
    }
    int release = Math.max(0, joined.length - (MARK_BYTES - 1));
    if (release > 0) {
      sink.part(joined, 0, release);
    }
    tailBytes = joined.length - release;
    System.arraycopy(joined, release, tail, 0, tailBytes);
    return -1;
  }

  private int indexOfMark(byte[] b) {
    for (int i = 0; i + MARK_BYTES <= b.length; i++) {
      if (b[i] == mark[0] && Arrays.equals(b, i, i + MARK_BYTES, mark, 0, MARK_BYTES)) {
        return i;
      }
    }
    return -1;
  }
}
