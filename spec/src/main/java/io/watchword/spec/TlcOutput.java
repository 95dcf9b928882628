package io.watchword.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run of TLC said, told apart by the words of its 2.18 code base.
 *
 * @param exit status: 0 nothing wrong, 12 an invariant is violated, 150 and up the spec is broken
 * @param timedOut whether it was stopped for want of time
 * @param states distinct states found, 0 when it did not say
 * @param violated the invariant that is violated, or empty
 * @param traceLength states of the counterexample, 0 without one
 * @param untaken actions that were never taken, of a walk
 * @param seconds wall time
 * @param lines everything it printed
 */
public record TlcOutput(
    int exit,
    boolean timedOut,
    long states,
    String violated,
    int traceLength,
    List<String> untaken,
    double seconds,
    List<String> lines) {
  private static final Pattern STATES = Pattern.compile("([0-9,]+) distinct states found");
  private static final Pattern VIOLATED =
      Pattern.compile("Error: Invariant ([A-Za-z0-9_]+) is violated");
  private static final Pattern STATE = Pattern.compile("State ([0-9]+): .*");
  private static final Pattern ACTION =
      Pattern.compile("<([A-Za-z0-9_]+) line .*>: ([0-9,]+):([0-9,]+).*");

  static TlcOutput parse(List<String> lines, int exit, boolean timedOut, double seconds) {
    long states = 0;
    int traceLength = 0;
    String violated = "";
    Map<String, Long> taken = new LinkedHashMap<>();
    for (String line : lines) {
      Matcher matcher = STATES.matcher(line);
      if (matcher.find()) {
        states = number(matcher.group(1));
      } else if ((matcher = VIOLATED.matcher(line)).find()) {
        violated = matcher.group(1);
      } else if ((matcher = STATE.matcher(line)).matches()) {
        traceLength = Math.max(traceLength, Integer.parseInt(matcher.group(1)));
      } else if ((matcher = ACTION.matcher(line)).matches()) {
        // Coverage is printed again each minute: the last counts, and they only grow.
        taken.merge(matcher.group(1), number(matcher.group(3)), Math::max);
      }
    }
    List<String> untaken = new ArrayList<>();
    taken.forEach(
        (action, count) -> {
          if (count == 0) {
            untaken.add(action);
          }
        });
    return new TlcOutput(
        exit, timedOut, states, violated, traceLength, List.copyOf(untaken), seconds, lines);
  }

  /** The first thing TLC complains of, for a run that is neither a pass nor a violation. */
  public String complaint() {
    return lines.stream()
        .filter(line -> line.contains("Error:") || line.contains("rror ***"))
        .findFirst()
        .orElse("exit status " + exit);
  }

  private static long number(String digits) {
    return Long.parseLong(digits.replace(",", ""));
  }
}
