package io.watchword.replication;

import io.watchword.sys.Check;

/**
 * The name of a node's data and how far it goes: {@code (replid, offset)} names one history, and
 * two nodes with the same replid hold prefixes of one another [Psync2: HistoryUniqueInv].
 *
 * <p>A promoted node goes on under a new replid and remembers the old one as {@code replid2}, valid
 * for requests up to {@code secondOffset}; so replicas of the old master continue without a full
 * copy, as long as they do not hold more than was known at the switch.
 *
 * @param replid 40 hexadecimal digits
 * @param replid2 the previous name, or {@link #NONE}
 * @param secondOffset first offset that is not part of the previous history, or -1
 * @param offset bytes of stream behind the data; rests only at the end of a unit
 */
public record History(String replid, String replid2, long secondOffset, long offset) {
  /** Length of a name. */
  public static final int REPLID_LENGTH = 40;

  /** The name that nothing bears. */
  public static final String NONE = "0".repeat(REPLID_LENGTH);

  /** A history that begins here. */
  public static History fresh(String replid) {
    return new History(replid, NONE, -1, 0);
  }

  /** The same data under a new name: what a promotion does, and a master that was promoted. */
  public History renamed(String newReplid) {
    return new History(newReplid, replid, offset + 1, offset);
  }

  /** The same name, further on. */
  public History at(long newOffset) {
    Check.that(newOffset >= offset, "the offset goes back");
    return new History(replid, replid2, secondOffset, newOffset);
  }
}
