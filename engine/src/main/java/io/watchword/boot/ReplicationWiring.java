package io.watchword.boot;

import io.watchword.authority.Allegiance;
import io.watchword.authority.AllegianceFile;
import io.watchword.command.authority.Obedience;
import io.watchword.command.replication.Node;
import io.watchword.config.BadValue;
import io.watchword.config.Config;
import io.watchword.config.Directives;
import io.watchword.config.ManyWords.HostPort;
import io.watchword.net.NettyLoop;
import io.watchword.net.RespClient;
import io.watchword.os.NdjsonTrace;
import io.watchword.os.OsDisk;
import io.watchword.rdb.RdbInfo;
import io.watchword.replication.History;
import io.watchword.replication.ReplicationNode;
import io.watchword.replication.ReplicationStatus;
import io.watchword.server.AuthorityDriver;
import io.watchword.server.Dialer;
import io.watchword.server.Engine;
import io.watchword.server.OncePerPass;
import io.watchword.server.ReplicasInStep;
import io.watchword.server.ReplicationDriver;
import io.watchword.server.ServerGate;
import io.watchword.server.Shutdown;
import io.watchword.server.StatsSection;
import io.watchword.server.StreamJournal;
import io.watchword.server.Transfers;
import io.watchword.sys.Clock;
import io.watchword.sys.Disk;
import io.watchword.sys.Log;
import io.watchword.sys.Loop;
import io.watchword.sys.Trace;
import java.io.FileWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.IntSupplier;

/** Replication and authority of one server, put together. */
final class ReplicationWiring {
  private static final int DIAL_TIMEOUT_MS_MAX = 60_000;
  private static final long TICK_MS = 100;

  private final Config config;
  private final Clock clock;
  private final Log log;
  private final AllegianceFile promises;
  private final Allegiance promised;
  private final ReplicationDriver replication;
  private final AuthorityDriver authority;
  private final boolean traced;

  /**
   * @throws IOException when {@code watchword.state} is damaged or the trace cannot be written
   */
  ReplicationWiring(
      Config config,
      Engine engine,
      Clock clock,
      Log log,
      NettyLoop loop,
      Disk disk,
      Transfers transfers,
      IntSupplier port)
      throws IOException {
    this.config = config;
    this.clock = clock;
    this.log = log;
    promises = new AllegianceFile(disk);
    promised = promises.read();
    Trace trace = trace();
    traced = trace.on();
    replication =
        new ReplicationDriver(
            name(port.getAsInt()),
            config,
            engine,
            clock,
            log,
            trace,
            new SecureRandom(),
            dialer(loop),
            transfers,
            port);
    authority =
        new AuthorityDriver(
            promises,
            promised,
            clock,
            log,
            () -> config.get(Directives.CLAIM_WAIT_MS),
            replication,
            engine);
  }

  /** Gives the rest of the server its ways in; before {@link #start}. */
  void connect(
      Engine engine, Shutdown shutdown, ServerGate gate, StreamJournal journal, Loop loop) {
    HostPort follows = findMaster();
    if (follows != null) {
      replication.willFollow(follows);
    }
    config.appliedBy(
        Directives.DIR,
        dir -> {
          if (authority.isClaimed()) {
            throw new BadValue("a node of a sentinel group keeps its promises there");
          }
          promises.moveTo(new OsDisk(Path.of(dir)));
        });
    journal.to(replication.node().writer());
    engine.dispatcher().offer(Node.class, replication);
    engine.dispatcher().offer(Obedience.class, authority);
    ReplicationNode node = replication.node();
    engine.afterTurn(new OncePerPass(loop, node::hasNews, node::turnEnded));
    gate.stale(replication::isStale);
    gate.loading(replication::isLoading);
    gate.writeRefusal(
        () -> {
          if (authority.holdsWrites()) {
            return null;
          }
          String refusal = authority.findWriteRefusal();
          return refusal != null ? refusal : replication.findWriteRefusal();
        });
    loop.every(
        TICK_MS,
        () -> {
          replication.tick();
          authority.tick();
          engine.tick();
        });
    shutdown.waitsFor(new ReplicasInStep(replication.node(), engine));
    loop.every(TICK_MS, shutdown::tick);
  }

  /** Whether the node takes up the role of a master, so that keys past their deadline are its. */
  boolean startsAsMaster() {
    return findMaster() == null;
  }

  /** The master to follow, or null to be one. */
  private HostPort findMaster() {
    if (!promised.isClaimed()) {
      return config.get(Directives.REPLICAOF).orElse(null);
    }
    return promised.isMaster() ? null : new HostPort(promised.masterHost(), promised.masterPort());
  }

  /**
   * Takes up the role: what a sentinel group ordered, or what the configuration says. A node that
   * was fenced has promised to apply nothing of an older epoch, so it follows nobody until told.
   *
   * @param loaded what the snapshot on disk said of itself, {@link RdbInfo#NONE} without one
   */
  void start(RdbInfo loaded) {
    HostPort follows = findMaster();
    History saved =
        loaded.hasHistory() && loaded.replOffset() >= 0
            ? new History(loaded.replid(), History.NONE, -1, loaded.replOffset())
            : null;
    // A node that sentinels look after counts its stream from the start, so that it can report.
    boolean keepsStream = traced || promised.isClaimed();
    replication.start(
        saved,
        Math.max(0, loaded.streamDb()),
        Math.max(0, loaded.epoch()),
        follows,
        promised.fenced(),
        keepsStream);
    authority.started(saved == null && !replication.holdsData());
  }

  /** What a snapshot of this moment says of its history. */
  RdbInfo snapshotInfo() {
    ReplicationStatus now = replication.node().status();
    RdbInfo info = RdbInfo.NONE.inEpoch(now.epoch());
    return now.isWorthSaving()
        ? info.history(now.history().replid(), now.history().offset()).selected(now.streamDb())
        : info;
  }

  /** What INFO stats says of the syncs that this server gave. */
  StatsSection.Syncs syncs() {
    return replication.syncs();
  }

  /** The lines of INFO's section. */
  List<String> info() {
    return replication.info(authority.epoch(), authority.isConfirmed());
  }

  ReplicationDriver replication() {
    return replication;
  }

  private Dialer dialer(NettyLoop loop) {
    RespClient client = new RespClient(loop, log::warning);
    return (host, port, service, failed) ->
        client.connect(
            host,
            port,
            config.get(Directives.BIND_SOURCE_ADDR),
            (int) Math.min(DIAL_TIMEOUT_MS_MAX, config.get(Directives.REPL_TIMEOUT) * 1000),
            service,
            failed);
  }

  private Trace trace() throws IOException {
    String file = config.get(Directives.TRACE_LOG);
    return file.isEmpty()
        ? Trace.OFF
        : new NdjsonTrace(
            new FileWriter(file, StandardCharsets.UTF_8, true), clock::nanos, log::warning);
  }

  /** The address that others know this node by. */
  private String name(int port) {
    String announced = config.get(Directives.REPLICA_ANNOUNCE_IP);
    long announcedPort = config.get(Directives.REPLICA_ANNOUNCE_PORT);
    String bound = config.get(Directives.BIND).get(0).replace("-", "");
    String ip = announced.isEmpty() ? bound : announced;
    return (ip.equals("*") ? "127.0.0.1" : ip) + ":" + (announcedPort == 0 ? port : announcedPort);
  }
}
