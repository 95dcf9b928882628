package io.watchword.sentinel.api;

import io.watchword.bytes.Bytes;
import java.util.List;

/**
 * One command of a sentinel.
 *
 * @param name in lower case
 * @param arity as in Redis: the number of arguments, the name included; negative for at least
 */
record Verb(String name, int arity, Body body) {
  /** Writes the reply to {@code session.out}. */
  interface Body {
    void run(Session session, List<Bytes> args);
  }

  boolean takes(int argc) {
    return arity >= 0 ? argc == arity : argc >= -arity;
  }
}
