package io.watchword.spec;

import java.util.List;
import java.util.Set;

/**
 * What a model's run means. A pass with another number of states, or with an action that was never
 * taken, is a red: the model is then not the one that somebody looked at.
 *
 * @param verdict whether it is as expected
 * @param got what came out, for people
 */
public record Judgement(Model model, Verdict verdict, String got, long states, double seconds) {
  private static final int PASSED = 0;
  private static final int VIOLATION = 12;

  /** Whether it is as expected. */
  public enum Verdict {
    AS_EXPECTED,
    UNEXPECTED,
    /** The time budget was spent before TLC came to an end. */
    UNKNOWN
  }

  /**
   * Compares a run with what its model expects.
   *
   * @param untaken actions that a walk of a passing model never took
   */
  public static Judgement of(Model model, TlcOutput output, List<String> untaken) {
    Verdict verdict = Verdict.UNEXPECTED;
    String got;
    if (output.timedOut()) {
      verdict = Verdict.UNKNOWN;
      got = "no answer within " + model.budgetSeconds() + " s";
    } else if (output.exit() == VIOLATION) {
      boolean named =
          model.expected() == Model.Expected.VIOLATED
              && output.violated().equals(model.invariant());
      verdict = named ? Verdict.AS_EXPECTED : Verdict.UNEXPECTED;
      got = "violates " + output.violated() + " after " + (output.traceLength() - 1) + " steps";
    } else if (output.exit() != PASSED) {
      got = output.complaint();
    } else if (model.expected() == Model.Expected.VIOLATED) {
      got = "passes";
    } else {
      got = blemish(model, output, untaken);
      verdict = got.isEmpty() ? Verdict.AS_EXPECTED : Verdict.UNEXPECTED;
      got = got.isEmpty() ? "passes" : got;
    }
    return new Judgement(model, verdict, got, output.states(), output.seconds());
  }

  private static String blemish(Model model, TlcOutput output, List<String> untaken) {
    if (output.states() != model.states()) {
      return "passes with other states than the " + model.states() + " expected";
    }
    if (!Set.copyOf(untaken).equals(Set.copyOf(model.untaken()))) {
      return "passes, but never takes " + untaken + " where " + model.untaken() + " is expected";
    }
    return "";
  }
}
