package io.watchword.authority;

import io.watchword.authority.Decision.Action;

/**
 * Judges orders. A pure function of what was promised, what the node holds and the order.
 *
 * <p>Two guards make a deposed leader harmless: a node obeys one group only, and no epoch below the
 * one it has promised. An equal epoch is obeyed again, because orders are repeated until they are
 * seen to be obeyed.
 */
public final class Authority {
  private static final String NOBODY = "none";

  /** Whether an order comes too late; a seam for tests, which switch the guard off. */
  public interface StaleRule {
    boolean isStale(long held, long given);
  }

  private final StaleRule rule;

  /** The rule in use. */
  public Authority() {
    this((held, given) -> given < held);
  }

  /** For tests that show what the rule is for. */
  public Authority(StaleRule rule) {
    this.rule = rule;
  }

  /** Decides what comes of an order. */
  public Decision decide(Allegiance held, Facts facts, Order order) {
    if (order instanceof Order.Claim claim) {
      return claim(held, facts, claim);
    }
    if (!order.group().equals(held.group())) {
      return unchanged(held, foreign(held));
    }
    if (order instanceof Order.Beat o) {
      return stale(held, o.epoch()) ? tooLate(held) : beat(held, facts, o);
    }
    if (facts.loading()) {
      // Half of the data is the old master's: no role can be taken up with it.
      return unchanged(held, new Answer.Loading());
    }
    if (order instanceof Order.Fence o) {
      return stale(held, o.epoch()) ? tooLate(held) : fence(held, facts, o);
    }
    if (order instanceof Order.Promote o) {
      return stale(held, o.epoch()) ? tooLate(held) : promote(held, facts, o);
    }
    if (order instanceof Order.Follow o) {
      return stale(held, o.epoch()) ? tooLate(held) : follow(held, facts, o);
    }
    Order.Release release = (Order.Release) order;
    return stale(held, release.epoch())
        ? tooLate(held)
        : new Decision(Allegiance.NONE, Action.RELEASE, new Answer.Done());
  }

  /** A compare-and-set: of two groups that meet at a node, one wins. */
  private static Decision claim(Allegiance held, Facts facts, Order.Claim claim) {
    if (held.isClaimed() && !held.group().equals(claim.group())) {
      return unchanged(held, foreign(held));
    }
    Allegiance next = held.claimedBy(claim.group(), claim.sentinels(), facts);
    return new Decision(next, Action.NONE, new Answer.Done());
  }

  /** A beat goes to the master that the group's log names, and to no other node. */
  private static Decision beat(Allegiance held, Facts facts, Order.Beat beat) {
    Allegiance next = beat.epoch() > held.epoch() ? held.promising(beat.epoch()) : held;
    if (facts.lostAll() || facts.dataEpoch() < beat.epoch()) {
      // The beats of an epoch begin after its promotion: this node has lost what it had then. In
      // epoch 0 nobody was promoted, and only the start itself tells.
      return new Decision(next, Action.NONE, lacking(facts));
    }
    boolean confirms = facts.master() && !held.fenced();
    return new Decision(
        next,
        confirms ? Action.CONFIRM : Action.NONE,
        new Answer.Beating(beat.nonce(), next.epoch(), facts.master(), facts.offset()));
  }

  private static Decision fence(Allegiance held, Facts facts, Order.Fence fence) {
    Answer report =
        new Answer.Report(facts.dataEpoch(), facts.replid(), facts.offset(), 0, held.members());
    boolean decided = fence.epoch() == held.epoch() && !held.fenced() && isToldRole(held, fence);
    if (decided) {
      // A repeated fence that arrives after the role it led to must not undo it.
      return unchanged(held, report);
    }
    return new Decision(held.fencedAt(fence.epoch()), Action.FENCE, report);
  }

  private static boolean isToldRole(Allegiance held, Order.Fence fence) {
    return held.promotedEpoch() == fence.epoch() || !held.isMaster();
  }

  private static Decision promote(Allegiance held, Facts facts, Order.Promote order) {
    if (order.epoch() == held.promotedEpoch() && facts.master()) {
      // Promoted and restarted with older data, it must not take the writes of the epoch for lost.
      return facts.dataEpoch() >= order.epoch()
          ? new Decision(held, Action.CONFIRM, new Answer.Done())
          : unchanged(held, lacking(facts));
    }
    // A fenced node stands still, so more than it reported is as wrong as less.
    boolean holdsIt = facts.dataEpoch() == order.dataEpoch() && facts.offset() == order.offset();
    if (!holdsIt) {
      return unchanged(held, lacking(facts));
    }
    return new Decision(
        held.promotedAt(order.epoch(), order.members()), Action.PROMOTE, new Answer.Done());
  }

  private static Decision follow(Allegiance held, Facts facts, Order.Follow order) {
    if (order.epoch() > 0 && order.epoch() == held.promotedEpoch()) {
      // An epoch has one master: the address in the order must be another one of this node.
      return unchanged(
          held, new Answer.Refused("it is the master of epoch " + order.epoch() + " itself"));
    }
    Allegiance next = held.following(order.epoch(), order.host(), order.port());
    boolean already =
        !held.fenced()
            && !facts.master()
            && facts.masterHost().equals(order.host())
            && facts.masterPort() == order.port();
    return new Decision(next, already ? Action.NONE : Action.FOLLOW, new Answer.Done());
  }

  private static Answer lacking(Facts facts) {
    return new Answer.Lacking(
        "it holds data epoch "
            + facts.dataEpoch()
            + " up to offset "
            + facts.offset()
            + ", not what the order presumes");
  }

  private boolean stale(Allegiance held, long epoch) {
    return rule.isStale(held.epoch(), epoch);
  }

  private static Decision tooLate(Allegiance held) {
    return unchanged(held, new Answer.Stale(held.epoch()));
  }

  private static Answer foreign(Allegiance held) {
    return new Answer.Foreign(held.isClaimed() ? held.group() : NOBODY);
  }

  private static Decision unchanged(Allegiance held, Answer answer) {
    return new Decision(held, Action.NONE, answer);
  }
}
