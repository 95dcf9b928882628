package io.watchword.command;

/** What a body did; the reply is already written when it is returned. */
public enum Outcome {
  /** Nothing that others must be told. */
  UNCHANGED,
  /** The keyspace changed, and the client's own words tell replicas how. */
  CHANGED,
  /** The keyspace changed, and {@link Call#tell} was given the words that replicas get instead. */
  REWRITTEN
}
