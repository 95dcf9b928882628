package io.watchword.resp;

import io.watchword.bytes.Numbers;
import io.watchword.bytes.Words;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads requests in place: after {@link #read} says {@link Status#READY} the arguments are slices
 * {@code [offset(i), offset(i) + length(i))} of the array that was read.
 *
 * <pre>
 *   *2\r\n $3\r\nGET\r\n $1\r\nk\r\n        an array of bulk strings, or
 *   GET "k"\r\n                            a line, split as a shell would
 * </pre>
 *
 * <p>The reader keeps its place inside an unfinished request, so a long one that arrives in many
 * pieces is scanned once. Between two reads of one unfinished request the caller may move the
 * bytes, as long as the request still starts where it says; everything is kept relative to that
 * start. The limits and error texts are those of Redis 7. Used by one thread.
 */
public final class RequestReader {
  /** What came of a read. */
  public enum Status {
    /** A request stands ready; it may be empty, which asks for no answer. */
    READY,
    /** The bytes end inside a request. */
    MORE,
    /** The peer broke the protocol; {@link #problem} says how, and the connection must close. */
    BROKEN
  }

  private static final int INLINE_BYTES_MAX = 64 * 1024;
  private static final int HEADER_BYTES_MAX = 64 * 1024;
  private static final int UNAUTHENTICATED_ARGS_MAX = 10;
  private static final int UNAUTHENTICATED_BULK_MAX = 16 * 1024;
  private static final int ARGS_KEPT_MAX = 1024;

  private int[] slices = new int[32];
  private int argc;
  private int expected;
  private long bulkLength = -1;
  private int scanned;
  private boolean inline;
  private byte[] words;
  private String problem;
  private long bulkBytesMax = 512L << 20;
  private boolean trusted = true;

  /** Limit of one argument in bytes, {@code proto-max-bulk-len}. */
  public void bulkBytesMax(long bytes) {
    bulkBytesMax = bytes;
  }

  /** An untrusted peer, who has yet to authenticate, is held to small requests. */
  public void trusted(boolean value) {
    trusted = value;
  }

  /** Number of arguments of the request that stands ready, its name included. */
  public int argc() {
    return argc;
  }

  /** Offset and length of each argument in turn; for reading only, until {@link #next}. */
  public int[] slices() {
    return slices;
  }

  /** Where argument {@code i} starts in {@link #source}. */
  public int offset(int i) {
    return slices[2 * i];
  }

  public int length(int i) {
    return slices[2 * i + 1];
  }

  /** The array that the slices point into: the one read, or the words of an inline request. */
  public byte[] source(byte[] read) {
    return inline ? words : read;
  }

  /** Whether the request came as a line; its bytes are then not the request's RESP form. */
  public boolean isInline() {
    return inline;
  }

  /** What was wrong after {@link Status#BROKEN}: the text of the error to answer. */
  public String problem() {
    return problem;
  }

  /** Bytes of the current request looked at so far; after READY the length of the request. */
  public int scanned() {
    return scanned;
  }

  /** Makes ready for the next request. */
  public void next() {
    argc = 0;
    expected = 0;
    bulkLength = -1;
    scanned = 0;
    inline = false;
    words = null;
    if (slices.length > 2 * ARGS_KEPT_MAX) {
      slices = new int[32];
    }
  }

  /**
   * Reads on in the request that starts at {@code start}, with bytes up to {@code end}. After READY
   * the next request starts at {@code start + scanned()} and {@link #next} must be called first.
   */
  public Status read(byte[] b, int start, int end) {
    if (scanned == 0 && expected == 0) {
      if (start >= end) {
        return Status.MORE;
      }
      if (b[start] != '*') {
        return readInline(b, start, end);
      }
      Status header = readHeader(b, start, end);
      if (header != null) {
        return header;
      }
    }
    while (argc < expected) {
      Status status = bulkLength < 0 ? readLength(b, start, end) : null;
      if (status != null) {
        return status;
      }
      int at = start + scanned;
      if (end - at < bulkLength + 2) {
        return Status.MORE;
      }
      add(scanned, (int) bulkLength);
      scanned += (int) bulkLength + 2;
      bulkLength = -1;
    }
    for (int i = 0; i < argc; i++) {
      slices[2 * i] += start;
    }
    return Status.READY;
  }

  /** The count line; null when arguments follow. */
  private Status readHeader(byte[] b, int start, int end) {
    int line = lineEnd(b, start, end);
    if (line < 0) {
      return end - start > HEADER_BYTES_MAX ? broken("too big mbulk count string") : Status.MORE;
    }
    int length = line - start - 1;
    if (!Numbers.isLong(b, start + 1, length)) {
      return broken("invalid multibulk length");
    }
    long count = Numbers.toLong(b, start + 1, length);
    if (count > Integer.MAX_VALUE) {
      return broken("invalid multibulk length");
    }
    if (!trusted && count > UNAUTHENTICATED_ARGS_MAX) {
      return broken("unauthenticated multibulk length");
    }
    scanned = line + 2 - start;
    expected = (int) Math.max(0, count);
    return expected == 0 ? Status.READY : null;
  }

  /** The length line of an argument; null when its bytes follow. */
  private Status readLength(byte[] b, int start, int end) {
    int at = start + scanned;
    // The commonest line is one or two digits; take it without a search for its end.
    if (end - at >= 4 && b[at] == '$' && b[at + 2] == '\r') {
      int digit = b[at + 1] - '0';
      if (digit >= 0 && digit <= 9) {
        scanned += 4;
        bulkLength = digit;
        return null;
      }
    }
    int line = lineEnd(b, at, end);
    if (line < 0) {
      return end - at > HEADER_BYTES_MAX ? broken("too big bulk count string") : Status.MORE;
    }
    if (b[at] != '$') {
      return broken("expected '$', got '" + printable(b[at]) + "'");
    }
    int length = line - at - 1;
    long value = Numbers.isLong(b, at + 1, length) ? Numbers.toLong(b, at + 1, length) : -1;
    if (value < 0 || value > bulkBytesMax) {
      return broken("invalid bulk length");
    }
    if (!trusted && value > UNAUTHENTICATED_BULK_MAX) {
      return broken("unauthenticated bulk length");
    }
    bulkLength = value;
    scanned = line + 2 - start;
    return null;
  }

  private Status readInline(byte[] b, int start, int end) {
    int newline = start;
    while (newline < end && b[newline] != '\n') {
      newline++;
    }
    if (newline == end) {
      return end - start > INLINE_BYTES_MAX ? broken("too big inline request") : Status.MORE;
    }
    int stop = newline > start && b[newline - 1] == '\r' ? newline - 1 : newline;
    scanned = newline + 1 - start;
    inline = true;
    byte[][] split = Words.split(b, start, stop);
    if (split == null) {
      return broken("unbalanced quotes in request");
    }
    int total = 0;
    for (byte[] word : split) {
      total += word.length;
    }
    words = new byte[total];
    int at = 0;
    for (byte[] word : split) {
      System.arraycopy(word, 0, words, at, word.length);
      add(at, word.length);
      at += word.length;
    }
    return Status.READY;
  }

  private void add(int offset, int length) {
    if (2 * argc == slices.length) {
      slices = Arrays.copyOf(slices, 2 * slices.length);
    }
    slices[2 * argc] = offset;
    slices[2 * argc + 1] = length;
    argc++;
  }

  private Status broken(String what) {
    problem = "ERR Protocol error: " + what;
    return Status.BROKEN;
  }

  /** Index of the carriage return that ends the line at {@code from}, or -1. */
  private static int lineEnd(byte[] b, int from, int end) {
    for (int i = from; i < end - 1; i++) {
      if (b[i] == '\r') {
        return i;
      }
    }
    return -1;
  }

  private static String printable(byte b) {
    return new String(new byte[] {b}, StandardCharsets.ISO_8859_1);
  }
}
