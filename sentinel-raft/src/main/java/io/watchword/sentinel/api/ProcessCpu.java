package io.watchword.sentinel.api;

/** Processor time of this process. */
final class ProcessCpu {
  private ProcessCpu() {}

  /** User and system time together; 0 where the system does not tell. */
  static double seconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(d -> d.toNanos() / 1e9)
        .orElse(0.0);
  }
}
