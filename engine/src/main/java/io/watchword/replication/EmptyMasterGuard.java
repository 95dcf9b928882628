package io.watchword.replication;

/**
 * Whether a replica lets a master's snapshot take the place of what it holds. A master that was
 * restarted without its data offers nothing, under a name that nobody has seen; a replica that
 * takes it in has lost the last copy.
 *
 * <p>What cannot be seen from here: a data set that was emptied on purpose, saved and restarted
 * looks the same. {@code replica-accept-empty-master yes}, or any order to follow, takes it in.
 */
final class EmptyMasterGuard {
  private EmptyMasterGuard() {}

  /**
   * Why the snapshot is refused, or null.
   *
   * @param ours our history, and {@code ourEpoch} the epoch of the last record in it
   * @param holdsData whether there is anything to lose
   * @param replid name of the history that the snapshot belongs to, empty when it has none
   */
  static String findRefusal(
      History ours, long ourEpoch, boolean holdsData, String replid, SnapshotHead theirs) {
    boolean descends = replid.equals(ours.replid());
    if (descends || !holdsData) {
      return null;
    }
    if (theirs.empty()) {
      return "it is empty, and its history is none of ours";
    }
    // A stock master names no epoch.
    boolean younger = theirs.epoch() >= 0 && theirs.epoch() < ourEpoch;
    return younger
        ? "its data is of epoch " + theirs.epoch() + ", ours of epoch " + ourEpoch
        : null;
  }

  /** What the log says of a refusal. */
  static String warning(String host, int port, String why) {
    return "Full resynchronization from MASTER "
        + host
        + ":"
        + port
        + " refused, since this node holds data: "
        + why
        + ". To take it in: REPLICAOF "
        + host
        + " "
        + port
        + ", or 'replica-accept-empty-master yes'.";
  }
}
