package io.watchword.command;

/** What clients must wait for at this moment; each holds back what the one before it does. */
public enum Pause {
  /** Nobody waits. */
  NONE,
  /** Commands that change keys wait. */
  WRITES,
  /** Commands that would reach replicas wait: writes, and what is published. */
  STREAM,
  /** Every command of a client waits. */
  ALL
}
