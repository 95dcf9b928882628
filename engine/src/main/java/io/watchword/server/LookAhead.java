package io.watchword.server;

import io.watchword.keyspace.Database;
import io.watchword.keyspace.Keyspace;
import io.watchword.resp.RequestReader;

/**
 * Looks at the keys of the next requests of a pipeline before the first of them runs, so that what
 * they miss in the processor's caches is fetched at the same time and not one after the other. With
 * a million keys these misses are most of what a command costs. It changes nothing and decides
 * nothing: the first argument of a request is taken for a key whatever the command.
 *
 * <p>The price is that requests are read twice; a look of many is cheaper than one miss. Valkey
 * does the same with prefetch instructions; here it is plain loads. Used by the command thread.
 */
final class LookAhead {
  /** Requests looked at together: about as many misses as a core can have under way. */
  static final int REQUESTS = 16;

  /** A smaller database lies in the caches anyway. */
  static final int KEYS_MIN = 1 << 14;

  /** A longer argument is hardly a key, and to hash it is not free. */
  private static final int KEY_BYTES_MAX = 128;

  private final Keyspace keyspace;
  private final RequestReader reader = new RequestReader();
  private final long[] hashes = new long[REQUESTS];

  LookAhead(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /**
   * Looks at the requests in {@code data[from, to)} for one database.
   *
   * @return the end of the last request looked at; {@code to} when there is nothing more to look at
   */
  int look(byte[] data, int from, int to, int index) {
    Database database = keyspace.database(index);
    if (database.size() < KEYS_MIN) {
      return to;
    }
    int at = from;
    int keys = 0;
    for (int i = 0; i < REQUESTS && at < to; i++) {
      boolean ready = data[at] == '*' && reader.read(data, at, to) == RequestReader.Status.READY;
      if (ready && reader.argc() > 1 && reader.length(1) <= KEY_BYTES_MAX) {
        hashes[keys++] = keyspace.hash(data, reader.offset(1), reader.length(1));
      }
      at = ready ? at + reader.scanned() : to;
      reader.next();
    }
    if (keys > 1) {
      database.look(hashes, keys);
    }
    return at;
  }
}
