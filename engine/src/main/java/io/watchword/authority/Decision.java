package io.watchword.authority;

/**
 * What comes of an order, in this order: {@code next} is made durable, the action is taken, the
 * answer is sent. When {@code next} cannot be made durable nothing else happens.
 */
public record Decision(Allegiance next, Action action, Answer answer) {
  /** What the node does. */
  public enum Action {
    /** Nothing changes. */
    NONE,
    /** Takes no writes and applies nothing until told its role. */
    FENCE,
    /** Becomes the master and writes the first record of the epoch. */
    PROMOTE,
    /** Follows the master that {@link Decision#next} names. */
    FOLLOW,
    /** A master that waited to be confirmed serves writes. */
    CONFIRM,
    /** Serves as a node that nobody has claimed. */
    RELEASE
  }
}
