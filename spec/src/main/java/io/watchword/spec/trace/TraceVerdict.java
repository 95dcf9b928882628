package io.watchword.spec.trace;

/**
 * What came out for a trace.
 *
 * @param outcome whether it is a behaviour of the spec
 * @param steps how many steps the model had to match
 * @param matched how many it matched: the longest prefix that is a behaviour
 * @param detail the step that does not fit and why, or the invariant, or empty
 */
public record TraceVerdict(Outcome outcome, int steps, int matched, String detail, double seconds) {

  /** Whether a trace is a behaviour of the spec. */
  public enum Outcome {
    ACCEPTED,
    /** No behaviour of the spec matches it. */
    REJECTED,
    /** A behaviour that matches a prefix violates an invariant. */
    UNSAFE,
    /** The time budget was spent. */
    UNKNOWN
  }

  /** For people. */
  public String text() {
    return switch (outcome) {
      case ACCEPTED -> "accepted: " + steps + " steps" + detail;
      case REJECTED -> "rejected: " + matched + " of " + steps + " steps fit; then " + detail;
      case UNSAFE -> "unsafe: " + detail + " within " + matched + " of " + steps + " steps";
      case UNKNOWN -> "unknown: " + matched + " of " + steps + " steps fit; " + detail;
    };
  }
}
