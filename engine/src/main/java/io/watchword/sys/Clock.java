package io.watchword.sys;

/** Where time comes from. Pure code is given readings; only drivers hold a clock. */
public interface Clock {
  /** Wall time in milliseconds since the Unix epoch; may jump when the system's date is set. */
  long millis();

  /** Monotonic time in nanoseconds from an arbitrary origin; never goes back within a process. */
  long nanos();
}
