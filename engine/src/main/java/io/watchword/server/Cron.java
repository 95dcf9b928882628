package io.watchword.server;

import io.watchword.sys.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What the command thread does between commands: short jobs every {@code 1000 / hz} milliseconds,
 * and slices of long jobs, one at a time between the turns of the clients, until each says it is
 * done.
 */
public final class Cron {
  private final Loop loop;
  private final List<Runnable> jobs = new ArrayList<>();
  private final Consumer<String> complaints;
  private Loop.Cancel timer;

  /**
   * @param complaints told when a job throws, which is a defect of ours; the others run all the
   *     same
   */
  public Cron(Loop loop, Consumer<String> complaints) {
    this.loop = loop;
    this.complaints = complaints;
  }

  /** Adds a job for every tick; it must be short. What is not goes to {@link #addLong}. */
  public void add(Runnable job) {
    jobs.add(job);
  }

  /**
   * Adds a job that each tick starts, unless it still runs: slices, clients being served in
   * between, until one answers false.
   */
  public void addLong(BooleanSupplier slice) {
    jobs.add(new LongJob(slice));
  }

  /** Starts ticking, {@code hz} times a second, or changes the pace. */
  public void start(long hz) {
    stop();
    timer = loop.every(Math.max(1, 1000 / hz), () -> jobs.forEach(this::run));
  }

  public void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void run(Runnable job) {
    try {
      job.run();
    } catch (RuntimeException | Error problem) {
      complaints.accept("A periodic job failed: " + problem);
    }
  }

  /** At most one chain of slices, however long the job and however short the ticks. */
  private final class LongJob implements Runnable {
    private final BooleanSupplier slice;
    private boolean running;

    LongJob(BooleanSupplier slice) {
      this.slice = slice;
    }

    @Override
    public void run() {
      if (!running) {
        step();
      }
    }

    private void step() {
      // False until the slice has returned: one that throws is tried again at the next tick.
      running = false;
      running = slice.getAsBoolean();
      if (running) {
        // A task handed over by a task may run before the next read; one that is due only now may
        // not.
        loop.after(0, this::step);
      }
    }
  }
}
