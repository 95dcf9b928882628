package io.watchword.command.generic;

import io.watchword.bytes.Glob;
import io.watchword.command.Call;
import io.watchword.keyspace.Entries;
import io.watchword.resp.RespWriter;

/** Gathers the keys of a walk that are to be answered, each encoded at once. */
final class KeyList {
  private static final int FIRST_BYTES = 1024;

  private final Call call;
  private final byte[] pattern;
  private final RespWriter keys = new RespWriter(FIRST_BYTES);
  private int count;

  /**
   * @param pattern what keys must match, or null when all do
   */
  KeyList(Call call, byte[] pattern) {
    this.call = call;
    this.pattern = pattern;
  }

  /** The pattern in argument {@code i}, null when it is one star. */
  static byte[] pattern(Call call, int i) {
    boolean all = call.length(i) == 1 && call.bytes()[call.at(i)] == '*';
    return all ? null : call.copy(i).array();
  }

  /** Takes a live key that matches. */
  void offer(long ref) {
    Entries entries = call.entries();
    byte[] array = entries.keyArray(ref);
    int at = entries.keyAt(ref);
    int length = entries.keyLength(ref);
    boolean wanted = pattern == null || Glob.matches(pattern, array, at, length, false);
    if (wanted && !call.isDue(ref)) {
      keys.bulk(array, at, length);
      count++;
    }
  }

  /** Writes the array of keys. */
  void reply() {
    call.reply().array(count);
    call.reply().raw(keys.array(), 0, keys.size());
  }
}
