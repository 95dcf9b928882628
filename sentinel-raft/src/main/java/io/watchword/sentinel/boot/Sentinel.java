package io.watchword.sentinel.boot;

import io.watchword.net.Defects;
import io.watchword.net.NettyLoop;
import io.watchword.net.RespClient;
import io.watchword.net.RespServer;
import io.watchword.os.SystemClock;
import io.watchword.sentinel.api.ApiServer;
import io.watchword.sentinel.api.Context;
import io.watchword.sentinel.config.MasterLines;
import io.watchword.sentinel.config.SentinelConfig;
import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Effect;
import io.watchword.sentinel.core.Entry;
import io.watchword.sentinel.core.Event;
import io.watchword.sentinel.core.MasterConfig;
import io.watchword.sentinel.core.Member;
import io.watchword.sentinel.core.Self;
import io.watchword.sentinel.core.SentinelMachine;
import io.watchword.sentinel.core.SentinelState;
import io.watchword.sentinel.probe.Credentials;
import io.watchword.sentinel.probe.Links;
import io.watchword.sentinel.raft.RaftLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One running sentinel: the machine on one thread, with the log below it, connections around it and
 * clients above it.
 *
 * <p>The log delivers from JRaft's thread and is handed over to the loop; everything else happens
 * on the loop already.
 */
final class Sentinel implements AutoCloseable {
  private static final int TICK_MS = 10;
  private static final int ADMISSION_RETRY_MS = 300;
  private static final int CONNECT_MS_MAX = 1000;

  private final SentinelConfig config;
  private final SentinelLog log;
  private final SystemClock clock = new SystemClock();
  private final NettyLoop loop =
      new NettyLoop("sentinel", problem -> defect(Defects.describe(problem)));
  private final RaftLog raft;
  private final SentinelMachine machine;
  private final Links links;
  private final ApiServer api;
  private final RespServer listener;
  private final Steps steps;
  private volatile boolean closed;

  /**
   * Opens the folder and the ports; {@link #run} takes part.
   *
   * @param fatal told why this sentinel cannot go on
   */
  Sentinel(SentinelConfig config, SentinelLog log, Runnable shutdown, Consumer<String> fatal)
      throws IOException {
    this.config = config;
    this.log = log;
    Path folder = Path.of(config.dir(), "watchword-sentinel-" + config.port());
    listenerIsFree();
    raft =
        new RaftLog(
            new RaftLog.Settings(
                folder,
                config.bind(),
                config.source(),
                config.raftSelf(),
                config.raftMembers(),
                config.lines().electionTimeoutMs()),
            random40(),
            fatal);
    Address address = new Address(config.announcedIp(), config.announcedPort());
    Member member = new Member(raft.id(), raft.incarnation(), address, config.raftSelf());
    machine = new SentinelMachine(new Self(member, masters(), random40()));
    steps =
        new Steps(event -> machine.step(clock.nanos() / 1_000_000, event), this::perform, fatal);
    links = links();
    api =
        new ApiServer(
            new Context(
                machine,
                this::deliver,
                () -> !raft.leader().isEmpty(),
                config.raftMembers(),
                config.port(),
                ProcessHandle.current().pid(),
                clock::millis,
                shutdown),
            config.protectedMode() && !config.isBindGiven());
    listener =
        RespServer.listen(
            loop,
            config.bind(),
            config.port(),
            config.backlog(),
            config.keepaliveSeconds(),
            api,
            this::defect);
  }

  /** A busy API port is told before the Raft folder is touched. */
  private void listenerIsFree() throws IOException {
    try (java.net.ServerSocket probe = new java.net.ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new java.net.InetSocketAddress(config.bind(), config.port()));
    }
  }

  private Links links() throws IOException {
    Map<String, Credentials> byName = new LinkedHashMap<>();
    for (MasterLines m : config.lines().masters()) {
      byName.put(m.name, new Credentials(m.authUser(), m.authPass()));
    }
    RespClient client = new RespClient(loop, this::defect);
    return new Links(
        (to, service, failed) ->
            client.connect(to.host(), to.port(), config.source(), CONNECT_MS_MAX, service, failed),
        node ->
            machine
                .node(node)
                .map(view -> byName.getOrDefault(view.master(), Credentials.NONE))
                .orElse(Credentials.NONE),
        "sentinel-" + raft.id().substring(0, 8) + "-cmd",
        this::deliver,
        why -> log.line(SentinelLog.Level.WARNING, why));
  }

  private List<Entry.Monitored> masters() throws IOException {
    List<Entry.Monitored> out = new ArrayList<>();
    for (MasterLines m : config.lines().masters()) {
      MasterConfig agreed =
          new MasterConfig(m.quorum, m.downAfterMs(), m.failoverTimeoutMs(), m.parallelSyncs());
      out.add(new Entry.Monitored(m.name, new Address(resolved(m.host), m.port), agreed));
    }
    return out;
  }

  private String resolved(String host) throws IOException {
    boolean isAddress = host.matches("[0-9.]+") || host.contains(":");
    if (isAddress) {
      return host;
    }
    if (!config.lines().resolvesHostnames()) {
      throw new IOException("Can't resolve instance hostname.");
    }
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IOException("Can't resolve instance hostname.", e);
    }
  }

  /** Takes part in the group. Returns once the log runs; blocks while no others can be met. */
  void run() throws IOException, InterruptedException {
    loop.execute(this::introduce);
    boolean waits = false;
    while (!closed && !raft.isAdmitted()) {
      if (!waits) {
        waits = true;
        log.line(
            SentinelLog.Level.NOTICE,
            "Waiting to meet the other sentinels: at its first start a sentinel is written down by"
                + " more than half of them, so that one whose folder was lost is told from a"
                + " new one");
      }
      Thread.sleep(ADMISSION_RETRY_MS);
    }
    if (closed) {
      return;
    }
    raft.start(
        new RaftLog.Inbox() {
          @Override
          public void committed(long index, Entry entry) {
            loop.execute(() -> deliver(new Event.Committed(index, entry)));
          }

          @Override
          public void restored(long index, SentinelState state) {
            loop.execute(() -> deliver(new Event.Restored(index, state)));
          }

          @Override
          public void elected(long term) {
            loop.execute(() -> deliver(new Event.Elected(term)));
          }

          @Override
          public void deposed() {
            loop.execute(() -> deliver(new Event.Deposed()));
          }
        });
    loop.every(TICK_MS, () -> deliver(new Event.Tick()));
  }

  private void introduce() {
    log.line(SentinelLog.Level.WARNING, "Sentinel ID is " + raft.id());
    config.lines().remarks().forEach(r -> log.line(SentinelLog.Level.WARNING, r));
  }

  private void deliver(Event event) {
    steps.deliver(event);
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Propose p) {
      raft.propose(p.entry(), machine.leaderTerm());
    } else if (effect instanceof Effect.Announce a) {
      log.event(a.announcement());
      api.publish(a.announcement());
    } else if (effect instanceof Effect.Replied r) {
      api.replied(r.ticket(), r.ok(), r.text());
    } else if (effect instanceof Effect.HandOver) {
      raft.handOver();
    } else if (effect instanceof Effect.Note n) {
      log.line(SentinelLog.Level.NOTICE, n.text());
    } else {
      links.perform(effect);
    }
  }

  private void defect(String trace) {
    log.line(SentinelLog.Level.WARNING, "Defect: " + trace);
  }

  private static String random40() {
    byte[] bytes = new byte[20];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void close() {
    closed = true;
    listener.close();
    raft.close();
    loop.close();
  }
}
