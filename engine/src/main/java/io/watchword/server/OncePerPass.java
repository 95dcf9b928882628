package io.watchword.server;

import io.watchword.sys.Loop;
import java.util.function.BooleanSupplier;

/**
 * Work that many clients' turns make necessary and that is done once for all of them, when the loop
 * has served everybody who had something to say. A write to a socket costs more than a small
 * command, so replicas get one for each pass of the loop and not one for each client. Used by the
 * loop's thread.
 */
public final class OncePerPass implements Runnable {
  private final Loop loop;
  private final BooleanSupplier isNeeded;
  private final Runnable work;
  private boolean due;

  /**
   * @param isNeeded asked after each turn, so it must be cheap
   */
  public OncePerPass(Loop loop, BooleanSupplier isNeeded, Runnable work) {
    this.loop = loop;
    this.isNeeded = isNeeded;
    this.work = work;
  }

  /** A turn has ended. */
  @Override
  public void run() {
    if (!due && isNeeded.getAsBoolean()) {
      due = true;
      loop.execute(
          () -> {
            due = false;
            work.run();
          });
    }
  }
}
