package io.watchword.rdb;

import io.watchword.sys.Background;
import io.watchword.sys.Clock;
import io.watchword.sys.Loop;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A command thread and a background thread whose tasks the test runs one by one, in an order of its
 * choice, so that every interleaving can be had without a thread.
 */
public final class StepLoop implements Loop, Clock {
  private final Deque<Runnable> here = new ArrayDeque<>();
  private final Deque<Runnable> behind = new ArrayDeque<>();
  private long nanos;
  private long millis = 1_700_000_000_000L;

  /** The background thread. */
  public final Background background =
      new Background() {
        @Override
        public void execute(Runnable task) {
          behind.add(task);
        }

        @Override
        public void await() {
          while (stepBackground()) {
            nanos++;
          }
        }
      };

  /** Lets wall time pass. */
  public void pass(long ms) {
    millis += ms;
  }

  /** Runs one task of the command thread; false when there is none. */
  public boolean step() {
    return run(here.poll());
  }

  /** Runs one task of the background thread; false when there is none. */
  public boolean stepBackground() {
    return run(behind.poll());
  }

  private static boolean run(Runnable task) {
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  /** Runs everything on both until nothing is left. */
  public void settle() {
    boolean more = true;
    while (more) {
      more = step() | stepBackground();
    }
  }

  @Override
  public void execute(Runnable task) {
    here.add(task);
  }

  @Override
  public Cancel after(long delayMs, Runnable task) {
    here.add(task);
    return () -> here.remove(task);
  }

  @Override
  public Cancel every(long periodMs, Runnable task) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long millis() {
    return millis;
  }

  /** Every look costs half a slice, so that slices end. */
  @Override
  public long nanos() {
    nanos += 100_000;
    return nanos;
  }
}
