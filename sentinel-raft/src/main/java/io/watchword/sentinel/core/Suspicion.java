package io.watchword.sentinel.core;

/**
 * When one sentinel holds a node for down: Redis's rules. A refused or reset connection alone is no
 * verdict; what counts is the time without a valid reply to PING.
 */
public final class Suspicion {
  /** INFO is asked this often while nothing is wrong. */
  public static final long INFO_PERIOD_MS = 10_000;

  private Suspicion() {}

  /**
   * How long the node has been silent, in ms.
   *
   * @param linkUp whether a connection stands
   * @param unansweredSinceMs when the oldest unanswered PING was sent, or negative when none is
   * @param lastValidMs when the last valid reply came, or when watching began
   */
  public static long silenceMs(
      long nowMs, boolean linkUp, long unansweredSinceMs, long lastValidMs) {
    if (unansweredSinceMs >= 0) {
      return nowMs - unansweredSinceMs;
    }
    return linkUp ? 0 : nowMs - lastValidMs;
  }

  /**
   * Whether a node is to be held for down.
   *
   * @param silenceMs see {@link #silenceMs}
   * @param masterReportsReplica whether the node is our master and says that it is a replica
   * @param roleForMs for how long it has said so
   */
  public static boolean isDown(
      long silenceMs, long downAfterMs, boolean masterReportsReplica, long roleForMs) {
    return silenceMs > downAfterMs
        || (masterReportsReplica && roleForMs > downAfterMs + 2 * INFO_PERIOD_MS);
  }

  /** How often a node is asked: ten times within down-after, within 20 ms and 1 s. */
  public static long pingPeriodMs(long downAfterMs) {
    return Math.max(20, Math.min(1000, downAfterMs / 10));
  }

  /** +PONG, and the two refusals that show a live server. */
  public static boolean isValidPong(String reply) {
    return reply.startsWith("PONG")
        || reply.startsWith("LOADING")
        || reply.startsWith("MASTERDOWN");
  }
}
