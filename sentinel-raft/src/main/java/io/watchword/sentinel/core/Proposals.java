package io.watchword.sentinel.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was proposed lately. A proposal may be lost, so it is repeated until the state shows it; and
 * it may only be late, so it is not repeated at every tick.
 */
final class Proposals {
  private static final long FORGET_MS = 10_000;
  private final Map<Entry, Long> sentMs = new LinkedHashMap<>();

  void offer(long nowMs, Entry entry, long retryMs, List<Effect> out) {
    Long last = sentMs.get(entry);
    if (last == null || nowMs - last >= retryMs) {
      sentMs.values().removeIf(at -> nowMs - at > FORGET_MS);
      sentMs.put(entry, nowMs);
      out.add(new Effect.Propose(entry));
    }
  }

  void clear() {
    sentMs.clear();
  }
}
