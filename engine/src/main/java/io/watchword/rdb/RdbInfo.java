package io.watchword.rdb;

/**
 * What a snapshot says of itself in its AUX fields.
 *
 * @param version of the server that made it, as {@code redis-ver}; empty when not said
 * @param createdAtSeconds when it was made, seconds since the epoch; 0 when not said
 * @param usedBytes memory in use when it was made; 0 when not said
 * @param replid history that the data belongs to; empty when it belongs to none
 * @param replOffset end of the stream in that history that the data contains
 * @param streamDb database that the stream had selected, -1 for none
 * @param epoch data epoch, {@code watchword-epoch}; -1 when not said
 */
public record RdbInfo(
    String version,
    long createdAtSeconds,
    long usedBytes,
    String replid,
    long replOffset,
    int streamDb,
    long epoch) {
  /** Nothing said. */
  public static final RdbInfo NONE = new RdbInfo("", 0, 0, "", -1, -1, -1);

  /** The version of Redis whose commands we speak. */
  public static final String OUR_VERSION = "7.2.4";

  /** Name of the field that holds the data epoch. */
  static final String EPOCH = "watchword-epoch";

  /** A field's number; -1 when it is none, which counts as not said. */
  static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notSaid) {
      return -1;
    }
  }

  /** Whether the data belongs to a replication history. */
  public boolean hasHistory() {
    return !replid.isEmpty();
  }

  /** The same, made at this time with that much memory in use. */
  public RdbInfo madeAt(long nowMs, long bytes) {
    return new RdbInfo(OUR_VERSION, nowMs / 1000, bytes, replid, replOffset, streamDb, epoch);
  }

  RdbInfo version(String made) {
    return new RdbInfo(made, createdAtSeconds, usedBytes, replid, replOffset, streamDb, epoch);
  }

  RdbInfo createdAt(long seconds) {
    return new RdbInfo(version, seconds, usedBytes, replid, replOffset, streamDb, epoch);
  }

  RdbInfo used(long bytes) {
    return new RdbInfo(version, createdAtSeconds, bytes, replid, replOffset, streamDb, epoch);
  }

  /** The same, belonging to a history. */
  public RdbInfo history(String id, long offset) {
    return new RdbInfo(version, createdAtSeconds, usedBytes, id, offset, streamDb, epoch);
  }

  /** The same, with that database selected in the stream. */
  public RdbInfo selected(int database) {
    return new RdbInfo(version, createdAtSeconds, usedBytes, replid, replOffset, database, epoch);
  }

  /** The same, in a data epoch. */
  public RdbInfo inEpoch(long dataEpoch) {
    return new RdbInfo(
        version, createdAtSeconds, usedBytes, replid, replOffset, streamDb, dataEpoch);
  }
}
