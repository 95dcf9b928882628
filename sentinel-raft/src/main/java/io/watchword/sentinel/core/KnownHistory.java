package io.watchword.sentinel.core;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which histories one sentinel has seen a master and its attached replicas have. It tells a copy of
 * the master's data from data of another origin when the master can no longer be asked.
 *
 * <p>A promotion gives the new master a new replid. Until that one is seen the history of the epoch
 * is unknown: holding a replica to the earlier replid would shut out those that have followed the
 * new master already. Kept per sentinel and not in the log, so a sentinel that starts after the
 * master's death knows nothing.
 */
final class KnownHistory {
  private static final int SEEN_MAX = 16;

  private final Set<String> seen = new LinkedHashSet<>();
  private String replid = "";
  private long epoch = -1;

  /** Takes what INFO of a node says; during a failover nothing new is learnt. */
  void heard(MasterState m, Address node, NodeInfo info) {
    // A master that was restarted has a new replid and takes no writes yet; it may have lost all.
    // Until somebody names it, what its replicas are held to is what it had before.
    if (m.failover().isPresent() || info.replid().isEmpty() || !info.confirmed()) {
      return;
    }
    boolean master = node.equals(m.master()) && info.isMaster();
    // The link of a replica is up only once it holds a whole copy.
    boolean attached =
        !info.isMaster() && info.linkUp() && info.source().filter(m.master()::equals).isPresent();
    if (master) {
      replid = info.replid();
      epoch = m.configEpoch();
    }
    if (master || attached) {
      seen.remove(info.replid());
      seen.add(info.replid());
      if (seen.size() > SEEN_MAX) {
        seen.remove(seen.iterator().next());
      }
    }
  }

  /** Whether the replid of the master that is, or was last, in charge was seen. */
  boolean isKnown(MasterState m) {
    return epoch == m.configEpoch();
  }

  /** Whether this is the replid that master was last seen with. */
  boolean isOf(MasterState m, String candidate) {
    return isKnown(m) && replid.equals(candidate);
  }

  /** Whether this is a replid that some master of the group had, now or earlier. */
  boolean hasSeen(String candidate) {
    return seen.contains(candidate);
  }
}
