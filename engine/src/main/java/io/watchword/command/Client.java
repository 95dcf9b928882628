package io.watchword.command;

import io.watchword.bytes.Bytes;
import io.watchword.keyspace.Watched;
import io.watchword.resp.Peer;
import io.watchword.resp.RespWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is known of one connection between its commands. Owned by the command thread.
 *
 * <p>Fields that several commands move are public on purpose: this is a record of facts, and
 * whoever sees a command sees them.
 */
public final class Client implements Watched.Watcher {
  /** Who is at the other end. */
  public enum Kind {
    NORMAL,
    /** Our master, whose stream is applied: nothing is answered and nothing expires on its own. */
    MASTER,
    /** A replica that follows us. */
    REPLICA
  }

  /** What CLIENT REPLY asked for. */
  public enum Replies {
    ON,
    OFF,
    /** Said by the running command: the one after it is not answered. */
    SKIP_NEXT,
    /** The running command is not answered. */
    SKIP_THIS;

    Replies afterCommand() {
      return switch (this) {
        case ON, SKIP_THIS -> ON;
        case OFF -> OFF;
        case SKIP_NEXT -> SKIP_THIS;
      };
    }
  }

  /** A key watched for EXEC. */
  public record WatchedKey(int database, Bytes key) {}

  public final long id;

  /** The connection; null for a client that is made up, such as one that loads or replays. */
  public final Peer peer;

  /** Replies of this read turn. */
  public final RespWriter out;

  public final long createdAtMs;
  public Kind kind = Kind.NORMAL;
  public int database;
  public boolean authenticated;
  public String user = "default";
  public Bytes name = Bytes.EMPTY;
  public Bytes libName = Bytes.EMPTY;
  public Bytes libVersion = Bytes.EMPTY;
  public long lastAskedAtMs;
  public String lastCommand = "NULL";

  public Replies replies = Replies.ON;

  /** Channels and patterns subscribed to. */
  public int subscriptions;

  /** Those of the subscriptions that are patterns. */
  public int patterns;

  /** It has given an order of a sentinel group. */
  public boolean gaveOrder;

  /** The connection closes once the replies so far are out. */
  public boolean closing;

  /** It is not served: it waits for replicas, or for the end of a pause. */
  public boolean waits;

  /** Bytes of its request buffer, for CLIENT LIST. */
  public int heldBytes;

  /** Requests queued since MULTI, or null outside of one. */
  public List<Queued> queue;

  /** Bytes of those requests, all that they were since MULTI. */
  long queuedBytes;

  /** A queued request was refused: EXEC must abort. */
  public boolean queueBroken;

  /** A watched key changed: EXEC answers null. */
  public boolean watchBroken;

  /** Offset of the stream behind its last write, 0 before the first. */
  public long wroteTo;

  /** What a replica has said of itself with REPLCONF. */
  public int replicaPort;

  /** The address that a replica announces, or empty. */
  public String replicaIp = "";

  /** Whether a replica finds the end of a snapshot by a mark. */
  public boolean replicaSpeaksEof;

  /** Whether a replica knows that a history may go on under a new name. */
  public boolean replicaSpeaksPsync2;

  /** Each with whether its deadline had passed when it was watched. */
  private final Map<WatchedKey, Boolean> watched = new LinkedHashMap<>();

  /** A request kept for EXEC: its own copy of the arguments. */
  public record Queued(Command command, byte[] bytes, int[] slices, int argc) {}

  public Client(long id, Peer peer, RespWriter out, long createdAtMs) {
    this.id = id;
    this.peer = peer;
    this.out = out;
    this.createdAtMs = createdAtMs;
    this.lastAskedAtMs = createdAtMs;
  }

  /**
   * Lets a change of the key from now on refuse the next EXEC.
   *
   * @param due whether its deadline is over already, so that its end will be no change
   */
  public void watch(Watched all, int database, Bytes key, boolean due) {
    WatchedKey place = new WatchedKey(database, key);
    if (watched.putIfAbsent(place, due) == null) {
      all.add(database, key, this);
    }
  }

  /** Whether a key has reached its deadline since it was watched, by what {@code isDue} says. */
  public boolean hasWatchedKeyExpired(Predicate<WatchedKey> isDue) {
    for (Map.Entry<WatchedKey, Boolean> entry : watched.entrySet()) {
      if (!entry.getValue() && isDue.test(entry.getKey())) {
        return true;
      }
    }
    return false;
  }

  /** Forgets every watched key and what became of it. */
  public void unwatch(Watched all) {
    watched.keySet().forEach(place -> all.remove(place.database(), place.key(), this));
    watched.clear();
    watchBroken = false;
  }

  /** Leaves MULTI, if in one, and drops what was queued. */
  public void discardQueue() {
    queue = null;
    queuedBytes = 0;
    queueBroken = false;
  }

  @Override
  public void touched() {
    watchBroken = true;
  }
}
