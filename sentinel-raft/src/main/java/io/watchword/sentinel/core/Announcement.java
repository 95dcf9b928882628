package io.watchword.sentinel.core;

/**
 * An event of Redis Sentinel: its channel, its payload word for word, and its log level.
 *
 * @param event also the name of the channel
 * @param payload for an instance {@code <type> <name> <ip> <port> [@ <master> <ip> <port>]}
 * @param level how loud it is in the log; all three are published
 */
public record Announcement(String event, String payload, Level level) {
  /** Log levels of events. */
  public enum Level {
    WARNING,
    NOTICE,
    VERBOSE
  }

  /** An event about the master itself, with an optional comment. */
  static Announcement ofMaster(String event, String name, Address master, String comment) {
    String payload = "master " + name + " " + spaced(master);
    return new Announcement(
        event, comment.isEmpty() ? payload : payload + " #" + comment, Level.WARNING);
  }

  /** {@code +monitor}, which names the quorum without the comment mark. */
  static Announcement monitored(String name, Address master, int quorum) {
    return new Announcement(
        "+monitor", "master " + name + " " + spaced(master) + " quorum " + quorum, Level.WARNING);
  }

  /** An event about a replica of a master. */
  static Announcement ofReplica(
      String event, Level level, Address replica, String name, Address master) {
    return new Announcement(
        event,
        "slave " + replica + " " + spaced(replica) + " @ " + name + " " + spaced(master),
        level);
  }

  /** A node that takes itself for a master was told to follow; each who tells it says so. */
  static Announcement converted(Address node, MasterState m) {
    return ofReplica("+convert-to-slave", Level.NOTICE, node, m.name(), m.master());
  }

  /** An event about another sentinel that watches the same master. */
  static Announcement ofSentinel(
      String event, Level level, Member sentinel, String name, Address master) {
    return new Announcement(
        event,
        "sentinel "
            + sentinel.id()
            + " "
            + spaced(sentinel.api())
            + " @ "
            + name
            + " "
            + spaced(master),
        level);
  }

  /** The event every client waits for. */
  static Announcement switched(String name, Address old, Address now) {
    return new Announcement(
        "+switch-master", name + " " + spaced(old) + " " + spaced(now), Level.WARNING);
  }

  /** A new epoch. */
  static Announcement newEpoch(long epoch) {
    return new Announcement("+new-epoch", Long.toString(epoch), Level.WARNING);
  }

  private static String spaced(Address a) {
    return a.host() + " " + a.port();
  }
}
