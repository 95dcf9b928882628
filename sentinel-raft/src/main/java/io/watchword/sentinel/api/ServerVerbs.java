package io.watchword.sentinel.api;

import io.watchword.bytes.Bytes;
import io.watchword.sentinel.core.MasterState;
import io.watchword.sentinel.core.NodeView;
import io.watchword.sentinel.core.SentinelMachine;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** INFO, COMMAND, SHUTDOWN. */
final class ServerVerbs {
  static final String REDIS_VERSION = "7.2.4";
  private static final List<String> SECTIONS =
      List.of("server", "clients", "cpu", "stats", "sentinel");
  private static final List<String> EVERYTHING = List.of("all", "default", "everything");
  private final ApiServer server;

  private ServerVerbs(ApiServer server) {
    this.server = server;
  }

  static List<Verb> of(ApiServer server) {
    ServerVerbs v = new ServerVerbs(server);
    return List.of(
        new Verb("info", -1, v::info),
        new Verb("command", -1, v::command),
        new Verb("shutdown", -1, v::shutdown));
  }

  private void shutdown(Session s, List<Bytes> args) {
    for (Bytes arg : args.subList(1, args.size())) {
      String word = arg.toString().toLowerCase(Locale.ROOT);
      if (!List.of("save", "nosave", "now", "force").contains(word)) {
        s.out.error("ERR syntax error");
        return;
      }
    }
    server.context().shutdown().run();
  }

  private void command(Session s, List<Bytes> args) {
    Collection<Verb> verbs = server.verbs();
    if (args.size() == 1) {
      s.out.array(verbs.size());
      verbs.forEach(verb -> row(s, verb));
      return;
    }
    String what = args.get(1).toString().toLowerCase(Locale.ROOT);
    if (what.equals("count") && args.size() == 2) {
      s.out.integer(verbs.size());
    } else if (what.equals("list") && args.size() == 2) {
      s.out.array(verbs.size());
      verbs.forEach(verb -> s.out.bulk(verb.name()));
    } else {
      s.out.error("ERR unknown subcommand '" + args.get(1) + "'. Try COMMAND HELP.");
    }
  }

  /** Ten fields as since Redis 7; a sentinel's commands have no keys, hence the zeros. */
  private static void row(Session s, Verb verb) {
    s.out.array(10);
    s.out.bulk(verb.name());
    s.out.integer(verb.arity());
    s.out.set(0);
    s.out.integer(0);
    s.out.integer(0);
    s.out.integer(0);
    s.out.set(0);
    s.out.array(0);
    s.out.array(0);
    s.out.array(0);
  }

  private void info(Session s, List<Bytes> args) {
    List<String> wanted =
        args.subList(1, args.size()).stream()
            .map(a -> a.toString().toLowerCase(Locale.ROOT))
            .toList();
    boolean all = wanted.isEmpty() || wanted.stream().anyMatch(EVERYTHING::contains);
    StringBuilder text = new StringBuilder();
    for (String section : SECTIONS) {
      if (all || wanted.contains(section)) {
        text.append(text.length() == 0 ? "" : "\r\n");
        section(section, text);
      }
    }
    s.out.verbatim(text.toString());
  }

  private void section(String section, StringBuilder text) {
    switch (section) {
      case "server" -> server(text);
      case "clients" -> clients(text);
      case "cpu" -> cpu(text);
      case "stats" -> stats(text);
      default -> sentinel(text);
    }
  }

  private void server(StringBuilder text) {
    Context c = server.context();
    long upSeconds = (c.wallMs().getAsLong() - server.startedMs()) / 1000;
    text.append("# Server\r\n");
    line(text, "redis_version", REDIS_VERSION);
    line(text, "server_name", "watchword");
    line(text, "watchword_version", "0.1.0");
    line(text, "redis_mode", "sentinel");
    line(text, "arch_bits", 64);
    line(text, "process_id", c.pid());
    line(text, "run_id", c.machine().self().member().id());
    line(text, "tcp_port", c.port());
    line(text, "uptime_in_seconds", upSeconds);
    line(text, "uptime_in_days", upSeconds / 86_400);
  }

  private void clients(StringBuilder text) {
    text.append("# Clients\r\n");
    line(text, "connected_clients", server.sessions().size());
  }

  private static void cpu(StringBuilder text) {
    double seconds = ProcessCpu.seconds();
    text.append("# CPU\r\n");
    line(text, "used_cpu_user", String.format(Locale.ROOT, "%.6f", seconds));
  }

  private void stats(StringBuilder text) {
    text.append("# Stats\r\n");
    line(text, "total_connections_received", server.connections());
    line(text, "total_commands_processed", server.commands());
    line(text, "pubsub_channels", server.pubsub().channels());
    line(text, "pubsub_patterns", server.pubsub().patterns());
  }

  private void sentinel(StringBuilder text) {
    SentinelMachine machine = server.context().machine();
    text.append("# Sentinel\r\n");
    line(text, "sentinel_masters", machine.state().masters().size());
    line(text, "sentinel_tilt", 0);
    line(text, "sentinel_tilt_since_seconds", -1);
    line(text, "sentinel_running_scripts", 0);
    line(text, "sentinel_scripts_queue_length", 0);
    line(text, "sentinel_simulate_failure_flags", 0);
    int i = 0;
    for (MasterState m : machine.state().masters().values()) {
      boolean down = machine.node(m.master()).map(NodeView::isDown).orElse(false);
      String status = m.isObjectivelyDown() ? "odown" : down ? "sdown" : "ok";
      line(
          text,
          "master" + i++,
          "name="
              + m.name()
              + ",status="
              + status
              + ",address="
              + m.master()
              + ",slaves="
              + m.replicas().size()
              + ",sentinels="
              + machine.state().sentinels().size());
    }
    line(text, "watchword_group", machine.state().group());
    line(text, "watchword_leader", machine.leaderTerm() >= 0 ? 1 : 0);
    line(text, "watchword_applied_index", machine.appliedIndex());
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(name).append(':').append(value).append("\r\n");
  }
}
