package io.watchword.bytes;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words as Redis does for inline requests and for redis.conf: blanks part words,
 * double quotes take {@code \n \r \t \b \a \xHH} and escaped bytes, single quotes take only {@code
 * \'}. A closing quote must be followed by a blank or the end.
 */
public final class Words {
  private final byte[] line;
  private final int end;
  private int at;

  private Words(byte[] line, int from, int end) {
    this.line = line;
    this.at = from;
    this.end = end;
  }

  /** The words of {@code line[from, end)}, or null when its quotes do not balance. */
  public static byte[][] split(byte[] line, int from, int end) {
    Words words = new Words(line, from, end);
    List<byte[]> found = new ArrayList<>();
    while (words.skipBlanks()) {
      byte[] word = words.word();
      if (word == null) {
        return null;
      }
      found.add(word);
    }
    return found.toArray(byte[][]::new);
  }

  private boolean skipBlanks() {
    while (at < end && blank(line[at])) {
      at++;
    }
    return at < end;
  }

  private byte[] word() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (at < end && !blank(line[at])) {
      byte c = line[at];
      if (c == '"' || c == '\'') {
        at++;
        if (!quoted(out, c)) {
          return null;
        }
      } else {
        out.write(c);
        at++;
      }
    }
    return out.toByteArray();
  }

  /** Reads up to and over the closing quote. */
  private boolean quoted(ByteArrayOutputStream out, byte quote) {
    while (at < end) {
      byte c = line[at++];
      if (c == quote) {
        return at == end || blank(line[at]);
      }
      if (c == '\\' && at < end) {
        if (quote == '"') {
          escape(out);
          continue;
        }
        if (line[at] == '\'') {
          c = line[at++];
        }
      }
      out.write(c);
    }
    return false;
  }

  private void escape(ByteArrayOutputStream out) {
    byte c = line[at++];
    if (c == 'x' && at + 1 < end && hex(line[at]) >= 0 && hex(line[at + 1]) >= 0) {
      out.write(hex(line[at]) * 16 + hex(line[at + 1]));
      at += 2;
      return;
    }
    out.write(
        switch (c) {
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'b' -> '\b';
          case 'a' -> 7;
          default -> c;
        });
  }

  private static int hex(byte c) {
    return Character.digit(c, 16);
  }

  private static boolean blank(byte c) {
    return c == ' ' || (c >= 9 && c <= 13);
  }
}
