package io.watchword.command.connection;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import io.watchword.resp.RespWriter;
import io.watchword.sys.Version;
import java.util.List;

/** HELLO. */
public final class Hello {
  private static final CommandError NO_VERSION =
      new CommandError("ERR Protocol version is not an integer or out of range");
  private static final CommandError UNKNOWN_VERSION =
      new CommandError("NOPROTO unsupported protocol version");
  private static final CommandError NOAUTH =
      new CommandError(
          "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
              + " AUTH <user> <pass> option can be used to authenticate the client and select the"
              + " RESP protocol version at the same time");

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("HELLO", -1)
              .fast()
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.NO_AUTH, Flag.ALLOW_BUSY)
              .in(Group.CONNECTION, "6.0.0")
              .says("Picks the protocol, may authenticate, and tells who the server is.")
              .costs("O(1)")
              .args(
                  Arg.opt(
                      Arg.block(
                          "arguments",
                          Arg.integer("protover"),
                          Arg.opt(
                              Arg.block(
                                  "auth",
                                  Arg.word("AUTH"),
                                  Arg.string("username"),
                                  Arg.string("password"))),
                          Arg.opt(
                              Arg.block(
                                  "setname", Arg.word("SETNAME"), Arg.string("clientname"))))))
              .runs(Hello::hello));

  private Hello() {}

  private static Outcome hello(Call call) {
    int version = version(call);
    int passwordAt = 0;
    int nameAt = 0;
    for (int i = 2; i < call.argc(); i++) {
      int left = call.argc() - 1 - i;
      if (call.is(i, "AUTH") && left >= 2) {
        passwordAt = i + 2;
        i += 2;
      } else if (call.is(i, "SETNAME") && left >= 1) {
        nameAt = ++i;
      } else {
        throw new CommandError("ERR Syntax error in HELLO option '" + call.text(i) + "'");
      }
    }
    if (passwordAt > 0) {
      Auth.login(call, call.text(passwordAt - 1), passwordAt);
    }
    if (!call.client().authenticated && Auth.isRequired(call)) {
      throw NOAUTH;
    }
    if (nameAt > 0) {
      call.client().name = ClientNames.checked(call, nameAt);
    }
    call.reply().protocol(version);
    greet(call);
    return Outcome.UNCHANGED;
  }

  private static int version(Call call) {
    if (call.argc() == 1) {
      return call.reply().protocol();
    }
    long version;
    try {
      version = call.integer(1);
    } catch (CommandError notAnInteger) {
      throw NO_VERSION;
    }
    if (version != 2 && version != 3) {
      throw UNKNOWN_VERSION;
    }
    return (int) version;
  }

  private static void greet(Call call) {
    RespWriter reply = call.reply();
    reply.map(7);
    reply.bulk("server");
    reply.bulk("redis");
    reply.bulk("version");
    reply.bulk(Version.REDIS);
    reply.bulk("proto");
    reply.integer(reply.protocol());
    reply.bulk("id");
    reply.integer(call.client().id);
    reply.bulk("mode");
    reply.bulk("standalone");
    reply.bulk("role");
    reply.bulk(call.isReplica() ? "replica" : "master");
    reply.bulk("modules");
    reply.array(0);
  }
}
