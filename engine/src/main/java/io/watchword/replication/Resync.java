package io.watchword.replication;

/** What a master answers to PSYNC, with its reason in the words of the log. */
public sealed interface Resync {
  /** The replica's data is a prefix of ours and the backlog has the rest. */
  record Continue(long from) implements Resync {}

  /** The replica needs everything. */
  record Full(String because) implements Resync {}

  /**
   * Decides by names, not by offsets alone: an equal offset under another name says nothing.
   *
   * @param ours our history
   * @param backlogFirst offset of the first byte the backlog holds
   * @param wantedId replid the replica asks for; {@code ?} when it has none
   * @param wantedFrom offset of the next byte the replica needs
   */
  static Resync decide(History ours, long backlogFirst, String wantedId, long wantedFrom) {
    boolean current = wantedId.equals(ours.replid());
    boolean inherited = wantedId.equals(ours.replid2()) && !wantedId.equals(History.NONE);
    if (!current && !inherited) {
      return new Full(unknown(ours, wantedId));
    }
    // Beyond the switch the previous name went on elsewhere, with other bytes.
    if (!current && wantedFrom > ours.secondOffset()) {
      return new Full(
          "Partial resynchronization not accepted: Requested offset for second ID was "
              + wantedFrom
              + ", but I can reply up to "
              + ours.secondOffset());
    }
    if (wantedFrom < backlogFirst || wantedFrom > ours.offset() + 1) {
      return new Full(
          "Unable to partial resync with replica for lack of backlog (Replica request was: "
              + wantedFrom
              + ").");
    }
    return new Continue(wantedFrom);
  }

  private static String unknown(History ours, String wantedId) {
    if (wantedId.equals("?")) {
      return "Full resync requested by replica";
    }
    return "Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '"
        + wantedId
        + "', my replication IDs are '"
        + ours.replid()
        + "' and '"
        + ours.replid2()
        + "')";
  }
}
