package io.watchword.replication;

import io.watchword.replication.Replica.State;
import io.watchword.sys.Log;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The master's side: who is attached, how far each has come, who gets the next snapshot.
 *
 * <p>A replica that needs everything waits until a snapshot begins; at that moment it is told the
 * offset, and from then on the backlog keeps the stream for it. Replicas that ask while a snapshot
 * runs wait for the next one. A part of {@link Replication}, which hands it the list of effects.
 */
final class ReplicaSet {
  private static final long KEEPALIVE_MS = 1_000;

  private final Supplier<ReplicationSettings> settings;
  private final Map<Integer, Replica> replicas = new LinkedHashMap<>();
  private boolean snapshotRuns;
  private boolean snapshotDiskless;
  private long pingedAt;
  private long keptAliveAt;

  ReplicaSet(Supplier<ReplicationSettings> settings) {
    this.settings = settings;
  }

  Collection<Replica> all() {
    return replicas.values();
  }

  boolean isEmpty() {
    return replicas.isEmpty();
  }

  Replica find(int id) {
    return replicas.get(id);
  }

  void add(Replica replica) {
    replicas.put(replica.id, replica);
  }

  void remove(int id) {
    replicas.remove(id);
  }

  /** Closes all connections: those behind us have to ask again. */
  void dropAll(List<ReplicationEffect> out) {
    for (Replica replica : replicas.values()) {
      out.add(new ReplicationEffect.Close(replica.id));
    }
    replicas.clear();
  }

  /** The stream grew. */
  void streamGrew(List<ReplicationEffect> out) {
    for (Replica replica : replicas.values()) {
      if (replica.state == State.ONLINE) {
        out.add(new ReplicationEffect.Feed(replica.id));
      }
    }
  }

  /** First byte of the stream that some replica still has to be given, or {@code ifNone}. */
  long firstNeeded(long ifNone) {
    long first = ifNone;
    for (Replica replica : replicas.values()) {
      if (replica.reads()) {
        first = Math.min(first, replica.next);
      }
    }
    return first;
  }

  /** Drops the replicas that would need bytes before {@code first}. */
  void dropSlower(long first, List<ReplicationEffect> out) {
    replicas
        .values()
        .removeIf(
            replica -> {
              boolean slow = replica.reads() && replica.next < first;
              if (slow) {
                out.add(
                    warning(
                        "Replica "
                            + replica.name()
                            + " reads too slowly and is closed: it is "
                            + (first - replica.next)
                            + " bytes beyond client-output-buffer-limit"));
                out.add(new ReplicationEffect.Close(replica.id));
              }
              return slow;
            });
  }

  void acked(Replica replica, long offset, long now, List<ReplicationEffect> out) {
    replica.heardAt = now;
    replica.acked = Math.max(replica.acked, offset);
    if (replica.state == State.LOADING) {
      online(replica, now, out);
    }
  }

  /** A snapshot begins for replicas that wait; each is told where the stream goes on. */
  void snapshotBegan(History history, long now, List<ReplicationEffect> out) {
    String target = snapshotDiskless ? "replicas sockets" : "disk";
    out.add(notice("Starting BGSAVE for SYNC with target: " + target));
    for (int id : nextGroup()) {
      Replica replica = replicas.get(id);
      replica.state = State.SNAPSHOT;
      replica.next = history.offset() + 1;
      replica.heardAt = now;
      if (replica.speaksPsync) {
        out.add(
            new ReplicationEffect.Reply(
                id, "+FULLRESYNC " + history.replid() + " " + history.offset()));
      }
    }
    snapshotRuns = true;
  }

  void snapshotEnded(boolean whole, long now, List<ReplicationEffect> out) {
    snapshotRuns = false;
    if (whole) {
      String what = snapshotDiskless ? "Background RDB transfer" : "Background saving";
      out.add(notice(what + " terminated with success"));
    }
    for (Replica replica : List.copyOf(replicas.values())) {
      if (replica.state != State.SNAPSHOT) {
        continue;
      }
      replica.heardAt = now;
      if (!whole) {
        out.add(warning("SYNC failed. BGSAVE for replica " + replica.name() + " gave an error"));
        out.add(new ReplicationEffect.Close(replica.id));
        replicas.remove(replica.id);
      } else if (snapshotDiskless) {
        // It looks for the mark at the end of what it reads: nothing may follow until it has.
        replica.state = State.LOADING;
        out.add(
            notice(
                "Streamed replica with replica "
                    + replica.name()
                    + " (socket). Waiting for REPLCONF ACK from replica to enable streaming"));
      } else {
        replica.state = State.SENDING;
      }
    }
  }

  void delivered(Replica replica, long now, List<ReplicationEffect> out) {
    if (replica.state == State.SENDING) {
      replica.heardAt = now;
      online(replica, now, out);
    }
  }

  void online(Replica replica, long now, List<ReplicationEffect> out) {
    replica.state = State.ONLINE;
    replica.heardAt = now;
    out.add(notice("Synchronization with replica " + replica.name() + " succeeded"));
    out.add(new ReplicationEffect.Feed(replica.id));
  }

  /**
   * What time demands.
   *
   * @param isMaster only a top master pings: a replica passes its master's pings on
   */
  void tick(boolean isMaster, long now, List<ReplicationEffect> out) {
    dropSilent(now, out);
    if (isMaster && !replicas.isEmpty() && now - pingedAt >= settings.get().pingPeriodMs()) {
      pingedAt = now;
      out.add(new ReplicationEffect.Ping());
    }
    if (now - keptAliveAt >= KEEPALIVE_MS) {
      keptAliveAt = now;
      keepAlive(out);
    }
    if (!snapshotRuns && mayStart(now)) {
      out.add(new ReplicationEffect.StartSnapshot(snapshotDiskless, nextGroup()));
    }
  }

  /** Empty lines tell a replica that waits for its snapshot that it is not forgotten. */
  private void keepAlive(List<ReplicationEffect> out) {
    for (Replica replica : replicas.values()) {
      boolean beforePayload =
          replica.state == State.WAITING || (replica.state == State.SNAPSHOT && !snapshotDiskless);
      if (beforePayload) {
        out.add(new ReplicationEffect.Reply(replica.id, ""));
      }
    }
  }

  private void dropSilent(long now, List<ReplicationEffect> out) {
    long timeoutMs = settings.get().timeoutMs();
    for (Replica replica : List.copyOf(replicas.values())) {
      if (isJudged(replica) && now - replica.heardAt > timeoutMs) {
        String phase = replica.state == State.ONLINE ? "streaming sync" : "full sync";
        out.add(warning("Disconnecting timedout replica (" + phase + "): " + replica.name()));
        out.add(new ReplicationEffect.Close(replica.id));
        replicas.remove(replica.id);
      }
    }
  }

  /** Whether silence of a replica means something: one that cannot speak is never late. */
  private boolean isJudged(Replica replica) {
    return switch (replica.state) {
      case WAITING -> false;
      case SNAPSHOT -> snapshotDiskless;
      case SENDING, LOADING -> true;
      case ONLINE -> replica.speaksPsync;
    };
  }

  /** Without a disk one snapshot serves all who have come within the delay. */
  private boolean mayStart(long now) {
    Replica first = null;
    for (Replica replica : replicas.values()) {
      if (replica.state == State.WAITING && first == null) {
        first = replica;
      }
    }
    if (first == null) {
      return false;
    }
    snapshotDiskless = settings.get().diskless() && first.speaksEof;
    return !snapshotDiskless || now - first.waitingSince >= settings.get().disklessDelayMs();
  }

  private List<Integer> nextGroup() {
    List<Integer> group = new ArrayList<>();
    for (Replica replica : replicas.values()) {
      if (replica.state == State.WAITING && (!snapshotDiskless || replica.speaksEof)) {
        group.add(replica.id);
      }
    }
    return group;
  }

  private static ReplicationEffect notice(String text) {
    return new ReplicationEffect.Say(Log.Level.NOTICE, text);
  }

  private static ReplicationEffect warning(String text) {
    return new ReplicationEffect.Say(Log.Level.WARNING, text);
  }
}
