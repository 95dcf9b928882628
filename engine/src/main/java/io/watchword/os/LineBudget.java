package io.watchword.os;

/**
 * How many lines a log takes: at most so many a second, so that a fault that repeats itself does
 * not fill a disk. What was dropped is counted, to be told in the next second's first line.
 */
final class LineBudget {
  private final int linesASecondMax;
  private long second;
  private int taken;
  private long dropped;

  LineBudget(int linesASecondMax) {
    this.linesASecondMax = linesASecondMax;
  }

  /** Whether one more line may be written at this moment. */
  boolean take(long nowMs) {
    if (nowMs / 1000 != second) {
      second = nowMs / 1000;
      taken = 0;
    }
    if (taken == linesASecondMax) {
      dropped++;
      return false;
    }
    taken++;
    return true;
  }

  /** Lines dropped since it was last asked. */
  long takeDropped() {
    long count = dropped;
    dropped = 0;
    return count;
  }
}
