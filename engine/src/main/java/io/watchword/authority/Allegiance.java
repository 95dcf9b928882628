package io.watchword.authority;

import java.util.List;

/**
 * What a node has promised and must remember over a crash; the content of {@code watchword.state}.
 *
 * @param group the group that has claimed it, or empty
 * @param sentinels addresses of the group's sentinels, for humans
 * @param epoch highest epoch promised; orders of a lower one are refused
 * @param masterHost host of the master to follow, or empty for a master
 * @param fenced whether it has stopped and waits to be told its role in {@code epoch}
 * @param promotedEpoch epoch in which it was last promoted, or 0
 * @param members data nodes of that epoch
 */
public record Allegiance(
    String group,
    String sentinels,
    long epoch,
    String masterHost,
    int masterPort,
    boolean fenced,
    long promotedEpoch,
    List<String> members) {
  /** Of a node that nobody has claimed. */
  public static final Allegiance NONE = new Allegiance("", "", 0, "", 0, false, 0, List.of());

  /** Whether a group has claimed it. */
  public boolean isClaimed() {
    return !group.isEmpty();
  }

  /** Whether its role is that of a master. */
  public boolean isMaster() {
    return masterHost.isEmpty();
  }

  /** From now on the role is remembered here, so it is the one that the node has at this moment. */
  Allegiance claimedBy(String newGroup, String addresses, Facts facts) {
    String host = isClaimed() ? masterHost : facts.masterHost();
    int port = isClaimed() ? masterPort : facts.masterPort();
    return new Allegiance(newGroup, addresses, epoch, host, port, fenced, promotedEpoch, members);
  }

  Allegiance promising(long newEpoch) {
    return new Allegiance(
        group, sentinels, newEpoch, masterHost, masterPort, fenced, promotedEpoch, members);
  }

  Allegiance fencedAt(long newEpoch) {
    return new Allegiance(
        group, sentinels, newEpoch, masterHost, masterPort, true, promotedEpoch, members);
  }

  Allegiance promotedAt(long newEpoch, List<String> newMembers) {
    return new Allegiance(group, sentinels, newEpoch, "", 0, false, newEpoch, newMembers);
  }

  Allegiance following(long newEpoch, String host, int port) {
    return new Allegiance(group, sentinels, newEpoch, host, port, false, promotedEpoch, members);
  }

  /** The same under a role that no order gave: only an order lifts a fence. */
  public Allegiance followingByHand(String host, int port) {
    return new Allegiance(group, sentinels, epoch, host, port, fenced, promotedEpoch, members);
  }
}
