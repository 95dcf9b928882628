package io.watchword.sentinel.core;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One watched master as the log has it.
 *
 * <p>A failover is two entries. BeginFailover raises the epoch to e+1 and leaves the master open:
 * from then on every data node that hears of e+1 refuses orders and streams of e. Promote names the
 * master of e+1, once per epoch.
 *
 * @param name as in {@code sentinel monitor}
 * @param config what the group agreed on
 * @param epoch the highest epoch given out; 0 while the master is the one of the configuration
 * @param master the master of the epoch, or the one given up while a failover is open
 * @param replicas every other data node
 * @param votes sentinels that hold the master for down, with the incarnation they voted under
 * @param failover the failover that is open
 * @param report what the master reported when it was promoted; empty at epoch 0
 */
public record MasterState(
    String name,
    MasterConfig config,
    long epoch,
    Address master,
    SortedSet<Address> replicas,
    SortedMap<String, Long> votes,
    Optional<Failover> failover,
    Optional<Report> report) {
  /** Addresses of replicas are never forgotten, so somebody who makes them up has to be stopped. */
  static final int REPLICAS_MAX = 256;

  public MasterState {
    replicas = Collections.unmodifiableSortedSet(new TreeSet<>(replicas));
    votes = Collections.unmodifiableSortedMap(new TreeMap<>(votes));
  }

  static MasterState watched(String name, Address master, MasterConfig config) {
    return new MasterState(
        name,
        config,
        0,
        master,
        new TreeSet<>(),
        new TreeMap<>(),
        Optional.empty(),
        Optional.empty());
  }

  /** The master and its replicas, in a fixed order. */
  public SortedSet<Address> nodes() {
    SortedSet<Address> all = new TreeSet<>(replicas);
    all.add(master);
    return all;
  }

  /** Whether enough sentinels hold the master for down. */
  public boolean isObjectivelyDown() {
    return votes.size() >= config.quorum();
  }

  /** Whether a failover is open in which the old master takes part. */
  public boolean isHandingOver() {
    return failover.isPresent() && failover.get().coordinated();
  }

  /** The epoch in which {@code master} was named: one less than {@code epoch} during a failover. */
  public long configEpoch() {
    return failover.isPresent() ? epoch - 1 : epoch;
  }

  MasterState withReplica(Address node) {
    SortedSet<Address> next = new TreeSet<>(replicas);
    next.add(node);
    return with(next, votes);
  }

  MasterState withoutReplica(Address node) {
    SortedSet<Address> next = new TreeSet<>(replicas);
    next.remove(node);
    return with(next, votes);
  }

  MasterState withVote(String sentinel, long incarnation, boolean down) {
    SortedMap<String, Long> next = new TreeMap<>(votes);
    if (down) {
      next.put(sentinel, incarnation);
    } else {
      next.remove(sentinel);
    }
    return with(replicas, next);
  }

  MasterState begun() {
    return begun(false);
  }

  MasterState begun(boolean coordinated) {
    Failover open = new Failover(epoch + 1, master, coordinated);
    return new MasterState(
        name, config, epoch + 1, master, replicas, votes, Optional.of(open), report);
  }

  /** The same epoch, but the old master is waited for no longer. */
  MasterState forced() {
    Failover open = new Failover(epoch, master, false);
    return new MasterState(name, config, epoch, master, replicas, votes, Optional.of(open), report);
  }

  MasterState promoted(Address node, Report held) {
    SortedSet<Address> rest = nodes();
    rest.remove(node);
    return new MasterState(
        name, config, epoch, node, rest, new TreeMap<>(), Optional.empty(), Optional.of(held));
  }

  private MasterState with(SortedSet<Address> nextReplicas, SortedMap<String, Long> nextVotes) {
    return new MasterState(name, config, epoch, master, nextReplicas, nextVotes, failover, report);
  }
}
