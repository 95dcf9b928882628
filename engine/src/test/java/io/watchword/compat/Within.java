package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what a server is about to do. It asks without a pause: some states last 200 ms. */
final class Within {
  private static final long SECONDS_MAX = 20;

  private Within() {}

  /** Returns once it holds; fails if it does not in {@value #SECONDS_MAX} s. */
  static void assertWithin(BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
