package io.watchword.sentinel.core;

/** Guards taken out, for tests that must see their absence. */
public final class Seams {
  private Seams() {}

  /** A sentinel as it is. */
  public static SentinelMachine whole(Self self) {
    return new SentinelMachine(self);
  }

  /** A sentinel to whom BeginFailover needs no votes when it is applied. */
  public static SentinelMachine withoutQuorum(Self self) {
    return new SentinelMachine(
        self,
        (state, entry) ->
            entry instanceof Entry.BeginFailover begin ? begin.begin(state, 0) : state.apply(entry),
        HandOver.CAUGHT_UP);
  }

  /** A sentinel to whom any replica has caught up with the master. */
  public static SentinelMachine withoutCatchUp(Self self) {
    return new SentinelMachine(self, SentinelState::apply, (master, replica) -> true);
  }
}
