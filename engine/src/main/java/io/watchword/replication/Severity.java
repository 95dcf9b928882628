package io.watchword.replication;

/** How much a log line matters, in Redis's levels. */
public enum Severity {
  /** Of interest when looking for something. */
  VERBOSE,
  /** What an operator wants to know of a healthy server. */
  NOTICE,
  /** What an operator has to look at. */
  WARNING
}
