package io.watchword.sentinel.api;

import io.watchword.bytes.Bytes;
import io.watchword.resp.RespWriter;
import java.util.List;
import java.util.Locale;

/** PING, HELLO, AUTH, CLIENT, QUIT. */
final class ConnectionVerbs {
  private static final String WRONGPASS =
      "WRONGPASS invalid username-password pair or user is disabled.";
  private final ApiServer server;

  private ConnectionVerbs(ApiServer server) {
    this.server = server;
  }

  static List<Verb> of(ApiServer server) {
    ConnectionVerbs v = new ConnectionVerbs(server);
    return List.of(
        new Verb("ping", -1, v::ping),
        new Verb("hello", -1, v::hello),
        new Verb("auth", -2, v::auth),
        new Verb("client", -2, v::client),
        new Verb("quit", -1, v::quit));
  }

  private void ping(Session s, List<Bytes> args) {
    if (args.size() > 2) {
      s.out.error("ERR wrong number of arguments for 'ping' command");
    } else if (s.out.protocol() == 2 && server.pubsub().countOf(s) > 0) {
      s.out.array(2);
      s.out.bulk("pong");
      s.out.bulk(args.size() == 2 ? args.get(1) : Bytes.EMPTY);
    } else if (args.size() == 2) {
      s.out.bulk(args.get(1));
    } else {
      s.out.simple("PONG");
    }
  }

  private void quit(Session s, List<Bytes> args) {
    s.out.ok();
    s.closeAfterReply();
  }

  private void hello(Session s, List<Bytes> args) {
    int protocol = s.out.protocol();
    int next = 1;
    if (args.size() > 1) {
      String wanted = args.get(1).toString();
      if (!wanted.matches("-?\\d{1,18}")) {
        s.out.error("ERR Protocol version is not an integer or out of range");
        return;
      }
      if (!wanted.equals("2") && !wanted.equals("3")) {
        s.out.error("NOPROTO unsupported protocol version");
        return;
      }
      protocol = Integer.parseInt(wanted);
      next = 2;
    }
    String name = null;
    while (next < args.size()) {
      String option = args.get(next).toString().toLowerCase(Locale.ROOT);
      int left = args.size() - next - 1;
      if (option.equals("auth") && left >= 2) {
        if (!args.get(next + 1).toString().equals("default")) {
          s.out.error(WRONGPASS);
          return;
        }
        next += 3;
      } else if (option.equals("setname") && left >= 1) {
        name = args.get(next + 1).toString();
        next += 2;
      } else {
        s.out.error("ERR Syntax error in HELLO option '" + args.get(next) + "'");
        return;
      }
    }
    if (name != null && !named(s, name)) {
      return;
    }
    s.out.protocol(protocol);
    RespWriter out = s.out;
    out.map(6);
    out.bulk("server");
    out.bulk("redis");
    out.bulk("version");
    out.bulk(ServerVerbs.REDIS_VERSION);
    out.bulk("proto");
    out.integer(protocol);
    out.bulk("id");
    out.integer(s.id);
    out.bulk("mode");
    out.bulk("sentinel");
    out.bulk("modules");
    out.array(0);
  }

  /** There are no passwords and one user here, and the answers are those of such a Redis. */
  private void auth(Session s, List<Bytes> args) {
    if (args.size() > 3) {
      s.out.error("ERR syntax error");
    } else if (args.size() == 2) {
      s.out.error(
          "ERR AUTH <password> called without any password configured for the default user. Are you"
              + " sure your configuration is correct?");
    } else if (args.get(1).toString().equals("default")) {
      s.out.ok();
    } else {
      s.out.error(WRONGPASS);
    }
  }

  private void client(Session s, List<Bytes> args) {
    String what = args.get(1).toString().toLowerCase(Locale.ROOT);
    String form = what + args.size();
    switch (form) {
      case "id2" -> s.out.integer(s.id);
      case "getname2" -> getName(s);
      case "info2" -> s.out.verbatim(line(s));
      case "list2" -> list(s);
      case "setname3" -> {
        if (named(s, args.get(2).toString())) {
          s.out.ok();
        }
      }
      case "setinfo4" -> setInfo(s, args);
      default -> {
        if (List.of("id", "getname", "info", "list", "setname", "setinfo").contains(what)) {
          s.out.error("ERR wrong number of arguments for 'client|" + what + "' command");
        } else {
          s.out.error("ERR unknown subcommand '" + args.get(1) + "'. Try CLIENT HELP.");
        }
      }
    }
  }

  private static void getName(Session s) {
    if (s.name.isEmpty()) {
      s.out.nil();
    } else {
      s.out.bulk(s.name);
    }
  }

  private static boolean named(Session s, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '!' || name.charAt(i) > '~') {
        s.out.error("ERR Client names cannot contain spaces, newlines or special characters.");
        return false;
      }
    }
    s.name = name;
    return true;
  }

  private static void setInfo(Session s, List<Bytes> args) {
    String option = args.get(2).toString().toLowerCase(Locale.ROOT);
    String value = args.get(3).toString();
    if (!value.matches("[!-~]*")) {
      s.out.error("ERR " + option + " cannot contain spaces, newlines or special characters.");
    } else if (option.equals("lib-name")) {
      s.libName = value;
      s.out.ok();
    } else if (option.equals("lib-ver")) {
      s.libVersion = value;
      s.out.ok();
    } else {
      s.out.error("ERR Unrecognized option '" + args.get(2) + "'");
    }
  }

  private void list(Session s) {
    StringBuilder text = new StringBuilder();
    for (Session each : server.sessions()) {
      text.append(line(each)).append('\n');
    }
    s.out.verbatim(text.toString());
  }

  private String line(Session s) {
    long now = server.context().wallMs().getAsLong();
    int channels = server.pubsub().channelsOf(s).size();
    int patterns = server.pubsub().patternsOf(s).size();
    return "id="
        + s.id
        + " addr="
        + s.peer.remote()
        + " laddr="
        + s.peer.local()
        + " name="
        + s.name
        + " age="
        + (now - s.sinceMs) / 1000
        + " idle="
        + (now - s.activeMs) / 1000
        + " flags="
        + (channels + patterns > 0 ? "P" : "N")
        + " db=0 sub="
        + channels
        + " psub="
        + patterns
        + " cmd="
        + s.lastCommand
        + " user=default resp="
        + s.out.protocol()
        + " lib-name="
        + s.libName
        + " lib-ver="
        + s.libVersion;
  }
}
