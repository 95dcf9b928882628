package io.watchword.config;

import static io.watchword.config.Kinds.choice;
import static io.watchword.config.Kinds.fileName;
import static io.watchword.config.Kinds.integer;
import static io.watchword.config.Kinds.memory;
import static io.watchword.config.Kinds.octal;
import static io.watchword.config.Kinds.text;
import static io.watchword.config.Kinds.yesNo;

import java.util.ArrayList;
import java.util.List;

/**
 * Directives that have no effect here, each with the reason: they tune what Redis has and this
 * server has not, or what is off anyway. They are read and kept, so that a stock redis.conf starts
 * and CONFIG GET answers; the start of the server says which of them were given.
 */
final class Inert {
  private static final int INT_MAX = Integer.MAX_VALUE;
  private static final long MAX = Long.MAX_VALUE;
  private static final int PORT_MAX = 65535;
  private static final long MEGABYTE = 1 << 20;

  private static final String NO_AOF = "append-only files are off";
  private static final String NO_CLUSTER = "cluster mode is off";
  private static final String NO_TLS = "no TLS port is open";
  private static final String NO_LIMIT = "there is no memory limit";
  private static final String NO_ACL = "there are no ACL users";
  private static final String NO_DEFRAG = "active defragmentation is off";
  private static final String ONLY_STRINGS = "strings are the only type";
  private static final String AT_ONCE = "the memory of a string is given back at once";
  private static final String NO_SYSLOG = "nothing goes to the system's log";
  private static final String NO_SLOWLOG = "no slow log is kept";
  private static final String NO_FORK = "no process is forked and no page copied";

  static final List<Directive<?>> ROWS = rows();

  private Inert() {}

  private static List<Directive<?>> rows() {
    List<Directive<?>> rows = new ArrayList<>();
    addAppendOnly(rows);
    addCluster(rows);
    addTls(rows);
    addMemory(rows);
    addTypes(rows);
    addProcess(rows);
    addCommands(rows);
    addReplication(rows);
    return List.copyOf(rows);
  }

  private static void addAppendOnly(List<Directive<?>> rows) {
    rows.add(fixedFile("appendfilename", "appendonly.aof"));
    rows.add(fixedFile("appenddirname", "appendonlydir"));
    rows.add(
        Directive.of("appendfsync", choice("always", "everysec", "no"), "everysec")
            .noEffect(NO_AOF));
    rows.add(flag("no-appendfsync-on-rewrite", false, NO_AOF));
    rows.add(number("auto-aof-rewrite-percentage", 0, INT_MAX, 100, NO_AOF));
    rows.add(size("auto-aof-rewrite-min-size", 0, 64 * MEGABYTE, NO_AOF));
    rows.add(flag("aof-load-truncated", true, NO_AOF));
    rows.add(flag("aof-use-rdb-preamble", true, NO_AOF));
    rows.add(flag("aof-timestamp-enabled", false, NO_AOF));
    rows.add(flag("aof-rewrite-incremental-fsync", true, NO_AOF));
    rows.add(flag("aof-disable-auto-gc", false, NO_AOF));
  }

  private static Directive<String> fixedFile(String name, String initial) {
    return Directive.of(name, fileName(name), initial).fixed().noEffect(NO_AOF);
  }

  private static void addCluster(List<Directive<?>> rows) {
    rows.add(words("cluster-config-file", "nodes.conf", NO_CLUSTER).fixed());
    rows.add(number("cluster-node-timeout", 0, MAX, 15_000, NO_CLUSTER));
    rows.add(number("cluster-port", 0, PORT_MAX, 0, NO_CLUSTER).fixed());
    rows.add(words("cluster-announce-ip", "", NO_CLUSTER));
    rows.add(words("cluster-announce-hostname", "", NO_CLUSTER));
    rows.add(words("cluster-announce-human-nodename", "", NO_CLUSTER));
    rows.add(number("cluster-announce-port", 0, PORT_MAX, 0, NO_CLUSTER));
    rows.add(number("cluster-announce-bus-port", 0, PORT_MAX, 0, NO_CLUSTER));
    rows.add(number("cluster-announce-tls-port", 0, PORT_MAX, 0, NO_CLUSTER));
    rows.add(number("cluster-migration-barrier", 0, INT_MAX, 1, NO_CLUSTER));
    rows.add(
        number("cluster-replica-validity-factor", 0, INT_MAX, 10, NO_CLUSTER)
            .alias("cluster-slave-validity-factor"));
    rows.add(
        flag("cluster-replica-no-failover", false, NO_CLUSTER).alias("cluster-slave-no-failover"));
    rows.add(flag("cluster-require-full-coverage", true, NO_CLUSTER));
    rows.add(flag("cluster-allow-reads-when-down", false, NO_CLUSTER));
    rows.add(flag("cluster-allow-pubsubshard-when-down", true, NO_CLUSTER));
    rows.add(flag("cluster-allow-replica-migration", true, NO_CLUSTER));
    rows.add(size("cluster-link-sendbuf-limit", 0, 0, NO_CLUSTER));
    rows.add(
        Directive.of(
                "cluster-preferred-endpoint-type",
                choice("ip", "hostname", "unknown-endpoint"),
                "ip")
            .noEffect(NO_CLUSTER));
  }

  private static void addTls(List<Directive<?>> rows) {
    for (String name :
        List.of(
            "tls-cert-file",
            "tls-key-file",
            "tls-key-file-pass",
            "tls-client-cert-file",
            "tls-client-key-file",
            "tls-client-key-file-pass",
            "tls-dh-params-file",
            "tls-ca-cert-file",
            "tls-ca-cert-dir",
            "tls-protocols",
            "tls-ciphers",
            "tls-ciphersuites")) {
      rows.add(words(name, "", NO_TLS));
    }
    rows.add(
        Directive.of("tls-auth-clients", choice("no", "yes", "optional"), "yes").noEffect(NO_TLS));
    rows.add(flag("tls-prefer-server-ciphers", false, NO_TLS));
    rows.add(flag("tls-session-caching", true, NO_TLS));
    rows.add(number("tls-session-cache-size", 0, INT_MAX, 20 * 1024, NO_TLS));
    rows.add(number("tls-session-cache-timeout", 0, INT_MAX, 300, NO_TLS));
  }

  private static void addMemory(List<Directive<?>> rows) {
    rows.add(
        Directive.of(
                "maxmemory-policy",
                choice(
                    "volatile-lru",
                    "volatile-lfu",
                    "volatile-random",
                    "volatile-ttl",
                    "allkeys-lru",
                    "allkeys-lfu",
                    "allkeys-random",
                    "noeviction"),
                "noeviction")
            .noEffect(NO_LIMIT));
    rows.add(number("maxmemory-samples", 1, 64, 5, NO_LIMIT));
    rows.add(number("maxmemory-eviction-tenacity", 0, 100, 10, NO_LIMIT));
    rows.add(number("lfu-log-factor", 0, INT_MAX, 10, NO_LIMIT));
    rows.add(number("lfu-decay-time", 0, INT_MAX, 1, NO_LIMIT));
    rows.add(flag("replica-ignore-maxmemory", true, NO_LIMIT).alias("slave-ignore-maxmemory"));
    rows.add(flag("lazyfree-lazy-eviction", false, AT_ONCE));
    rows.add(flag("lazyfree-lazy-expire", false, AT_ONCE));
    rows.add(flag("lazyfree-lazy-server-del", false, AT_ONCE));
    rows.add(flag("lazyfree-lazy-user-del", false, AT_ONCE));
    rows.add(flag("lazyfree-lazy-user-flush", false, AT_ONCE));
    rows.add(flag("replica-lazy-flush", false, AT_ONCE).alias("slave-lazy-flush"));
    rows.add(number("active-defrag-threshold-lower", 0, 1000, 10, NO_DEFRAG));
    rows.add(number("active-defrag-threshold-upper", 0, 1000, 100, NO_DEFRAG));
    rows.add(size("active-defrag-ignore-bytes", 1, 100 * MEGABYTE, NO_DEFRAG));
    rows.add(number("active-defrag-cycle-min", 1, 99, 1, NO_DEFRAG));
    rows.add(number("active-defrag-cycle-max", 1, 99, 25, NO_DEFRAG));
    rows.add(number("active-defrag-max-scan-fields", 1, MAX, 1000, NO_DEFRAG));
    rows.add(flag("activerehashing", true, "the table grows by segments, within a command"));
    rows.add(flag("jemalloc-bg-thread", true, "the allocator is our own").fixed());
  }

  private static void addTypes(List<Directive<?>> rows) {
    rows.add(entries("hash-max-listpack-entries", 512).alias("hash-max-ziplist-entries"));
    rows.add(size("hash-max-listpack-value", 0, 64, ONLY_STRINGS).alias("hash-max-ziplist-value"));
    rows.add(
        number("list-max-listpack-size", Integer.MIN_VALUE, INT_MAX, -2, ONLY_STRINGS)
            .alias("list-max-ziplist-size"));
    rows.add(number("list-compress-depth", 0, INT_MAX, 0, ONLY_STRINGS));
    rows.add(entries("set-max-intset-entries", 512));
    rows.add(entries("set-max-listpack-entries", 128));
    rows.add(size("set-max-listpack-value", 0, 64, ONLY_STRINGS));
    rows.add(entries("zset-max-listpack-entries", 128).alias("zset-max-ziplist-entries"));
    rows.add(size("zset-max-listpack-value", 0, 64, ONLY_STRINGS).alias("zset-max-ziplist-value"));
    rows.add(size("hll-sparse-max-bytes", 0, 3000, ONLY_STRINGS));
    rows.add(size("stream-node-max-bytes", 0, 4096, ONLY_STRINGS));
    rows.add(number("stream-node-max-entries", 0, MAX, 100, ONLY_STRINGS));
    rows.add(
        Directive.of("sanitize-dump-payload", choice("no", "yes", "clients"), "no")
            .noEffect("every value that is loaded is checked"));
  }

  private static Directive<Long> entries(String name, long initial) {
    return number(name, 0, MAX, initial, ONLY_STRINGS);
  }

  private static void addProcess(List<Directive<?>> rows) {
    rows.add(flag("always-show-logo", false, "there is no logo").fixed());
    rows.add(flag("dynamic-hz", true, "hz does not follow the number of clients"));
    rows.add(flag("disable-thp", true, "the kernel decides about huge pages").fixed());
    rows.add(flag("set-proc-title", true, "a Java process cannot rename itself").fixed());
    rows.add(
        words(
            "proc-title-template",
            "{title} {listen-addr} {server-mode}",
            "a Java process cannot rename itself"));
    rows.add(flag("crash-log-enabled", true, "the Java runtime writes the report of a crash"));
    rows.add(flag("crash-memcheck-enabled", true, "the Java runtime writes the report of a crash"));
    rows.add(words("syslog-ident", "redis", NO_SYSLOG).fixed());
    rows.add(words("syslog-facility", "local0", NO_SYSLOG).fixed());
    rows.add(
        Directive.of("unixsocketperm", octal(), 0L).fixed().noEffect("no unix socket is open"));
    rows.add(words("ignore-warnings", "", "no warning about the kernel stops the start"));
    rows.add(words("locale-collate", "", "nothing is sorted by a locale"));
    rows.add(
        Directive.of(
                "oom-score-adj-values",
                ManyWords.words("three numbers", 3),
                List.of("0", "200", "800"))
            .noEffect("the kernel's out-of-memory score is left alone"));
    rows.add(flag("io-threads-do-reads", false, "one thread does input and output").fixed());
    rows.add(flag("rdb-save-incremental-fsync", true, NO_FORK));
  }

  private static void addCommands(List<Directive<?>> rows) {
    rows.add(number("slowlog-log-slower-than", -1, MAX, 10_000, NO_SLOWLOG));
    rows.add(number("slowlog-max-len", 0, MAX, 128, NO_SLOWLOG));
    rows.add(flag("latency-tracking", true, "latencies are not tracked by command"));
    rows.add(
        Directive.of(
                "latency-tracking-info-percentiles",
                ManyWords.words("percentiles", 0),
                List.of("50", "99", "99.9"))
            .noEffect("latencies are not tracked by command"));
    rows.add(number("tracking-table-max-keys", 0, MAX, 1_000_000, "keys are not tracked"));
    rows.add(
        number("busy-reply-threshold", 0, MAX, 5000, "there are no scripts")
            .alias("lua-time-limit"));
    rows.add(
        Directive.of("acl-pubsub-default", choice("allchannels", "resetchannels"), "resetchannels")
            .noEffect(NO_ACL));
    rows.add(number("acllog-max-len", 0, MAX, 128, NO_ACL));
  }

  private static void addReplication(List<Directive<?>> rows) {
    rows.add(
        number("min-replicas-max-lag", 0, INT_MAX, 10, "min-replicas-to-write is 0")
            .alias("min-slaves-max-lag"));
    rows.add(number("repl-backlog-ttl", 0, INT_MAX, 3600, "the backlog is kept for good"));
  }

  private static Directive<Boolean> flag(String name, boolean initial, String why) {
    return Directive.of(name, yesNo(), initial).noEffect(why);
  }

  private static Directive<Long> number(String name, long min, long max, long initial, String why) {
    return Directive.of(name, integer(min, max), initial).noEffect(why);
  }

  private static Directive<Long> size(String name, long min, long initial, String why) {
    return Directive.of(name, memory(min, MAX), initial).noEffect(why);
  }

  private static Directive<String> words(String name, String initial, String why) {
    return Directive.of(name, text(), initial).noEffect(why);
  }
}
