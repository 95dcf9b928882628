package io.watchword.resp;

import io.watchword.bytes.Bytes;
import io.watchword.bytes.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Replies, written as bytes in the client's protocol, 2 or 3, straight into one growing array.
 *
 * <p>No object stands for a reply on the way out. {@link #mark} and {@link #reset} take back what a
 * command wrote before it failed. Used by one thread.
 */
public final class RespWriter {
  private static final byte[] NULL_BULK = ascii("$-1\r\n");
  private static final byte[] NULL_ARRAY = ascii("*-1\r\n");
  private static final byte[] NULL3 = ascii("_\r\n");
  private static final byte[] OK = ascii("+OK\r\n");
  private static final int KEEP_BYTES_MAX = 1 << 20;

  /** As long as arrays get on common virtual machines. */
  private static final int BYTES_MAX = Integer.MAX_VALUE - 8;

  private final int bytesMax;
  private byte[] buf;
  private int n;
  private int protocol = 2;

  /** A writer whose array starts at {@code initialBytes}. */
  public RespWriter(int initialBytes) {
    this(initialBytes, BYTES_MAX);
  }

  /** A writer that throws {@link ReplyTooLong} rather than hold more than {@code bytesMax}. */
  RespWriter(int initialBytes, int bytesMax) {
    this.bytesMax = bytesMax;
    buf = new byte[initialBytes];
  }

  /** 2 or 3. */
  public int protocol() {
    return protocol;
  }

  public RespWriter protocol(int version) {
    protocol = version;
    return this;
  }

  /** The array behind; {@code [0, size())} holds what was written. */
  public byte[] array() {
    return buf;
  }

  public int size() {
    return n;
  }

  /** A place to {@link #reset} to. */
  public int mark() {
    return n;
  }

  /** Forgets what was written after {@code mark}. */
  public void reset(int mark) {
    n = mark;
  }

  /** Empties the writer; an array that grew large for one reply is given back. */
  public void clear() {
    n = 0;
    if (buf.length > KEEP_BYTES_MAX) {
      buf = new byte[1 << 14];
    }
  }

  public void ok() {
    raw(OK);
  }

  /** A simple string; no line breaks inside. */
  public void simple(String text) {
    line('+', text);
  }

  /** An error whose text starts with its code; line breaks in it become blanks. */
  public void error(String text) {
    line('-', text.replace('\r', ' ').replace('\n', ' '));
  }

  public void integer(long value) {
    number(':', value);
  }

  public void bulk(byte[] b, int offset, int length) {
    number('$', length);
    raw(b, offset, length);
    crlf();
  }

  public void bulk(byte[] b) {
    bulk(b, 0, b.length);
  }

  public void bulk(Bytes bytes) {
    bulk(bytes.array(), 0, bytes.length());
  }

  public void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A number as a bulk string. */
  public void bulk(long value) {
    number('$', Numbers.length(value));
    ensure(Numbers.LONG_DIGITS_MAX + 2);
    n = Numbers.put(buf, n, value);
    crlf();
  }

  /**
   * Opens a bulk string of {@code length} bytes which the caller writes at the returned index of
   * {@link #array}; the line end is already in place.
   */
  public int bulkSpace(int length) {
    number('$', length);
    ensure(length + 2);
    int at = n;
    n += length;
    crlf();
    return at;
  }

  /** No value: a null bulk string, or RESP3's null. */
  public void nil() {
    raw(protocol == 3 ? NULL3 : NULL_BULK);
  }

  /** No array: a null array, or RESP3's null. */
  public void nilArray() {
    raw(protocol == 3 ? NULL3 : NULL_ARRAY);
  }

  /** Opens an array of {@code count} elements. */
  public void array(int count) {
    number('*', count);
  }

  /** Opens a map of {@code pairs} key-value pairs; in RESP2 an array of twice as many. */
  public void map(int pairs) {
    if (protocol == 3) {
      number('%', pairs);
    } else {
      number('*', 2L * pairs);
    }
  }

  /** Opens a set; in RESP2 an array. */
  public void set(int count) {
    number(protocol == 3 ? '~' : '*', count);
  }

  /** Opens a push message; in RESP2 an array. */
  public void push(int count) {
    number(protocol == 3 ? '>' : '*', count);
  }

  /** A truth value; in RESP2 1 or 0. */
  public void bool(boolean value) {
    if (protocol == 3) {
      line('#', value ? "t" : "f");
    } else {
      integer(value ? 1 : 0);
    }
  }

  /** Text to be shown as it is; in RESP2 a bulk string. */
  public void verbatim(String text) {
    byte[] b = text.getBytes(StandardCharsets.UTF_8);
    if (protocol != 3) {
      bulk(b);
      return;
    }
    number('=', b.length + 4L);
    raw(ascii("txt:"));
    raw(b);
    crlf();
  }

  /** A number with a fraction, given in its printed form; in RESP2 a bulk string. */
  public void fraction(String printed) {
    if (protocol == 3) {
      line(',', printed);
    } else {
      bulk(printed);
    }
  }

  /** Bytes as they are, already encoded. */
  public void raw(byte[] b) {
    raw(b, 0, b.length);
  }

  /** Bytes as they are, already encoded. */
  public void raw(byte[] b, int offset, int length) {
    ensure(length);
    System.arraycopy(b, offset, buf, n, length);
    n += length;
  }

  /** ASCII bytes of a text, for replies encoded once. */
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Text is Latin-1, so that bytes of a request that an error repeats come out as they came. */
  private void line(char type, String text) {
    byte[] b = text.getBytes(StandardCharsets.ISO_8859_1);
    ensure(b.length + 3);
    buf[n++] = (byte) type;
    System.arraycopy(b, 0, buf, n, b.length);
    n += b.length;
    crlf();
  }

  private void number(char type, long value) {
    ensure(Numbers.LONG_DIGITS_MAX + 3);
    buf[n++] = (byte) type;
    if (value >= 0 && value < 10) {
      buf[n++] = (byte) ('0' + value);
    } else {
      n = Numbers.put(buf, n, value);
    }
    buf[n++] = '\r';
    buf[n++] = '\n';
  }

  private void crlf() {
    ensure(2);
    buf[n++] = '\r';
    buf[n++] = '\n';
  }

  private void ensure(int more) {
    if (buf.length - n < more) {
      long needed = (long) n + more;
      if (needed > bytesMax) {
        throw new ReplyTooLong();
      }
      buf = Arrays.copyOf(buf, (int) Math.max(Math.min(2L * buf.length, bytesMax), needed));
    }
  }
}
