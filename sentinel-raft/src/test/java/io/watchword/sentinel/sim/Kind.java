package io.watchword.sentinel.sim;

/** What a simulated run is about. */
enum Kind {
  /** Everything breaks, and operators ask for failovers. */
  FAULTS,
  /**
   * Data nodes are sound; sentinels, and the links by which replicas copy, are not: operators'
   * failovers alone.
   */
  HAND_OVERS,
  /** The same with nodes that accept writes again when they were held for long: a mutant. */
  HAND_OVERS_WITH_A_DEADLINE,
  /** The master dies for good before anybody has written anything. */
  UNWRITTEN
}
