package io.watchword.config;

import static io.watchword.config.Kinds.choice;
import static io.watchword.config.Kinds.integer;
import static io.watchword.config.Kinds.memory;
import static io.watchword.config.Kinds.memoryOrPercent;
import static io.watchword.config.Kinds.text;
import static io.watchword.config.Kinds.yesNo;

import java.util.List;

/**
 * Directives of features that are not built yet. Only a value that leaves the feature off is
 * accepted: a server that silently ran without what its file asks for would be worse than one that
 * refuses to start.
 */
final class NotBuilt {
  private static final int INT_MAX = Integer.MAX_VALUE;
  private static final int PORT_MAX = 65535;

  private NotBuilt() {}

  static final List<Directive<?>> ROWS =
      List.of(
          Directive.of("appendonly", yesNo(), false).notBuilt("append-only files"),
          Directive.of("cluster-enabled", yesNo(), false).fixed().notBuilt("cluster mode"),
          Directive.of("maxmemory", memory(0, Long.MAX_VALUE), 0L).notBuilt("a memory limit"),
          Directive.of("maxmemory-clients", memoryOrPercent(), 0L)
              .notBuilt("a memory limit for clients"),
          Directive.of("client-output-buffer-limit", OutputLimits.KIND, OutputLimits.REDIS_DEFAULT)
              .notBuilt("limits of one's own for output buffers"),
          Directive.of("min-replicas-to-write", integer(0, INT_MAX), 0L)
              .alias("min-slaves-to-write")
              .notBuilt("the refusal of writes without enough replicas"),
          Directive.of("notify-keyspace-events", text(), "").notBuilt("keyspace notifications"),
          Directive.of("latency-monitor-threshold", integer(0, Long.MAX_VALUE), 0L)
              .notBuilt("the latency monitor"),
          Directive.of("aclfile", text(), "").fixed().notBuilt("ACL users"),
          Directive.of("masteruser", text(), "").notBuilt("ACL users"),
          Directive.of("tls-port", integer(0, PORT_MAX), 0L).notBuilt("TLS"),
          Directive.of("tls-replication", yesNo(), false).notBuilt("TLS"),
          Directive.of("tls-cluster", yesNo(), false).notBuilt("TLS"),
          Directive.of("unixsocket", text(), "").fixed().notBuilt("listening on a unix socket"),
          Directive.of("io-threads", integer(1, 128), 1L)
              .fixed()
              .notBuilt("more than one thread for input and output"),
          Directive.of("activedefrag", yesNo(), false).notBuilt("active defragmentation"),
          Directive.of("active-expire-effort", integer(1, 10), 1L)
              .notBuilt("a choice of how hard to look for expired keys"),
          Directive.of("syslog-enabled", yesNo(), false)
              .fixed()
              .notBuilt("logging to the system's log"),
          Directive.of("supervised", choice("upstart", "systemd", "auto", "no"), "no")
              .fixed()
              .notBuilt("talking to a supervisor of processes", "auto"),
          Directive.of("oom-score-adj", choice("no", "yes", "relative", "absolute"), "no")
              .notBuilt("setting the kernel's out-of-memory score"),
          Directive.of("server_cpulist", text(), "").fixed().notBuilt("pinning to processors"),
          Directive.of("bio_cpulist", text(), "").fixed().notBuilt("pinning to processors"),
          Directive.of("aof_rewrite_cpulist", text(), "").fixed().notBuilt("pinning to processors"),
          Directive.of("bgsave_cpulist", text(), "").fixed().notBuilt("pinning to processors"),
          Directive.of("socket-mark-id", integer(0, 0xFFFF_FFFFL), 0L)
              .fixed()
              .notBuilt("marking sockets for the firewall"),
          Directive.of("enable-module-command", choice("no", "yes", "local"), "no")
              .fixed()
              .notBuilt("modules"),
          Directive.of("replica-announced", yesNo(), true)
              .notBuilt("hiding a replica from its sentinels"),
          Directive.of("replica-ignore-disk-write-errors", yesNo(), false)
              .notBuilt("a replica that goes on after it failed to write to disk"),
          Directive.of("repl-diskless-sync-max-replicas", integer(0, INT_MAX), 0L)
              .notBuilt("starting a full sync as soon as enough replicas wait"),
          Directive.of(
                  "repl-diskless-load",
                  choice("disabled", "on-empty-db", "swapdb", "flush-before-load"),
                  "disabled")
              .notBuilt("loading a full sync straight from the socket"),
          Directive.of("repl-disable-tcp-nodelay", yesNo(), false)
              .notBuilt("delaying the stream to save packets"),
          Directive.of("rdb-del-sync-files", yesNo(), false)
              .notBuilt("removing files of a full sync afterwards"),
          Directive.of("shutdown-on-sigint", text(), "default")
              .notBuilt("a choice of what SIGINT does"),
          Directive.of("shutdown-on-sigterm", text(), "default")
              .notBuilt("a choice of what SIGTERM does"),
          Directive.of(
                  "propagation-error-behavior",
                  choice("ignore", "panic", "panic-on-replicas"),
                  "ignore")
              .notBuilt("stopping at an error in the stream"));

  /** The limits of the three classes of clients, kept as words. */
  private static final class OutputLimits {
    private static final int WORDS_EACH = 4;
    private static final List<String> CLASSES = List.of("normal", "slave", "replica", "pubsub");
    static final List<String> REDIS_DEFAULT =
        List.of(("normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60").split(" "));

    static final Kind<List<String>> KIND =
        new Kind<>() {
          @Override
          public List<String> parse(List<String> words) throws BadValue {
            return OutputLimits.parse(words);
          }

          @Override
          public String show(List<String> value) {
            return String.join(" ", value);
          }

          @Override
          public String grammar() {
            return "(class hard soft seconds)...";
          }

          @Override
          public boolean takesMany() {
            return true;
          }
        };

    /**
     * The default with the classes that were named replaced, so naming one default changes nothing.
     */
    private static List<String> parse(List<String> words) throws BadValue {
      if (words.isEmpty() || words.size() % WORDS_EACH != 0) {
        throw new BadValue("Wrong number of arguments in buffer limit configuration.");
      }
      String[] limits = REDIS_DEFAULT.toArray(String[]::new);
      for (int i = 0; i < words.size(); i += WORDS_EACH) {
        String name = words.get(i);
        int index = CLASSES.indexOf(name);
        if (index < 0) {
          throw new BadValue("Invalid client class specified in buffer limit configuration.");
        }
        int place = index == 0 ? 0 : index < 3 ? WORDS_EACH : 2 * WORDS_EACH;
        for (int j = 1; j < WORDS_EACH; j++) {
          limits[place + j] = limit(words.get(i + j));
        }
      }
      return List.of(limits);
    }

    private static String limit(String word) throws BadValue {
      try {
        return Long.toString(memory(0, Long.MAX_VALUE).parse(List.of(word)));
      } catch (BadValue e) {
        throw new BadValue(
            "Error in hard, soft or soft_seconds setting in buffer limit configuration.");
      }
    }
  }
}
