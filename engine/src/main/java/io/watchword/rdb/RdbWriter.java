package io.watchword.rdb;

import io.watchword.keyspace.Entries;
import java.util.Locale;

/**
 * Writes the parts of a snapshot, strings uncompressed; {@link RdbPacker} compresses them later, on
 * another thread. Layout: {@link RdbFormat}.
 */
final class RdbWriter {
  /** Most that an entry takes above its key and value: deadline, type, two lengths, a database. */
  static final int ENTRY_EXTRA_BYTES_MAX = 9 + 1 + 4 * RdbFormat.LENGTH_BYTES_MAX + 12;

  private final long[] keys;
  private final long[] deadlines;
  private final boolean[] announced;
  private int selected = -1;

  /**
   * @param keys number of keys by database when the snapshot began
   * @param deadlines how many of them have a deadline
   */
  RdbWriter(long[] keys, long[] deadlines) {
    this.keys = keys;
    this.deadlines = deadlines;
    this.announced = new boolean[keys.length];
  }

  /** The magic, the version and what the snapshot says of itself. */
  static void head(RdbOutput out, RdbInfo info) {
    out.raw(RdbFormat.MAGIC, 0, RdbFormat.MAGIC.length);
    byte[] version = digits(RdbFormat.VERSION_WRITTEN);
    out.raw(version, 0, version.length);
    aux(out, "redis-ver", info.version());
    aux(out, "redis-bits", "64");
    aux(out, "ctime", Long.toString(info.createdAtSeconds()));
    aux(out, "used-mem", Long.toString(info.usedBytes()));
    if (info.hasHistory()) {
      aux(out, "repl-stream-db", Integer.toString(info.streamDb()));
      aux(out, "repl-id", info.replid());
      aux(out, "repl-offset", Long.toString(info.replOffset()));
    }
    if (info.epoch() >= 0) {
      aux(out, RdbInfo.EPOCH, Long.toString(info.epoch()));
    }
    aux(out, "aof-base", "0");
  }

  private static byte[] digits(int version) {
    return String.format(Locale.ROOT, "%04d", version)
        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private static void aux(RdbOutput out, String name, String value) {
    out.u8(RdbFormat.AUX);
    out.string(name);
    out.string(value);
  }

  /** One entry; the database is selected when it is another than that of the entry before. */
  void entry(RdbOutput out, int database, Entries entries, long ref) {
    if (database != selected) {
      select(out, database);
    }
    long deadline = entries.deadline(ref);
    if (deadline != Entries.NO_DEADLINE) {
      out.u8(RdbFormat.EXPIRETIME_MS);
      out.int64(deadline);
    }
    out.u8(RdbFormat.TYPE_STRING);
    out.string(entries.keyArray(ref), entries.keyAt(ref), entries.keyLength(ref));
    out.string(entries.valueArray(ref), entries.valueAt(ref), entries.length(ref));
  }

  private void select(RdbOutput out, int database) {
    out.u8(RdbFormat.SELECTDB);
    out.length(database);
    if (!announced[database]) {
      out.u8(RdbFormat.RESIZEDB);
      out.length(keys[database]);
      out.length(deadlines[database]);
      announced[database] = true;
    }
    selected = database;
  }

  /** The last part before the checksum. */
  static void end(RdbOutput out) {
    out.u8(RdbFormat.EOF);
  }
}
