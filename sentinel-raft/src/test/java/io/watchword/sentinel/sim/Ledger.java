package io.watchword.sentinel.sim;

import io.watchword.sentinel.core.Entry;
import io.watchword.sentinel.core.MasterState;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What clients of the simulator were told is written, and whether any of it may be lost: any
 * failover but one in which the master takes part may lose some. Judges by the entries alone.
 */
final class Ledger {
  private final TreeSet<Long> acknowledged = new TreeSet<>();
  private Optional<MasterState> before = Optional.empty();
  private boolean lossAllowed;
  private int handOvers;
  private int aborted;
  private int forced;

  Ledger(boolean lossAllowed) {
    this.lossAllowed = lossAllowed;
  }

  /**
   * An entry was applied.
   *
   * @param taken whether it changed anything
   * @param after the master as it is then
   */
  void applied(Entry entry, boolean taken, Optional<MasterState> after) {
    boolean handingOver = isHandingOver();
    if (!taken) {
      return;
    }
    if (entry instanceof Entry.FailoverAsked asked) {
      lossAllowed |= asked.forced();
    } else if (entry instanceof Entry.Promote promote && handingOver) {
      boolean stays = promote.node().equals(before.get().master());
      aborted += stays ? 1 : 0;
      handOvers += stays ? 0 : 1;
      lossAllowed |= before.get().isObjectivelyDown();
    } else if (entry instanceof Entry.BeginFailover
        || entry instanceof Entry.PromotionRefused
        || entry instanceof Entry.HandOverForced) {
      lossAllowed = true;
      forced += entry instanceof Entry.HandOverForced ? 1 : 0;
    }
    before = after;
  }

  /** A node is about to acknowledge a write; whether it holds all that was acknowledged. */
  boolean acknowledges(ModelNode node, long write) {
    boolean whole = lossAllowed || node.numbers().containsAll(acknowledged);
    acknowledged.add(write);
    return whole;
  }

  /** Whether a master is handing over now. */
  boolean isHandingOver() {
    return before.isPresent() && before.get().isHandingOver();
  }

  /** How many masters handed over to a replica. */
  int handOvers() {
    return handOvers;
  }

  /** How many stayed masters because no replica had caught up in time. */
  int aborted() {
    return aborted;
  }

  /** How many hand-overs an operator forced in the middle. */
  int forced() {
    return forced;
  }
}
