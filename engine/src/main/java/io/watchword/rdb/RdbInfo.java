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

  /** Whether the data belongs to a replication history. */
  public boolean hasHistory() {
    return !replid.isEmpty();
  }

  /** The same, made at this time with that much memory in use. */
  public RdbInfo madeAt(long nowMs, long bytes) {
    return new RdbInfo(OUR_VERSION, nowMs / 1000, bytes, replid, replOffset, streamDb, epoch);
  }
}
