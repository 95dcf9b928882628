package io.watchword.local;

/** Waiting between two looks at the world, in a program that has nothing else to do. */
final class Pause {
  private Pause() {}

  /** Waits; an interrupt ends the wait and stays set, so that the loop around it ends too. */
  static void millis(long howLong) {
    try {
      Thread.sleep(howLong);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
