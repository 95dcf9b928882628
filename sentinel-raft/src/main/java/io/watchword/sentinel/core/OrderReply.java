package io.watchword.sentinel.core;

/** What came of an order. */
public sealed interface OrderReply {
  /** Obeyed. */
  record Done() implements OrderReply {}

  /** Obeyed, with what the node holds. */
  record Held(Report report) implements OrderReply {}

  /** The node has promised a higher epoch. */
  record Stale(long held) implements OrderReply {}

  /** The node belongs to another group of sentinels. */
  record Foreign(String group) implements OrderReply {}

  /** Any other error, in the node's words. */
  record Refused(String error) implements OrderReply {}

  /** The connection broke first: the order may or may not have been obeyed. */
  record Lost() implements OrderReply {}
}
