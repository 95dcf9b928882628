package io.watchword.config;

import static io.watchword.config.Kinds.choice;
import static io.watchword.config.Kinds.clamped;
import static io.watchword.config.Kinds.fileName;
import static io.watchword.config.Kinds.integer;
import static io.watchword.config.Kinds.memory;
import static io.watchword.config.Kinds.text;
import static io.watchword.config.Kinds.yesNo;

import io.watchword.config.ManyWords.HostPort;
import io.watchword.config.ManyWords.SavePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The data server's directives: every name of redis.conf 7.2 and its older spellings, and a few of
 * our own.
 *
 * <p>A directive that is obeyed is a constant here. Those that have no effect stand in {@link
 * Inert}, those whose feature is not built in {@link NotBuilt}; when a feature comes, its rows move
 * here. Names, ranges and defaults are Redis's, so that a stock redis.conf starts this server.
 */
public final class Directives {
  private static final int INT_MAX = Integer.MAX_VALUE;
  private static final long UINT_MAX = 0xFFFF_FFFFL;
  private static final int PORT_MAX = 65535;
  private static final long MEGABYTE = 1 << 20;

  /** A request is held in one array, and so is a transaction by the replicas. */
  private static final long REQUEST_BYTES_MAX = 1024 * MEGABYTE;

  private Directives() {}

  // The network.

  public static final Directive<List<String>> BIND =
      Directive.of("bind", ManyWords.addresses(), List.of("*", "-::*"));
  public static final Directive<Long> PORT = Directive.of("port", integer(0, PORT_MAX), 6379L);
  public static final Directive<Boolean> PROTECTED_MODE =
      Directive.of("protected-mode", yesNo(), true);
  public static final Directive<Long> TCP_BACKLOG =
      Directive.of("tcp-backlog", integer(0, INT_MAX), 511L).fixed();

  /** Seconds of silence after which a client is closed; 0 for never. */
  public static final Directive<Long> TIMEOUT = Directive.of("timeout", integer(0, INT_MAX), 0L);

  /** Seconds between probes of an idle connection; 0 for none. */
  public static final Directive<Long> TCP_KEEPALIVE =
      Directive.of("tcp-keepalive", integer(0, INT_MAX), 300L);

  public static final Directive<Long> MAXCLIENTS =
      Directive.of("maxclients", integer(1, UINT_MAX), 10_000L);
  public static final Directive<Long> PROTO_MAX_BULK_LEN =
      Directive.of("proto-max-bulk-len", memory(MEGABYTE, REQUEST_BYTES_MAX), 512 * MEGABYTE);
  public static final Directive<Long> CLIENT_QUERY_BUFFER_LIMIT =
      Directive.of(
          "client-query-buffer-limit", memory(MEGABYTE, REQUEST_BYTES_MAX), REQUEST_BYTES_MAX);
  public static final Directive<String> BIND_SOURCE_ADDR =
      Directive.of("bind-source-addr", text(), "");

  // The process.

  public static final Directive<Boolean> DAEMONIZE =
      Directive.of("daemonize", yesNo(), false).fixed();
  public static final Directive<String> PIDFILE = Directive.of("pidfile", text(), "").fixed();
  public static final Directive<String> LOGFILE = Directive.of("logfile", text(), "").fixed();
  public static final Directive<String> LOGLEVEL =
      Directive.of("loglevel", choice("debug", "verbose", "notice", "warning"), "notice");
  public static final Directive<Long> DATABASES =
      Directive.of("databases", integer(1, INT_MAX), 16L).fixed();

  /** Turns of the background work a second. */
  public static final Directive<Long> HZ = Directive.of("hz", clamped(1, 500), 10L);

  public static final Directive<String> ENABLE_DEBUG_COMMAND =
      Directive.of("enable-debug-command", choice("no", "yes", "local"), "no").fixed();
  public static final Directive<String> ENABLE_PROTECTED_CONFIGS =
      Directive.of("enable-protected-configs", choice("no", "yes", "local"), "no").fixed();
  public static final Directive<String> REQUIREPASS = Directive.of("requirepass", text(), "");

  // The files.

  public static final Directive<String> DIR = Directive.of("dir", text(), ".").guardedOne();
  public static final Directive<String> DBFILENAME =
      Directive.of("dbfilename", fileName("dbfilename"), "dump.rdb").guardedOne();
  public static final Directive<List<SavePoint>> SAVE =
      Directive.of(
          "save",
          ManyWords.savePoints(),
          List.of(new SavePoint(3600, 1), new SavePoint(300, 100), new SavePoint(60, 10_000)));
  public static final Directive<Boolean> RDBCOMPRESSION =
      Directive.of("rdbcompression", yesNo(), true);
  public static final Directive<Boolean> RDBCHECKSUM =
      Directive.of("rdbchecksum", yesNo(), true).fixed();
  public static final Directive<Boolean> STOP_WRITES_ON_BGSAVE_ERROR =
      Directive.of("stop-writes-on-bgsave-error", yesNo(), true);

  // Replication.

  public static final Directive<Optional<HostPort>> REPLICAOF =
      Directive.of("replicaof", ManyWords.hostPort(), Optional.<HostPort>empty())
          .alias("slaveof")
          .fixed();
  public static final Directive<String> MASTERAUTH = Directive.of("masterauth", text(), "");
  public static final Directive<Boolean> REPLICA_READ_ONLY =
      Directive.of("replica-read-only", yesNo(), true).alias("slave-read-only");
  public static final Directive<Boolean> REPLICA_SERVE_STALE_DATA =
      Directive.of("replica-serve-stale-data", yesNo(), true).alias("slave-serve-stale-data");
  public static final Directive<Long> REPLICA_PRIORITY =
      Directive.of("replica-priority", integer(0, INT_MAX), 100L).alias("slave-priority");
  public static final Directive<String> REPLICA_ANNOUNCE_IP =
      Directive.of("replica-announce-ip", text(), "").alias("slave-announce-ip");
  public static final Directive<Long> REPLICA_ANNOUNCE_PORT =
      Directive.of("replica-announce-port", integer(0, PORT_MAX), 0L).alias("slave-announce-port");
  public static final Directive<Long> REPL_BACKLOG_SIZE =
      Directive.of("repl-backlog-size", memory(1, Long.MAX_VALUE), MEGABYTE);
  public static final Directive<Boolean> REPL_DISKLESS_SYNC =
      Directive.of("repl-diskless-sync", yesNo(), true);

  /** Seconds that a full sync waits for more replicas to join it. */
  public static final Directive<Long> REPL_DISKLESS_SYNC_DELAY =
      Directive.of("repl-diskless-sync-delay", integer(0, INT_MAX), 5L);

  /** Seconds of silence after which a replication link is given up. */
  public static final Directive<Long> REPL_TIMEOUT =
      Directive.of("repl-timeout", integer(1, INT_MAX), 60L);

  /** Seconds for which a shutdown waits for replicas that lag; 0 for not at all. */
  public static final Directive<Long> SHUTDOWN_TIMEOUT =
      Directive.of("shutdown-timeout", integer(0, INT_MAX), 10L);

  /** Seconds between two pings of a master to its replicas. */
  public static final Directive<Long> REPL_PING_REPLICA_PERIOD =
      Directive.of("repl-ping-replica-period", integer(1, INT_MAX), 10L)
          .alias("repl-ping-slave-period");

  // What Redis does not have.

  /** What an acknowledged write is worth; the stricter modes are not built yet. */
  public static final Directive<String> CONSISTENCY =
      Directive.of("consistency", choice("available", "bounded", "linearizable"), "available")
          .fixed()
          .notBuilt("the modes bounded and linearizable");

  /** Milliseconds that a claimed master that restarts waits to hear from its sentinels. */
  public static final Directive<Long> CLAIM_WAIT_MS =
      Directive.of("claim-wait-ms", integer(0, INT_MAX), 10_000L);

  /** Whether a claimed replica that holds data takes in a master that came back with none. */
  public static final Directive<Boolean> REPLICA_ACCEPT_EMPTY_MASTER =
      Directive.of("replica-accept-empty-master", yesNo(), false);

  /** File that takes the steps of the replication machines as ndjson; empty for none. */
  public static final Directive<String> TRACE_LOG = Directive.of("trace-log", text(), "").fixed();

  /** Every row, in the order of the documentation. */
  public static final List<Directive<?>> ALL = all();

  private static List<Directive<?>> all() {
    List<Directive<?>> rows = new ArrayList<>();
    rows.addAll(List.of(BIND, PORT, PROTECTED_MODE, TCP_BACKLOG, TIMEOUT, TCP_KEEPALIVE));
    rows.addAll(List.of(MAXCLIENTS, PROTO_MAX_BULK_LEN, CLIENT_QUERY_BUFFER_LIMIT));
    rows.addAll(List.of(BIND_SOURCE_ADDR, DAEMONIZE, PIDFILE, LOGFILE, LOGLEVEL));
    rows.addAll(List.of(DATABASES, HZ));
    rows.addAll(List.of(ENABLE_DEBUG_COMMAND, ENABLE_PROTECTED_CONFIGS, REQUIREPASS));
    rows.addAll(List.of(DIR, DBFILENAME, SAVE, RDBCOMPRESSION, RDBCHECKSUM));
    rows.addAll(List.of(STOP_WRITES_ON_BGSAVE_ERROR, REPLICAOF, MASTERAUTH));
    rows.addAll(List.of(REPLICA_READ_ONLY, REPLICA_SERVE_STALE_DATA, REPLICA_PRIORITY));
    rows.addAll(List.of(REPLICA_ANNOUNCE_IP, REPLICA_ANNOUNCE_PORT, REPL_BACKLOG_SIZE));
    rows.addAll(List.of(REPL_DISKLESS_SYNC, REPL_DISKLESS_SYNC_DELAY, REPL_TIMEOUT));
    rows.add(SHUTDOWN_TIMEOUT);
    rows.addAll(List.of(REPL_PING_REPLICA_PERIOD, CONSISTENCY, CLAIM_WAIT_MS));
    rows.addAll(List.of(REPLICA_ACCEPT_EMPTY_MASTER, TRACE_LOG));
    rows.addAll(NotBuilt.ROWS);
    rows.addAll(Inert.ROWS);
    return List.copyOf(rows);
  }
}
