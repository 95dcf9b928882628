package io.watchword.sentinel.core;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What may stand in the sentinels' log. The log is durable, so the encoded form of each entry
 * carries {@link #FORMAT} and an operation code (see {@code raft.EntryCodec}).
 *
 * <p>Each entry says what its proposer saw; whether that still holds is judged when the entry is
 * applied, by all sentinels alike.
 */
public sealed interface Entry {
  /** Version of the encoded form. A log with a higher one is of a newer program: refused. */
  int FORMAT = 1;

  /** The outcome of this entry on a state. */
  Applied onto(SentinelState state);

  /** What an operator asked a sentinel for, who answers when this very entry is judged. */
  sealed interface Asked extends Entry {
    /** The master. */
    String name();

    /** Who was asked. */
    String sentinel();

    /** The start of it that was asked. */
    long incarnation();

    /** Tells its requests apart. */
    long ticket();
  }

  /** The first leader names the group. */
  record Founded(String group) implements Entry {
    @Override
    public Applied onto(SentinelState state) {
      return state.founded(this);
    }
  }

  /** A sentinel has started. */
  record Joined(Member member) implements Entry {
    @Override
    public Applied onto(SentinelState state) {
      return state.joined(this);
    }
  }

  /** A master is to be watched. */
  record Monitored(String name, Address master, MasterConfig config) implements Entry {
    @Override
    public Applied onto(SentinelState state) {
      return state.monitored(this);
    }
  }

  /** The master of {@code epoch} listed a replica that the log does not know. */
  record ReplicaFound(String name, long epoch, Address node) implements Entry {
    @Override
    public Applied onto(SentinelState state) {
      return state.change(
          name,
          m -> {
            if (m.epoch() != epoch) {
              return stale(epoch, m);
            }
            if (m.replicas().size() >= MasterState.REPLICAS_MAX) {
              return Optional.of("master " + name + " has too many replicas to know another");
            }
            return reasonIf(state.isWatched(node), "node " + node + " is known");
          },
          m -> m.withReplica(node));
    }
  }

  /** A replica is to be forgotten. */
  record ReplicaForgotten(String name, long epoch, Address node) implements Entry {
    @Override
    public Applied onto(SentinelState state) {
      return state.change(
          name,
          m -> {
            if (m.epoch() != epoch) {
              return stale(epoch, m);
            }
            return reasonIf(!m.replicas().contains(node), "no replica " + node + " is known");
          },
          m -> m.withoutReplica(node));
    }
  }

  /** One sentinel's view of the master {@code node} has changed, or is confirmed. */
  record Vote(String name, String sentinel, long incarnation, Address node, boolean down)
      implements Entry {
    @Override
    public Applied onto(SentinelState state) {
      return state.change(
          name,
          m -> {
            if (!state.isCurrent(sentinel, incarnation)) {
              return Optional.of("a vote of an earlier start of sentinel " + sentinel);
            }
            return reasonIf(!m.master().equals(node), node + " is not the master");
          },
          m -> m.withVote(sentinel, incarnation, down));
    }
  }

  /** The leader has not heard a vote confirmed for too long. */
  record VoteExpired(String name, String sentinel, long incarnation) implements Entry {
    @Override
    public Applied onto(SentinelState state) {
      return state.change(
          name,
          m ->
              reasonIf(
                  !Long.valueOf(incarnation).equals(m.votes().get(sentinel)),
                  "no such vote of sentinel " + sentinel + " stands"),
          m -> m.withVote(sentinel, incarnation, false));
    }
  }

  /**
   * The leader gives up the master of {@code sawEpoch} and opens the next epoch.
   *
   * @param votes the votes it counted, each with its incarnation: they must still stand, and be at
   *     least the quorum
   */
  record BeginFailover(String name, long sawEpoch, Address master, SortedMap<String, Long> votes)
      implements Entry {
    public BeginFailover {
      votes = Collections.unmodifiableSortedMap(new TreeMap<>(votes));
    }

    @Override
    public Applied onto(SentinelState state) {
      return begin(state, state.master(name).map(m -> m.config().quorum()).orElse(0));
    }

    /** A test turns the quorum off through {@code needed} to see that its absence is noticed. */
    Applied begin(SentinelState state, int needed) {
      return state.change(name, m -> refusal(state, m, needed), MasterState::begun);
    }

    private Optional<String> refusal(SentinelState state, MasterState m, int needed) {
      if (m.epoch() != sawEpoch) {
        return stale(sawEpoch, m);
      }
      if (m.failover().isPresent()) {
        return Optional.of("a failover to epoch " + m.epoch() + " is open");
      }
      if (!m.master().equals(master)) {
        return Optional.of(master + " is not the master");
      }
      int standing = 0;
      for (Map.Entry<String, Long> vote : votes.entrySet()) {
        boolean stands = vote.getValue().equals(m.votes().get(vote.getKey()));
        standing += stands && state.isCurrent(vote.getKey(), vote.getValue()) ? 1 : 0;
      }
      return reasonIf(standing < needed, standing + " votes stand, " + needed + " are needed");
    }
  }

  /**
   * An operator wants another master. No votes are needed: nothing is wrong with the old one, and
   * whoever may command a sentinel may command this.
   *
   * @param forced whether the old master is not asked to hand over, as in Redis
   * @param sentinel who was asked, and under which incarnation; it waits for this very entry
   * @param ticket tells its requests apart
   */
  record FailoverAsked(
      String name,
      long sawEpoch,
      Address master,
      boolean forced,
      String sentinel,
      long incarnation,
      long ticket)
      implements Entry, Asked {
    @Override
    public Applied onto(SentinelState state) {
      return state.change(
          name,
          m -> {
            if (m.epoch() != sawEpoch) {
              return stale(sawEpoch, m);
            }
            if (m.failover().isPresent()) {
              return Optional.of("a failover to epoch " + m.epoch() + " is open");
            }
            if (!m.master().equals(master)) {
              return Optional.of(master + " is not the master");
            }
            return reasonIf(m.replicas().isEmpty(), "there is nobody to promote");
          },
          m -> m.begun(!forced));
    }
  }

  /**
   * An operator no longer waits for the old master, which does not hand over. The epoch stays: it
   * has no master yet and gets one, whether a hand-over that is on its way names it or the reports
   * of whoever is reached. An entry of its own, and judged by the open hand-over alone, so that the
   * same one, delivered again when that epoch is over, opens no other.
   *
   * @param epoch the epoch that is open
   * @param sentinel as in {@link FailoverAsked}
   */
  record HandOverForced(String name, long epoch, String sentinel, long incarnation, long ticket)
      implements Entry, Asked {
    @Override
    public Applied onto(SentinelState state) {
      return state.change(
          name,
          m -> {
            if (m.epoch() != epoch) {
              return stale(epoch, m);
            }
            return reasonIf(!m.isHandingOver(), "no hand-over to epoch " + epoch + " is open");
          },
          MasterState::forced);
    }
  }

  /** The leader names the master of an epoch that BeginFailover or FailoverAsked opened. */
  record Promote(String name, long epoch, Address node, Report report) implements Entry {
    @Override
    public Applied onto(SentinelState state) {
      return state.change(
          name,
          m -> {
            if (m.epoch() != epoch) {
              return stale(epoch, m);
            }
            if (m.failover().isEmpty()) {
              return Optional.of("epoch " + epoch + " has its master: " + m.master());
            }
            return reasonIf(!m.nodes().contains(node), "no data node " + node + " is known");
          },
          m -> m.promoted(node, report));
    }
  }

  /**
   * The master of {@code epoch} answered that it has not the data to be it: it cannot take over, or
   * came back from a restart without them and serves nobody. So the next epoch opens without votes.
   */
  record PromotionRefused(String name, long epoch, Address node) implements Entry {
    @Override
    public Applied onto(SentinelState state) {
      return state.change(
          name,
          m -> {
            if (m.epoch() != epoch) {
              return stale(epoch, m);
            }
            return reasonIf(
                m.failover().isPresent() || !m.master().equals(node),
                node + " is not the master of epoch " + epoch);
          },
          MasterState::begun);
    }
  }

  private static Optional<String> stale(long epoch, MasterState m) {
    return Optional.of("it saw epoch " + epoch + ", the epoch is " + m.epoch());
  }

  private static Optional<String> reasonIf(boolean wrong, String why) {
    return wrong ? Optional.of(why) : Optional.empty();
  }
}
