package io.watchword.sys;

/**
 * Invariants that are always on. Wrong state must stop the process; wrong input must not, so bad
 * input is answered with a reply and never reaches this class.
 */
public final class Check {
  private Check() {}

  /** Fails with {@code what} when {@code holds} is false. */
  public static void that(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
