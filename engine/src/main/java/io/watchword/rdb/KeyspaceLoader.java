package io.watchword.rdb;

import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import io.watchword.keyspace.Keyspace;
import io.watchword.sys.Log;
import java.util.Locale;

/**
 * Puts a snapshot's content into a keyspace whose databases are empty, on the thread that owns it.
 * A master drops keys whose deadline has passed; a replica keeps them until its master deletes
 * them.
 */
public final class KeyspaceLoader implements RdbReader.Target {
  private static final long KEEP_ALL = Long.MIN_VALUE;

  private final Keyspace keyspace;
  private final long nowMs;
  private final long dropBeforeMs;
  private final Log log;
  private RdbInfo info = RdbInfo.NONE;
  private long loaded;
  private long expired;

  private KeyspaceLoader(Keyspace keyspace, long nowMs, long dropBeforeMs, Log log) {
    this.keyspace = keyspace;
    this.nowMs = nowMs;
    this.dropBeforeMs = dropBeforeMs;
    this.log = log;
  }

  /** Loads as a master does: keys due before {@code nowMs} are dropped. */
  public static KeyspaceLoader asMaster(Keyspace keyspace, long nowMs, Log log) {
    return new KeyspaceLoader(keyspace, nowMs, nowMs, log);
  }

  /** Loads as a replica does: every key is kept. */
  public static KeyspaceLoader asReplica(Keyspace keyspace, long nowMs, Log log) {
    return new KeyspaceLoader(keyspace, nowMs, KEEP_ALL, log);
  }

  /** What the snapshot said of itself. */
  public RdbInfo info() {
    return info;
  }

  public long loaded() {
    return loaded;
  }

  /** Keys that were dropped because their deadline had passed. */
  public long expired() {
    return expired;
  }

  @Override
  public void aux(String name, String value) {
    switch (name) {
      case "redis-ver" -> {
        info = info.version(value);
        log.notice("Loading RDB produced by version " + value);
      }
      case "ctime" -> {
        info = info.createdAt(RdbInfo.number(value));
        log.notice("RDB age " + Math.max(0, nowMs / 1000 - info.createdAtSeconds()) + " seconds");
      }
      case "used-mem" -> {
        info = info.used(RdbInfo.number(value));
        log.notice("RDB memory usage when created " + megabytes(info.usedBytes()) + " Mb");
      }
      case "repl-stream-db" -> info = info.selected((int) RdbInfo.number(value));
      case "repl-id" -> info = info.history(value, info.replOffset());
      case "repl-offset" -> info = info.history(info.replid(), RdbInfo.number(value));
      case RdbInfo.EPOCH -> info = info.inEpoch(RdbInfo.number(value));
      // What they say is known: 64 bits make no difference to the bytes, and no AOF follows.
      case "redis-bits", "aof-base", "aof-preamble" -> {}
      default -> log.debug("Unrecognized RDB AUX field: '" + name + "' '" + value + "'");
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f", bytes / 1048576.0);
  }

  @Override
  public void resize(int database, long keys, long deadlines) {
    // The table grows a segment at a time whatever is announced, so there is nothing to prepare.
  }

  @Override
  public boolean string(int database, long deadline, RdbString key, RdbString value) {
    if (deadline != Entries.NO_DEADLINE && deadline < dropBeforeMs) {
      expired++;
      return true;
    }
    Database db = keyspace.database(database);
    long before = db.size();
    byte[] k = key.bytes();
    long hash = keyspace.hash(k, key.at(), key.length());
    db.set(
        k,
        key.at(),
        key.length(),
        hash,
        value.bytes(),
        value.at(),
        value.length(),
        deadline,
        Entries.AS_SET);
    loaded++;
    return db.size() > before;
  }
}
