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
            entry instanceof Entry.BeginFailover begin
                ? begin.begin(state, 0)
                : state.apply(entry));
  }
}
