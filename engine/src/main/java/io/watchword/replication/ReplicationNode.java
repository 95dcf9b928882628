package io.watchword.replication;

import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.sys.Clock;
import io.watchword.sys.Driver;
import io.watchword.sys.Log;
import io.watchword.sys.Trace;
import java.util.List;
import java.util.function.Supplier;

/**
 * One node's replication: the machine of its history and the machine of its link, joined. What one
 * wants done is an event of the other or a call to the {@link World}; nothing is decided here. Live
 * server and simulator run this same class.
 *
 * <p>All calls on the command thread.
 */
public final class ReplicationNode {
  private final World world;
  private final Clock clock;
  private final Backlog backlog = new Backlog();
  private final StreamWriter writer;
  private final Replication replication;
  private final ReplicaLink link;
  private final Driver<ReplicationEvent, ReplicationEffect, ReplicationView> replicationDriver;
  private final Driver<LinkEvent, LinkEffect, ReplicaLink.View> linkDriver;
  private final ReplicaConnections connections;
  private final Waits waits = new Waits();
  private final Effects effects = new Effects();
  private final LinkEffects linkEffects = new LinkEffects();
  private Peer master;
  private boolean fenced;
  private boolean ordered;

  /**
   * @param name under which steps are traced: the address that others know the node by
   * @param rules {@link Rules#REAL} but in tests that switch a rule off
   */
  public ReplicationNode(
      String name,
      Rules rules,
      Supplier<ReplicationSettings> settings,
      Supplier<LinkSettings> linkSettings,
      World world,
      Clock clock,
      Trace trace) {
    this.world = world;
    this.clock = clock;
    writer = new StreamWriter(backlog, trace.on());
    replication = new Replication(rules, settings, backlog, writer);
    link =
        new ReplicaLink(linkSettings, replication::history, replication::isResumable, trace.on());
    replicationDriver = new Driver<>(name, replication, clock, trace, effect -> effect.on(effects));
    linkDriver = new Driver<>(name, link, clock, Trace.OFF, effect -> effect.on(linkEffects));
    connections = new ReplicaConnections(backlog, replication, this::tell);
  }

  /** Where changes are appended while this node is a master. */
  public StreamWriter writer() {
    return writer;
  }

  /** What is printed about this node. */
  public ReplicationStatus status() {
    turnEnded();
    return new ReplicationStatus(replication, link, backlog, nowMs());
  }

  /** Whether a replica's link stands and the stream is applied; true on a master. */
  public boolean isLinkUp() {
    return replication.role() == Role.MASTER || replication.isAttached();
  }

  /** Connections of replicas. */
  public ReplicaConnections connections() {
    return connections;
  }

  /** Before {@link #start}: shows the role that will be taken up, while the data are loaded. */
  public void willFollow(String host, int port) {
    replication.willFollow(host, port);
  }

  /** First call that counts; see {@link ReplicationEvent.Started}. */
  public void start(ReplicationEvent.Started started) {
    tell(started);
    link.resumeInDb(started.db());
  }

  /**
   * Whether it would change nothing to be told to follow that address. It would when the node has
   * let go of its master, or refuses what that master sends.
   */
  public boolean follows(String host, int port) {
    return replication.role() == Role.REPLICA
        && replication.masterHost().equalsIgnoreCase(host)
        && replication.masterPort() == port
        && !fenced
        && !link.isRefusing();
  }

  /** Follows a master from now on, because somebody wants it: whatever it sends is taken in. */
  public void follow(String host, int port) {
    attach(host, port, true);
  }

  /** Follows the master that it was told before it was restarted; see {@link EmptyMasterGuard}. */
  public void followAgain(String host, int port) {
    attach(host, port, false);
  }

  private void attach(String host, int port, boolean byOrder) {
    fenced = false;
    ordered = byOrder;
    tell(new ReplicationEvent.Follow(host, port));
    waits.releaseAll();
  }

  /**
   * Stands still until it is given a role: a replica lets go of its master, a master no longer
   * pings, so that either holds what it reports.
   */
  public void fence() {
    fenced = true;
    if (replication.role() == Role.REPLICA) {
      linkDriver.deliver(new LinkEvent.Unfollow());
      tell(new ReplicationEvent.Lost("fenced"));
    }
  }

  /** Takes up the role that it had before {@link #fence}, a replica with the master it had. */
  public void unfence() {
    boolean detached = fenced && replication.role() == Role.REPLICA;
    fenced = false;
    if (detached && !replication.masterHost().isEmpty()) {
      followAgain(replication.masterHost(), replication.masterPort());
    }
  }

  /**
   * Becomes a master; harmless on one. WAIT promises how many replicas hold a write of this
   * history: one that stays a master keeps history and offsets, so whoever waits goes on.
   */
  public void promote() {
    boolean wasReplica = replication.role() == Role.REPLICA;
    fenced = false;
    tell(new ReplicationEvent.Promoted(world.freshReplid()));
    if (wasReplica) {
      waits.releaseAll();
    }
  }

  /**
   * Writes the first record of an epoch; this node must be a master. The stream is counted from
   * here on even without a replica, so that the data belong to the epoch.
   */
  public void barrier(long epoch) {
    replication.keepStream();
    writer.barrier(epoch);
    turnEnded();
  }

  /** A replica asks to be attached, over a connection that is already registered. */
  public void asked(ReplicationEvent.Asked asked) {
    tell(asked);
    if (replication.replicas().find(asked.id()) == null) {
      connections.flush(asked.id());
    }
  }

  /** A replica confirms an offset. */
  public void acked(int id, long offset) {
    tell(new ReplicationEvent.Acked(id, offset));
    waits.release(replication.replicas().all(), nowMs());
  }

  /** A replica that has nothing to confirm yet shows that it is alive. */
  public void moved(int id) {
    tell(new ReplicationEvent.Moved(id));
  }

  /** Whether this connection belongs to an attached replica. */
  public boolean isReplica(int id) {
    return replication.replicas().find(id) != null;
  }

  /** Whether a replica was let in where it stood, or has its snapshot already. */
  public boolean isOnline(int id) {
    Replica replica = replication.replicas().find(id);
    return replica != null && replica.state == Replica.State.ONLINE;
  }

  /** Whether {@link #turnEnded} would do anything. */
  public boolean hasNews() {
    return hasWritten() || replication.isTooLong();
  }

  private boolean hasWritten() {
    return writer.isOn() && backlog.next() - 1 > replication.history().offset();
  }

  /** Counts what was appended in this turn and sends it on; cheap when there is nothing. */
  public void turnEnded() {
    if (hasWritten()) {
      replicationDriver.deliver(writer.turnEnded());
    }
    if (replication.isTooLong()) {
      replicationDriver.deliver(new ReplicationEvent.Trimmed());
    }
  }

  /** Time passes; ten times a second. */
  public void tick() {
    linkDriver.deliver(new LinkEvent.Tick());
    tell(new ReplicationEvent.Tick());
    waits.release(replication.replicas().all(), nowMs());
  }

  /** How many replicas have confirmed {@code offset}. */
  public int confirmed(long offset) {
    return Waits.confirmed(replication.replicas().all(), offset);
  }

  /**
   * Holds a reply until {@code wanted} replicas have confirmed {@code offset}.
   *
   * @param timeoutMs 0 for no limit
   * @param answer not told after a cancel
   * @return cancels
   */
  public Runnable hold(long offset, int wanted, long timeoutMs, WaitAnswer answer) {
    if (writer.isOn()) {
      writer.askForAcks();
    }
    boolean endless = timeoutMs == 0 || timeoutMs > Long.MAX_VALUE - nowMs();
    long deadlineMs = endless ? Long.MAX_VALUE : nowMs() + timeoutMs;
    Waits.Held held = waits.hold(offset, wanted, deadlineMs, answer);
    return () -> waits.cancel(held);
  }

  /** Delivers an event after everything that this turn wrote before it. */
  private void tell(ReplicationEvent event) {
    turnEnded();
    replicationDriver.deliver(event);
  }

  private long nowMs() {
    return clock.nanos() / 1_000_000;
  }

  private Conversation opened(int dial, Peer peer) {
    if (dial == link.dial()) {
      master = peer;
      linkDriver.deliver(new LinkEvent.Connected(dial));
    } else {
      // Another order came while this one was being dialled.
      peer.close();
    }
    return new Conversation() {
      @Override
      public void received(byte[] data, int from, int to) {
        linkDriver.deliver(new LinkEvent.Received(dial, data, from, to));
      }

      @Override
      public void turnEnded() {
        if (master == peer) {
          peer.flush();
        }
      }

      @Override
      public void closed(String why) {
        linkDriver.deliver(new LinkEvent.Lost(dial, why));
      }
    };
  }

  /** Performs what the history's machine wants. */
  private final class Effects implements ReplicationEffect.Port {
    @Override
    public void linkTo(String host, int port) {
      link.resumeInDb(replication.db());
      linkDriver.deliver(new LinkEvent.Follow(host, port, ordered));
    }

    @Override
    public void unlink() {
      linkDriver.deliver(new LinkEvent.Unfollow());
    }

    @Override
    public void apply(Units units) {
      String problem = world.apply(units);
      if (problem != null) {
        // The offset already counts what is not in the data, so no name fits the data any more.
        world.log(Log.Level.WARNING, "== CRITICAL == The stream can't be applied: " + problem);
        tell(new ReplicationEvent.Forgot(world.freshReplid()));
        linkDriver.deliver(new LinkEvent.NotApplied(problem));
      }
    }

    @Override
    public void feed(int id) {
      connections.feed(id);
    }

    @Override
    public void reply(int id, String line) {
      connections.reply(id, line);
    }

    @Override
    public void close(int id) {
      connections.close(id);
    }

    @Override
    public void startSnapshot(boolean diskless, List<Integer> ids) {
      if (connections.startSnapshot(world, diskless, ids)) {
        tell(new ReplicationEvent.SnapshotBegan());
        connections.snapshotBegan();
      }
    }

    @Override
    public void ping() {
      if (!fenced) {
        writer.ping();
        turnEnded();
      }
    }

    @Override
    public void log(Log.Level level, String text) {
      world.log(level, text);
    }
  }

  /** Performs what the link's machine wants. */
  private final class LinkEffects implements LinkEffect.Port {
    @Override
    public void connect(int dial, String host, int port) {
      world.dial(
          host,
          port,
          peer -> opened(dial, peer),
          why -> linkDriver.deliver(new LinkEvent.Lost(dial, why)));
    }

    @Override
    public void send(byte[] bytes) {
      // Units that could not be applied have ended the link before their confirmation is due.
      if (master != null) {
        master.send(bytes, 0, bytes.length);
        master.flush();
      }
    }

    @Override
    public void hangup() {
      if (master != null) {
        master.close();
        master = null;
      }
    }

    @Override
    public void pauseReading(boolean pause) {
      if (master != null) {
        master.readMore(!pause);
      }
    }

    @Override
    public void payload(byte[] data, int from, int to) {
      world.payload(data, from, to);
    }

    @Override
    public void payloadDropped() {
      world.payloadDropped();
    }

    @Override
    public void examine(int dial) {
      linkDriver.deliver(
          new LinkEvent.Examined(dial, world.holdsData(), replication.epoch(), world.received()));
    }

    @Override
    public void payloadEnded(int dial, String replid, long offset) {
      world.log(Log.Level.NOTICE, "MASTER <-> REPLICA sync: Flushing old data");
      tell(new ReplicationEvent.Loading());
      world.log(Log.Level.NOTICE, "MASTER <-> REPLICA sync: Loading DB in memory");
      world.load(
          new World.Loading() {
            @Override
            public void loaded(int db, long epoch) {
              String name = replid.isEmpty() ? world.freshReplid() : replid;
              tell(new ReplicationEvent.Loaded(name, offset, db, epoch));
              linkDriver.deliver(new LinkEvent.Loaded(dial, db));
            }

            @Override
            public void notBegun(String why) {
              linkDriver.deliver(new LinkEvent.LoadFailed(dial, why));
            }

            @Override
            public void failed(String why) {
              tell(new ReplicationEvent.Forgot(world.freshReplid()));
              linkDriver.deliver(new LinkEvent.LoadFailed(dial, why));
            }
          });
    }

    @Override
    public void continued(String replid, int dial) {
      tell(new ReplicationEvent.Continued(replid));
    }

    @Override
    public void units(Units units) {
      long base = replication.history().offset();
      long[] ends = units.ends();
      for (int i = 0; i < ends.length; i++) {
        ends[i] += base;
      }
      tell(new ReplicationEvent.Streamed(base + units.length(), ends, units));
    }

    @Override
    public void lost(String why) {
      tell(new ReplicationEvent.Lost(why));
    }

    @Override
    public void log(Log.Level level, String text) {
      world.log(level, text);
    }
  }
}
