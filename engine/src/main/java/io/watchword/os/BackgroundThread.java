package io.watchword.os;

import io.watchword.sys.Background;
import io.watchword.sys.Log;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A thread of its own. The bound on what waits for it is kept by whoever hands tasks over. */
public final class BackgroundThread implements Background, AutoCloseable {
  private static final long LAST_TASKS_MS_MAX = 2_000;

  private final ExecutorService thread;
  private final Log log;

  /** The thread named {@code name} starts with the first task. */
  public BackgroundThread(String name, Log log) {
    this.log = log;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread t = new Thread(task, name);
              t.setDaemon(true);
              return t;
            });
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException | Error e) {
            log.warning("A background task failed: " + e);
            throw e;
          }
        });
  }

  @Override
  public void await() {
    CountDownLatch reached = new CountDownLatch(1);
    thread.execute(reached::countDown);
    try {
      reached.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      thread.awaitTermination(LAST_TASKS_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
