package io.watchword.server;

import io.watchword.sys.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What the command thread does between commands: short jobs every {@code 1000 / hz} milliseconds,
 * and slices of long jobs, one at a time between the turns of the clients, until each says it is
 * done.
 */
public final class Cron {
  private final Loop loop;
  private final List<Runnable> jobs = new ArrayList<>();
  private Loop.Cancel timer;

  public Cron(Loop loop) {
    this.loop = loop;
  }

  /** Adds a job for every tick; it must be short, and start {@link #slices} for what is not. */
  public void add(Runnable job) {
    jobs.add(job);
  }

  /** Starts ticking, {@code hz} times a second, or changes the pace. */
  public void start(long hz) {
    stop();
    timer = loop.every(Math.max(1, 1000 / hz), () -> jobs.forEach(Runnable::run));
  }

  public void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** Runs slices of a long job, clients being served in between, until one answers false. */
  public void slices(BooleanSupplier slice) {
    if (slice.getAsBoolean()) {
      // A task handed over by a task may run before the next read; one that is due only now may
      // not.
      loop.after(0, () -> slices(slice));
    }
  }
}
