package io.watchword.boot;

import io.watchword.config.BadValue;
import io.watchword.config.Config;
import io.watchword.config.Directive;
import io.watchword.config.Directives;
import io.watchword.keyspace.Keyspace;
import io.watchword.net.Defects;
import io.watchword.net.NettyLoop;
import io.watchword.net.RespServer;
import io.watchword.os.SystemClock;
import io.watchword.rdb.RdbInfo;
import io.watchword.server.Admission;
import io.watchword.server.CommandIndex;
import io.watchword.server.Cron;
import io.watchword.server.Engine;
import io.watchword.server.PlainSection;
import io.watchword.server.ServerGate;
import io.watchword.server.Shutdown;
import io.watchword.server.SnapshotTransfers;
import io.watchword.server.StreamJournal;
import io.watchword.sys.Clock;
import io.watchword.sys.Log;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * One data server put together: constructor calls from top to bottom, no framework. {@link Main}
 * runs one in a process of its own; tests run several in theirs.
 */
public final class DataServer implements AutoCloseable {
  /** Of the heap that pages may take; the rest is for connections, tables and the collector. */
  private static final double PAGES_SHARE = 0.85;

  private static final int EXPIRE_SEGMENTS_A_SLICE = 8;
  private static final int REAP_SEGMENTS_A_SLICE = 4;

  private final Config config;
  private final Log log;
  private final IntConsumer exit;
  private final NettyLoop loop;
  private final Clock clock = new SystemClock();
  private final ServerGate gate = new ServerGate();
  private final StreamJournal journal = new StreamJournal();
  private final Cron cron;
  private final Shutdown shutdown;
  private final AtomicBoolean signalled = new AtomicBoolean();
  private final Keyspace keyspace;
  private final Engine engine;
  private final PersistenceWiring persistence;
  private final List<RespServer> listeners = new ArrayList<>();
  private CommandPorts ports;
  private ReplicationWiring replication;

  private DataServer(Config config, Log log, IntConsumer exit) {
    this.config = config;
    this.log = log;
    this.exit = exit;
    loop =
        new NettyLoop(
            "command", problem -> log.warning("A task failed: " + Defects.describe(problem)));
    cron = new Cron(loop, log::warning);
    shutdown = new Shutdown(log, clock, () -> config.get(Directives.SHUTDOWN_TIMEOUT), exit);
    SecureRandom secret = new SecureRandom();
    keyspace =
        new Keyspace(
            Math.toIntExact(config.get(Directives.DATABASES)),
            (long) (Runtime.getRuntime().maxMemory() * PAGES_SHARE),
            secret.nextLong(),
            secret.nextLong());
    engine =
        new Engine(
            clock,
            keyspace,
            CommandIndex.table(),
            gate,
            journal,
            new SplittableRandom(secret.nextLong()));
    persistence = new PersistenceWiring(config, engine, clock, log, loop);
    persistence.connect(gate, shutdown);
  }

  /**
   * Starts a server and returns once it listens and has loaded its data.
   *
   * @param exit ends the process; called by SHUTDOWN, signals, and when the data cannot be loaded
   * @throws IOException when an address cannot be bound
   */
  public static DataServer start(Config config, Log log, IntConsumer exit) throws IOException {
    DataServer server = open(config, log, exit);
    server.load();
    return server;
  }

  /** Starts a server that listens and answers -LOADING until {@link #load} has returned. */
  static DataServer open(Config config, Log log, IntConsumer exit) throws IOException {
    DataServer server = new DataServer(config, log, exit);
    try {
      server.onLoop(server::offer);
      server.listen();
      server.replicate();
      server.onLoop(server::wire);
      // Not before: what a first command asks for must be there.
      server.listeners.forEach(RespServer::open);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** Runs on the command thread and waits: the constructor's thread owns nothing afterwards. */
  private void onLoop(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        });
    done.join();
  }

  private void replicate() throws IOException {
    SnapshotTransfers transfers =
        new SnapshotTransfers(
            loop,
            clock,
            persistence.disk(),
            log,
            keyspace,
            persistence.snapshots(),
            persistence.settings()::run,
            () -> replication.snapshotInfo(),
            () -> config.get(Directives.DBFILENAME),
            () -> persistence.giveUp("another data set is about to be loaded"),
            () -> engine.stats().changes = 0);
    try {
      replication =
          new ReplicationWiring(
              config, engine, clock, log, loop, persistence.disk(), transfers, this::port);
    } catch (IOException e) {
      // Not a matter of addresses: a damaged watchword.state, or a trace that cannot be written.
      log.warning("Can't take up a role: " + e.getMessage() + ", aborting.");
      exit.accept(1);
      throw e;
    }
    persistence.info(replication::snapshotInfo);
  }

  /** Loads the data; the process ends when they cannot be loaded. */
  void load() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    loop.execute(
        () ->
            persistence.load(
                replication.startsAsMaster(),
                info -> {
                  ready(info);
                  done.complete(true);
                },
                () -> done.complete(false)));
    if (!done.join()) {
      exit.accept(1);
    }
  }

  /** What commands find must be there before the first client is. */
  private void offer() {
    engine.admittedBy(new Admission(config));
    engine.onClosing(log::verbose);
    ports = new CommandPorts(config, engine, shutdown, clock, loop.kind());
    ports.info().sections().put(PlainSection.of("Persistence", persistence.info()::lines));
  }

  private void wire() {
    wireLimits();
    ports.info().sections().put(PlainSection.of("Replication", replication::info));
    ports.info().stats().syncs(replication::syncs);
    cron.add(ports.info()::sample);
    replication.connect(engine, shutdown, gate, journal, loop);
  }

  /**
   * The data are there: what works on them begins.
   *
   * @param info what they say of themselves
   */
  private void ready(RdbInfo info) {
    replication.start(info);
    cron.add(
        () -> {
          // Half a data set must not replace the whole one on disk.
          if (!gate.isLoading()) {
            persistence.tick();
          }
        });
    cron.addLong(this::expireSlice);
    cron.addLong(() -> keyspace.reap(REAP_SEGMENTS_A_SLICE));
    cron.start(config.get(Directives.HZ));
    config.appliedBy(Directives.HZ, cron::start);
    log.notice("Ready to accept connections");
  }

  private boolean expireSlice() {
    return ports.activeExpire() && engine.expireDue(EXPIRE_SEGMENTS_A_SLICE);
  }

  /** What was bound at the start stays bound: a change would be taken and not obeyed. */
  private <T> void staysAsIs(Directive<T> directive) {
    T bound = config.get(directive);
    config.appliedBy(
        directive,
        value -> {
          if (!value.equals(bound)) {
            throw new BadValue("changing it in a running server is not built yet");
          }
        });
  }

  private void closeIdle() {
    long seconds = config.get(Directives.TIMEOUT);
    if (seconds > 0) {
      engine.closeIdle(seconds * 1000);
    }
  }

  private void wireLimits() {
    staysAsIs(Directives.PORT);
    staysAsIs(Directives.BIND);
    staysAsIs(Directives.TCP_KEEPALIVE);
    cron.add(this::closeIdle);
    gate.authRequired(!config.get(Directives.REQUIREPASS).isEmpty());
    config.appliedBy(Directives.REQUIREPASS, word -> gate.authRequired(!word.isEmpty()));
    engine.limits(
        config.get(Directives.PROTO_MAX_BULK_LEN),
        config.get(Directives.CLIENT_QUERY_BUFFER_LIMIT));
    config.appliedBy(
        Directives.PROTO_MAX_BULK_LEN,
        bytes -> engine.limits(bytes, config.get(Directives.CLIENT_QUERY_BUFFER_LIMIT)));
    config.appliedBy(
        Directives.CLIENT_QUERY_BUFFER_LIMIT,
        bytes -> engine.limits(config.get(Directives.PROTO_MAX_BULK_LEN), bytes));
  }

  private void listen() throws IOException {
    long port = config.get(Directives.PORT);
    int backlog = (int) Math.min(65_535, config.get(Directives.TCP_BACKLOG));
    int keepalive = (int) (long) config.get(Directives.TCP_KEEPALIVE);
    for (String address : addresses(config.get(Directives.BIND))) {
      boolean optional = address.startsWith("-");
      String name = optional ? address.substring(1) : address;
      try {
        listeners.add(
            RespServer.bind(loop, name, (int) port, backlog, keepalive, engine, log::warning));
      } catch (IOException e) {
        if (!optional) {
          log.warning(
              "Warning: Could not create server TCP listening socket "
                  + name
                  + ":"
                  + port
                  + ": "
                  + e.getMessage());
          throw e;
        }
      }
    }
  }

  /** All interfaces are one socket here, of both address families where the system has both. */
  private static List<String> addresses(List<String> bind) {
    if (bind.contains("*")) {
      return List.of("0.0.0.0");
    }
    return bind.stream().map(address -> address.replace("::*", "::")).toList();
  }

  /** The port that the first socket listens on. */
  public int port() {
    return listeners.get(0).port();
  }

  /** Whether it follows a master, as of a moment ago; callable from any thread. */
  public boolean isReplica() {
    return engine.dispatcher().isReplica();
  }

  /**
   * A signal of that name came: the first is a request, the second an order. The order is carried
   * out here, since what keeps the command thread may be why there is a second. Callable from any
   * thread.
   */
  public void signalled(String name) {
    if (!signalled.compareAndSet(false, true)) {
      log.warning("Received " + name + " again, exiting now without saving.");
      exit.accept(1);
      return;
    }
    loop.execute(() -> shutdown.signalled(name));
  }

  /** Waits until the server is closed. */
  public void join() {
    loop.join();
  }

  @Override
  public void close() {
    listeners.forEach(RespServer::close);
    loop.close();
    persistence.close();
  }
}
