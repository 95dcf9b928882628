package io.watchword.sentinel.core;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The replicated state of the sentinels: a fold over committed entries, keyed by master name.
 *
 * <p>Nothing here asks what time it is or who leads; lateness arrives as an entry that somebody
 * proposed. Every entry is a compare-and-set judged when it is applied, so an entry that was
 * delayed, doubled, or proposed by a deposed leader changes nothing and says why. All sentinels
 * apply the same entries in the same order, hence hold the same state at the same index.
 *
 * @param group the identity of this group of sentinels, which its data nodes are claimed for; empty
 *     until the first leader founded it
 * @param sentinels the members that have introduced themselves, by id
 * @param masters what is watched, by master name
 */
public record SentinelState(
    String group, SortedMap<String, Member> sentinels, SortedMap<String, MasterState> masters) {
  /** Before the first entry. */
  public static final SentinelState EMPTY = new SentinelState("", new TreeMap<>(), new TreeMap<>());

  public SentinelState {
    sentinels = Collections.unmodifiableSortedMap(new TreeMap<>(sentinels));
    masters = Collections.unmodifiableSortedMap(new TreeMap<>(masters));
  }

  /** The state after one committed entry. Total: it never throws. */
  public Applied apply(Entry entry) {
    return entry.onto(this);
  }

  /** The master of that name, if it is watched. */
  public Optional<MasterState> master(String name) {
    return Optional.ofNullable(masters.get(name));
  }

  Applied founded(Entry.Founded e) {
    if (!group.isEmpty()) {
      return Applied.refused(this, "the group is already founded as " + group);
    }
    return Applied.changed(new SentinelState(e.group(), sentinels, masters));
  }

  Applied joined(Entry.Joined e) {
    Member known = sentinels.get(e.member().id());
    if (known != null && known.incarnation() >= e.member().incarnation()) {
      return Applied.refused(this, "sentinel " + known.id() + " has joined already");
    }
    SortedMap<String, Member> next = new TreeMap<>(sentinels);
    // A peer address belongs to one identity; the older one is gone for good (RaftLog sees to it).
    next.values().removeIf(m -> m.raftPeer().equals(e.member().raftPeer()));
    next.put(e.member().id(), e.member());
    SortedMap<String, MasterState> judged = new TreeMap<>(masters);
    // What an earlier start held for down says nothing of what this one sees.
    judged.replaceAll((name, m) -> m.withVote(e.member().id(), 0, false));
    return Applied.changed(new SentinelState(group, next, judged));
  }

  Applied monitored(Entry.Monitored e) {
    if (masters.containsKey(e.name())) {
      return Applied.refused(this, "master " + e.name() + " is watched already");
    }
    if (isWatched(e.master())) {
      return Applied.refused(this, "node " + e.master() + " is of another master");
    }
    return Applied.changed(with(MasterState.watched(e.name(), e.master(), e.config())));
  }

  /**
   * Applies a change to one master; the change answers a reason when it refuses.
   *
   * @param judge why the entry must not be applied, or empty when it may
   * @param change the master's next state
   */
  Applied change(
      String name,
      Function<MasterState, Optional<String>> judge,
      Function<MasterState, MasterState> change) {
    MasterState master = masters.get(name);
    if (master == null) {
      return Applied.refused(this, "no master " + name + " is watched");
    }
    Optional<String> refusal = judge.apply(master);
    return refusal.isPresent()
        ? new Applied(this, refusal)
        : Applied.changed(with(change.apply(master)));
  }

  /** Whether a node is known, of whatever master: a node obeys one. */
  boolean isWatched(Address node) {
    return masters.values().stream().anyMatch(m -> m.nodes().contains(node));
  }

  /** Whether that sentinel takes part under that incarnation. */
  boolean isCurrent(String sentinel, long incarnation) {
    Member member = sentinels.get(sentinel);
    return member != null && member.incarnation() == incarnation;
  }

  private SentinelState with(MasterState master) {
    SortedMap<String, MasterState> next = new TreeMap<>(masters);
    next.put(master.name(), master);
    return new SentinelState(group, sentinels, next);
  }
}
