package io.watchword.replication;

import io.watchword.replication.Replica.State;
import io.watchword.sys.Check;
import io.watchword.sys.Log;
import io.watchword.sys.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A node's history and role, and what follows from them for its replicas. Mirrors {@code
 * spec/replication/Psync2.tla}: {@link ReplicationView} has the module's variables, {@link
 * ReplicationEvent} its actions; the model counts records where this counts bytes.
 *
 * <p>What the link to a master does on the wire is {@link ReplicaLink}'s; its results arrive here
 * as events. The backlog is shared: the writer appends to it during a turn, replicas read it, and
 * this machine alone says from where to where it counts.
 */
public final class Replication
    implements Machine<ReplicationEvent, ReplicationEffect, ReplicationView> {
  /** Let the backlog grow a little before it is trimmed, so that it is not done at each turn. */
  private static final long TRIM_SLACK_BYTES = Backlog.BLOCK_BYTES;

  private static final String SYNTHESIZED =
      "Before turning into a replica, using my own master parameters to synthesize a cached"
          + " master: I may be able to synchronize with the new master with just a partial"
          + " transfer.";

  private final Rules rules;
  private final Supplier<ReplicationSettings> settings;
  private final Backlog backlog;
  private final StreamWriter writer;
  private final ReplicaSet replicas;

  private History history = History.fresh(History.NONE);
  private Role role = Role.MASTER;
  private String masterHost = "";
  private int masterPort;
  private boolean attached;
  private boolean resumable;
  private int db;
  private long epoch;
  private long now;

  /** The configured size of the backlog as of the last tick; asked for in each turn. */
  private long backlogBytes;

  private List<ReplicationEffect> out = new ArrayList<>();

  /**
   * @param rules {@link Rules#REAL} but in tests that switch a rule off
   * @param settings read at each use, since CONFIG SET changes them
   */
  Replication(
      Rules rules, Supplier<ReplicationSettings> settings, Backlog backlog, StreamWriter writer) {
    this.rules = rules;
    this.settings = settings;
    this.backlog = backlog;
    this.writer = writer;
    this.replicas = new ReplicaSet(settings);
  }

  @Override
  public ReplicationView view() {
    return new ReplicationView(
        history.replid(),
        history.replid2(),
        history.secondOffset(),
        backlogFirst(),
        history.offset(),
        attached ? masterHost + ":" + masterPort : "",
        role == Role.MASTER);
  }

  @Override
  public List<ReplicationEffect> step(long nowMs, ReplicationEvent event) {
    Check.that(nowMs >= now, "time went backwards");
    now = nowMs;
    out = new ArrayList<>();
    event.to(this);
    return out;
  }

  History history() {
    return history;
  }

  Role role() {
    return role;
  }

  String masterHost() {
    return masterHost;
  }

  int masterPort() {
    return masterPort;
  }

  /** Whether the stream of the master is being applied. */
  boolean isAttached() {
    return attached;
  }

  /** Whether our history names data that a master could know. */
  boolean isResumable() {
    return resumable;
  }

  /** Database that the stream has selected at our offset, as far as we know it. */
  int db() {
    return role == Role.MASTER ? Math.max(0, writer.db()) : db;
  }

  /** Epoch of the last barrier that was applied, 0 when there was none. */
  long epoch() {
    return epoch;
  }

  ReplicaSet replicas() {
    return replicas;
  }

  long now() {
    return now;
  }

  /** What is shown before the first event: the master that will be followed. */
  void willFollow(String host, int port) {
    role = Role.REPLICA;
    masterHost = host;
    masterPort = port;
  }

  /** Counts the stream although no replica has come; changes nothing that a step sees. */
  void keepStream() {
    startBacklog();
  }

  /** Whether {@link ReplicationEvent.Trimmed} would free something. */
  boolean isTooLong() {
    return backlog.isOn()
        && backlog.length() > backlogBytes + TRIM_SLACK_BYTES
        && firstToKeep() > backlog.first();
  }

  void on(ReplicationEvent.Started event) {
    backlogBytes = settings.get().backlogBytes();
    role = event.master() ? Role.MASTER : Role.REPLICA;
    epoch = event.epoch();
    db = event.db();
    History saved = event.saved();
    if (saved == null) {
      history = History.fresh(event.freshReplid());
    } else if (role == Role.MASTER) {
      history = rules.restarted(saved, event.freshReplid());
    } else {
      history = saved;
      notice(SYNTHESIZED);
    }
    resumable = saved != null;
    if (saved != null || event.keepsStream()) {
      backlog.start(history.offset() + 1);
    }
    writer.forgetDb();
    writer.enabled(role == Role.MASTER);
  }

  void on(ReplicationEvent.Wrote event) {
    Check.that(role == Role.MASTER, "only a master writes");
    Check.that(event.to() == backlog.next() - 1, "the backlog ends elsewhere");
    history = history.at(event.to());
    epoch = Math.max(epoch, event.epoch());
    replicas.streamGrew(out);
  }

  void on(ReplicationEvent.Streamed event) {
    Units units = event.units();
    Check.that(attached, "units without a link");
    Check.that(event.to() == history.offset() + units.length(), "units from elsewhere");
    backlog.append(units.bytes(), units.from(), units.to());
    history = history.at(event.to());
    db = units.dbAfter();
    epoch = Math.max(epoch, units.epoch());
    out.add(new ReplicationEffect.Apply(units));
    replicas.streamGrew(out);
  }

  void on(ReplicationEvent.Trimmed event) {
    long first = firstToKeep();
    replicas.dropSlower(first, out);
    backlog.trim(first);
  }

  void on(ReplicationEvent.Lost event) {
    attached = false;
  }

  void on(ReplicationEvent.Promoted event) {
    if (role == Role.MASTER) {
      return;
    }
    role = Role.MASTER;
    attached = false;
    masterHost = "";
    masterPort = 0;
    history = rules.promoted(history, event.freshReplid());
    startBacklog();
    // Replicas that come over know no database of ours.
    writer.forgetDb();
    writer.enabled(true);
    out.add(new ReplicationEffect.Unlink());
    renamed();
  }

  void on(ReplicationEvent.Follow event) {
    if (role == Role.MASTER) {
      db = db();
      resumable = true;
      startBacklog();
      notice(SYNTHESIZED);
    }
    role = Role.REPLICA;
    writer.enabled(false);
    attached = false;
    masterHost = event.host();
    masterPort = event.port();
    // Ours ask again once we stand: two nodes that serve each other would wait for no master.
    replicas.dropAll(out);
    out.add(new ReplicationEffect.LinkTo(masterHost, masterPort));
  }

  void on(ReplicationEvent.Continued event) {
    attached = true;
    startBacklog();
    if (!event.replid().equals(history.replid())) {
      history = history.renamed(event.replid());
      renamed();
    }
  }

  void on(ReplicationEvent.Loading event) {
    replicas.dropAll(out);
  }

  void on(ReplicationEvent.Loaded event) {
    history = new History(event.replid(), History.NONE, -1, event.offset());
    attached = true;
    resumable = true;
    db = event.db();
    epoch = event.epoch();
    backlog.start(event.offset() + 1);
    replicas.dropAll(out);
  }

  void on(ReplicationEvent.Forgot event) {
    history = History.fresh(event.freshReplid());
    attached = false;
    resumable = false;
    db = 0;
    epoch = 0;
    backlog.start(1);
    replicas.dropAll(out);
  }

  void on(ReplicationEvent.Asked event) {
    Replica replica = new Replica(event, now);
    notice("Replica " + replica.name() + " asks for synchronization");
    if (role == Role.REPLICA && !attached) {
      // We could promise a place in a stream that we may never see.
      out.add(
          new ReplicationEffect.Reply(
              event.id(), "-NOMASTERLINK Can't SYNC while not connected with my master"));
      return;
    }
    Resync answer =
        backlog.isOn() && event.speaksPsync()
            ? rules.decide(history, backlog.first(), event.replid(), event.from())
            : new Resync.Full("Full resync requested by replica");
    if (!backlog.isOn()) {
      // Nothing was counted before this moment, so the name must be one that nobody has seen.
      history = History.fresh(event.freshReplid()).at(history.offset());
      startBacklog();
    }
    replicas.add(replica);
    if (answer instanceof Resync.Continue resume) {
      attach(replica, resume.from(), event.namesHistory());
    } else if (answer instanceof Resync.Full full) {
      notice(full.because() + " " + replica.name());
      replicas.tick(role == Role.MASTER, now, out);
    }
  }

  private void attach(Replica replica, long from, boolean namesHistory) {
    replica.next = from;
    replica.acked = from - 1;
    out.add(
        new ReplicationEffect.Reply(
            replica.id, namesHistory ? "+CONTINUE " + history.replid() : "+CONTINUE"));
    notice(
        "Partial resynchronization request from "
            + replica.name()
            + " accepted. Sending "
            + (history.offset() + 1 - from)
            + " bytes of backlog starting from offset "
            + from
            + ".");
    replica.state = State.ONLINE;
    replica.heardAt = now;
    out.add(new ReplicationEffect.Feed(replica.id));
  }

  void on(ReplicationEvent.Acked event) {
    Replica replica = replicas.find(event.id());
    if (replica != null) {
      replicas.acked(replica, event.offset(), now, out);
    }
  }

  void on(ReplicationEvent.Gone event) {
    Replica replica = replicas.find(event.id());
    if (replica != null) {
      replicas.remove(event.id());
      notice("Connection with replica " + replica.name() + " lost.");
    }
  }

  void on(ReplicationEvent.SnapshotBegan event) {
    writer.forgetDb();
    replicas.snapshotBegan(history, now, out);
  }

  void on(ReplicationEvent.SnapshotEnded event) {
    replicas.snapshotEnded(event.whole(), now, out);
  }

  void on(ReplicationEvent.Moved event) {
    Replica replica = replicas.find(event.id());
    if (replica != null) {
      replica.heardAt = now;
    }
  }

  void on(ReplicationEvent.Delivered event) {
    Replica replica = replicas.find(event.id());
    if (replica != null) {
      replicas.delivered(replica, now, out);
    }
  }

  void on(ReplicationEvent.Tick event) {
    backlogBytes = settings.get().backlogBytes();
    replicas.tick(role == Role.MASTER, now, out);
  }

  private void renamed() {
    if (rules.dropsReplicasOnRename()) {
      replicas.dropAll(out);
    }
  }

  private void startBacklog() {
    if (!backlog.isOn()) {
      backlog.start(history.offset() + 1);
    }
  }

  private long backlogFirst() {
    return backlog.isOn() ? backlog.first() : history.offset() + 1;
  }

  /** What the configured size asks for, and what replicas still read, up to their limit. */
  private long firstToKeep() {
    long next = history.offset() + 1;
    long wanted = next - settings.get().backlogBytes();
    long allowed = next - Math.max(settings.get().backlogBytes(), settings.get().replicaBytesMax());
    return Math.max(allowed, Math.min(wanted, replicas.firstNeeded(next)));
  }

  private void notice(String text) {
    out.add(new ReplicationEffect.Say(Log.Level.NOTICE, text));
  }
}
