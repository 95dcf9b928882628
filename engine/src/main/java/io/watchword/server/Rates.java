package io.watchword.server;

/**
 * How fast a counter has been growing: the mean over the last {@value #SAMPLES} samples, taken at
 * least {@value #PERIOD_MS} ms apart, as Redis's instantaneous fields are.
 */
final class Rates {
  private static final int SAMPLES = 16;
  private static final long PERIOD_MS = 100;

  private final double[] perSecond = new double[SAMPLES];
  private int next;
  private long lastMs;
  private long lastTotal;

  /** Notes the counter's value; calls that come too early change nothing. */
  void sample(long nowMs, long total) {
    long elapsed = nowMs - lastMs;
    if (lastMs != 0 && elapsed < PERIOD_MS) {
      return;
    }
    if (lastMs != 0) {
      // A counter that was set back to zero counts from there.
      perSecond[next] = Math.max(0, total - lastTotal) * 1000.0 / elapsed;
      next = (next + 1) % SAMPLES;
    }
    lastMs = nowMs;
    lastTotal = total;
  }

  /** Growth a second. */
  double perSecond() {
    double sum = 0;
    for (double sample : perSecond) {
      sum += sample;
    }
    return sum / SAMPLES;
  }
}
