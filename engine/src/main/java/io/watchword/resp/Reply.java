package io.watchword.resp;

import io.watchword.bytes.Bytes;
import java.util.List;

/** A reply as a tree, for those who read replies: links, probes, tools and tests. */
public sealed interface Reply {
  /** {@code +text}. */
  record Simple(String text) implements Reply {}

  /** {@code -CODE text}. */
  record Failure(String text) implements Reply {
    /** The first word, such as {@code READONLY}. */
    public String code() {
      int blank = text.indexOf(' ');
      return blank < 0 ? text : text.substring(0, blank);
    }
  }

  /** {@code :n}. */
  record Int(long value) implements Reply {}

  /** {@code $n}, or a verbatim string without its format. */
  record Bulk(Bytes bytes) implements Reply {}

  /** {@code *n}, {@code ~n} or {@code >n}; a map is the list of its keys and values in turn. */
  record Many(List<Reply> items) implements Reply {}

  /** No value: {@code $-1}, {@code *-1} or {@code _}. */
  record Nil() implements Reply {}

  /** RESP3's fraction, big number or truth value, in its printed form. */
  record Scalar(char type, String text) implements Reply {}

  /** Text of a simple string, a bulk string, an integer or a scalar; of others what they print. */
  default String text() {
    if (this instanceof Simple s) {
      return s.text();
    }
    if (this instanceof Bulk b) {
      return b.bytes().toString();
    }
    if (this instanceof Int i) {
      return Long.toString(i.value());
    }
    if (this instanceof Failure f) {
      return f.text();
    }
    return this instanceof Scalar s ? s.text() : toString();
  }
}
