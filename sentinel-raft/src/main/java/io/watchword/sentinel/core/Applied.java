package io.watchword.sentinel.core;

import java.util.Optional;

/**
 * The outcome of one committed entry.
 *
 * @param state the state after it; the same object as before when the entry was refused
 * @param refusal why the entry changed nothing, in words for the log
 */
public record Applied(SentinelState state, Optional<String> refusal) {
  static Applied changed(SentinelState state) {
    return new Applied(state, Optional.empty());
  }

  static Applied refused(SentinelState state, String why) {
    return new Applied(state, Optional.of(why));
  }
}
