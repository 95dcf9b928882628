package io.watchword.sentinel.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which node is to be promoted: the best standing, then the lowest replica-priority, then the
 * greatest (data epoch, offset), then the smallest run id. An ordering, nothing else. Among nodes
 * of one standing priority comes first because mode {@code available} keeps Redis's rule; a mode
 * that promises no loss must order by data first. Standing comes before it in every mode: no
 * priority makes an empty or a foreign data set a copy of the master's.
 */
public final class ReplicaChoice {
  /** What the data of a node are to the master that is replaced. Best first. */
  public enum Standing {
    /** A copy of its history, as far as anybody can tell. */
    COPY,
    /** An older copy: of an earlier history, or without a link for too long. */
    OLDER,
    /** Nothing was ever received that is known to be the master's. */
    EMPTY,
    /** Data of another origin, which must not replace the master's. */
    FOREIGN
  }

  /** One node that answered to FENCE. */
  public record Candidate(
      Address node, Standing standing, int priority, Report report, String runId) {}

  private static final Comparator<Candidate> ORDER =
      Comparator.comparing(Candidate::standing)
          .thenComparing(Candidate::priority)
          .thenComparing(c -> c.report().dataEpoch(), Comparator.reverseOrder())
          .thenComparing(c -> c.report().offset(), Comparator.reverseOrder())
          .thenComparing(Candidate::runId)
          .thenComparing(Candidate::node);

  private ReplicaChoice() {}

  /** The best candidate; priority 0 means that the operator forbids it. */
  public static Optional<Candidate> best(Collection<Candidate> candidates) {
    return candidates.stream()
        .filter(c -> c.priority() != 0 && c.standing() != Standing.FOREIGN)
        .min(ORDER);
  }
}
