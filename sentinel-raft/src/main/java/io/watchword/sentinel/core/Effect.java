package io.watchword.sentinel.core;

/** What a sentinel wants done. The driver does it in this order, and reports back by events. */
public sealed interface Effect {
  /** Offer an entry to the log; it may be lost, committed late, or committed twice. */
  record Propose(Entry entry) implements Effect {}

  /** Open a connection to a node, unless one stands or is being made. */
  record Connect(Address node) implements Effect {}

  /** Close the connection to a node, which then counts as lost without an event. */
  record Disconnect(Address node) implements Effect {}

  /** Send PING. */
  record Ping(Address node) implements Effect {}

  /** Send INFO. */
  record AskInfo(Address node) implements Effect {}

  /** Publish a hello message on a data node. */
  record Hello(Address node, String payload) implements Effect {}

  /** Send an order to a data node. */
  record Send(Address node, Order order, boolean watchword) implements Effect {}

  /** Log an event and publish it to this sentinel's subscribers. */
  record Announce(Announcement announcement) implements Effect {}

  /** Give the lead of the log to another sentinel. */
  record HandOver() implements Effect {}

  /**
   * Answer to {@link Event.FailoverWanted}.
   *
   * @param text the status, or the error without its mark
   */
  record Replied(long ticket, boolean ok, String text) implements Effect {}

  /** Write a line to the log only. */
  record Note(String text) implements Effect {}
}
