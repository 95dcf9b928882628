package io.watchword.spec;

import java.nio.file.Path;
import java.util.List;

/**
 * One row of {@code models.json}: what TLC is to check, and what must come out.
 *
 * @param name as people type it
 * @param module the module that TLC is given, without ending
 * @param cfg path of its configuration, below {@code spec/}
 * @param mode how TLC explores
 * @param expected what must come out
 * @param invariant the one that must be violated, or empty for a model that passes
 * @param states distinct states of a model that passes: another number means another model
 * @param untaken actions that a passing model's bounds leave out; all others must be taken
 * @param budgetSeconds after which the verdict is unknown
 * @param profile {@code ci}, or {@code deep} for what takes too long to run on each change
 * @param twin the passing model that differs from this violated one in one constant, or empty
 */
public record Model(
    String name,
    String module,
    String cfg,
    Mode mode,
    Expected expected,
    String invariant,
    long states,
    List<String> untaken,
    int budgetSeconds,
    Profile profile,
    String twin) {

  /** How TLC explores. */
  public enum Mode {
    /** All states, breadth first. */
    CHECK
  }

  /** What must come out. */
  public enum Expected {
    /** All states visited, nothing wrong, every action taken that the bounds allow. */
    PASS,
    /** Exactly the named invariant is violated. */
    VIOLATED
  }

  /** When a model is run if nobody names it. */
  public enum Profile {
    CI,
    DEEP
  }

  /** Folder of the module, since TLC looks for what it extends there. */
  public Path folder(Path spec) {
    String start = module.startsWith("LinRepl") ? "lin" : "replication";
    return spec.resolve(start);
  }

  /** What must come out, for people. */
  public String expectation() {
    return expected == Expected.PASS ? "passes" : "violates " + invariant;
  }
}
