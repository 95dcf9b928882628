package io.watchword.resp;

import io.watchword.bytes.Bytes;
import io.watchword.bytes.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads replies from bytes that arrive in pieces. For links, probes and tools, where a tree per
 * reply is cheap; an unfinished reply is read again from its start when more has come, up to a
 * limit.
 *
 * <p>Used by one thread.
 */
public final class ReplyReader {
  private static final int DEPTH_MAX = 32;

  private final int bytesMax;
  private byte[] buf = new byte[1024];
  private int from;
  private int to;
  private int at;

  /** A reader that refuses replies of more than {@code bytesMax} bytes. */
  public ReplyReader(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Adds bytes that arrived. */
  public void feed(byte[] b, int start, int end) {
    int more = end - start;
    if (buf.length - to < more) {
      byte[] room = buf.length - (to - from) < more ? new byte[2 * (to - from + more)] : buf;
      System.arraycopy(buf, from, room, 0, to - from);
      buf = room;
      to -= from;
      from = 0;
    }
    System.arraycopy(b, start, buf, to, more);
    to += more;
  }

  /**
   * The next whole reply, or null while it has not all arrived.
   *
   * @throws MalformedReply when the peer does not speak RESP or says too much at once
   */
  public Reply findNext() throws MalformedReply {
    at = from;
    try {
      Reply reply = value(0);
      from = at;
      return reply;
    } catch (Unfinished more) {
      if (to - from > bytesMax) {
        throw new MalformedReply("reply of more than " + bytesMax + " bytes");
      }
      return null;
    }
  }

  /** Bytes after the last whole reply, taken out of the reader: the start of something else. */
  public byte[] rest() {
    byte[] rest = Arrays.copyOfRange(buf, from, to);
    from = to;
    return rest;
  }

  private Reply value(int depth) throws MalformedReply, Unfinished {
    if (depth > DEPTH_MAX) {
      throw new MalformedReply("reply nested deeper than " + DEPTH_MAX);
    }
    int line = line();
    byte type = buf[line];
    String text = new String(buf, line + 1, at - 2 - line - 1, StandardCharsets.UTF_8);
    return switch (type) {
      case '+' -> new Reply.Simple(text);
      case '-' -> new Reply.Failure(text);
      case ':' -> new Reply.Int(number(text));
      case '_' -> new Reply.Nil();
      case ',', '(', '#' -> new Reply.Scalar((char) type, text);
      case '$', '!', '=' -> bulk(type, number(text));
      case '*', '~', '>' -> many(number(text), 1, depth);
      case '%' -> many(number(text), 2, depth);
      default -> throw new MalformedReply("unknown reply type byte " + type);
    };
  }

  private Reply bulk(byte type, long length) throws MalformedReply, Unfinished {
    if (length < 0) {
      return new Reply.Nil();
    }
    if (length > bytesMax) {
      throw new MalformedReply("string of " + length + " bytes");
    }
    if (to - at < length + 2) {
      throw new Unfinished();
    }
    int start = at;
    at += (int) length + 2;
    if (type == '!') {
      return new Reply.Failure(new String(buf, start, (int) length, StandardCharsets.UTF_8));
    }
    int skip = type == '=' && length >= 4 ? 4 : 0;
    return new Reply.Bulk(Bytes.copy(buf, start + skip, (int) length - skip));
  }

  private Reply many(long count, int each, int depth) throws MalformedReply, Unfinished {
    if (count < 0) {
      return new Reply.Nil();
    }
    if (count > bytesMax) {
      throw new MalformedReply("array of " + count + " elements");
    }
    List<Reply> items = new ArrayList<>((int) Math.min(count * each, 1024));
    for (long i = 0; i < count * each; i++) {
      items.add(value(depth + 1));
    }
    return new Reply.Many(items);
  }

  /** Start of the line at the reading place, which moves behind the line. */
  private int line() throws Unfinished {
    int start = at;
    for (int i = start; i < to - 1; i++) {
      if (buf[i] == '\r' && buf[i + 1] == '\n') {
        at = i + 2;
        return start;
      }
    }
    throw new Unfinished();
  }

  private static long number(String text) throws MalformedReply {
    byte[] b = text.getBytes(StandardCharsets.ISO_8859_1);
    if (!Numbers.isLong(b, 0, b.length)) {
      throw new MalformedReply("'" + text + "' is no number");
    }
    return Numbers.toLong(b, 0, b.length);
  }

  /** The peer does not speak RESP. */
  public static final class MalformedReply extends Exception {
    private static final long serialVersionUID = 1;

    MalformedReply(String what) {
      super(what);
    }
  }

  private static final class Unfinished extends Exception {
    private static final long serialVersionUID = 1;

    Unfinished() {
      super(null, null, false, false);
    }
  }
}
