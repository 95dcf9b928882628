package io.watchword.sentinel.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which node is to be promoted: the lowest replica-priority, then the greatest (data epoch,
 * offset), then the smallest run id. An ordering, nothing else. Priority comes first because mode
 * {@code available} keeps Redis's rule; a mode that promises no loss must order by data first.
 */
public final class ReplicaChoice {
  /** One node that answered to FENCE. */
  public record Candidate(Address node, int priority, Report report, String runId) {}

  private static final Comparator<Candidate> ORDER =
      Comparator.comparingInt(Candidate::priority)
          .thenComparing(c -> c.report().dataEpoch(), Comparator.reverseOrder())
          .thenComparing(c -> c.report().offset(), Comparator.reverseOrder())
          .thenComparing(Candidate::runId)
          .thenComparing(Candidate::node);

  private ReplicaChoice() {}

  /** The best candidate; priority 0 means that the operator forbids it. */
  public static Optional<Candidate> best(Collection<Candidate> candidates) {
    return candidates.stream().filter(c -> c.priority() != 0).min(ORDER);
  }
}
