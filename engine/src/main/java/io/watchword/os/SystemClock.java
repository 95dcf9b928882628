package io.watchword.os;

import io.watchword.sys.Clock;

/** The machine's own clocks. */
public final class SystemClock implements Clock {
  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }
}
