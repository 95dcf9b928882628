package io.watchword.command.string;

import io.watchword.command.Call;
import io.watchword.command.Outcome;
import io.watchword.resp.RespWriter;

/** The words that replicas get instead of the client's, written without an object for any. */
final class Told {
  private static final byte[] SET = RespWriter.ascii("SET");
  private static final byte[] PXAT = RespWriter.ascii("PXAT");
  private static final byte[] KEEPTTL = RespWriter.ascii("KEEPTTL");
  private static final byte[] DEL = RespWriter.ascii("DEL");
  private static final byte[] PERSIST = RespWriter.ascii("PERSIST");
  private static final byte[] PEXPIREAT = RespWriter.ascii("PEXPIREAT");

  private Told() {}

  /** {@code SET key value PXAT deadline}, by the indexes of key and value. */
  static Outcome set(Call call, int key, int value, long deadline) {
    if (call.isHeard()) {
      RespWriter words = set(call, key, value, 5);
      words.bulk(PXAT);
      words.bulk(deadline);
    }
    return Outcome.REWRITTEN;
  }

  /** {@code SET key value}. */
  static Outcome set(Call call, int key, int value) {
    if (call.isHeard()) {
      set(call, key, value, 3);
    }
    return Outcome.REWRITTEN;
  }

  /** {@code SET key value KEEPTTL}. */
  static Outcome setKeeping(Call call, int key, int value) {
    if (call.isHeard()) {
      set(call, key, value, 4).bulk(KEEPTTL);
    }
    return Outcome.REWRITTEN;
  }

  /** {@code SET key value KEEPTTL}, the value being none of the arguments. */
  static Outcome setKeeping(Call call, int key, byte[] value) {
    if (call.isHeard()) {
      RespWriter words = begin(call, SET, key, 4);
      words.bulk(value);
      words.bulk(KEEPTTL);
    }
    return Outcome.REWRITTEN;
  }

  static Outcome delete(Call call, int key) {
    if (call.isHeard()) {
      begin(call, DEL, key, 2);
    }
    return Outcome.REWRITTEN;
  }

  static Outcome persist(Call call, int key) {
    if (call.isHeard()) {
      begin(call, PERSIST, key, 2);
    }
    return Outcome.REWRITTEN;
  }

  static Outcome expire(Call call, int key, long deadline) {
    if (call.isHeard()) {
      begin(call, PEXPIREAT, key, 3).bulk(deadline);
    }
    return Outcome.REWRITTEN;
  }

  private static RespWriter set(Call call, int key, int value, int argc) {
    RespWriter words = begin(call, SET, key, argc);
    words.bulk(call.bytes(), call.at(value), call.length(value));
    return words;
  }

  private static RespWriter begin(Call call, byte[] name, int key, int argc) {
    RespWriter words = call.tell().command(call.db().index(), argc);
    words.bulk(name);
    words.bulk(call.bytes(), call.at(key), call.length(key));
    return words;
  }
}
