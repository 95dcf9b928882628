package io.watchword.command.connection;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** PING. */
public final class Ping {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("PING", -1)
              .fast()
              .in(Group.CONNECTION, "1.0.0")
              .says("Answers PONG, or the message given.")
              .costs("O(1)")
              .args(Arg.opt(Arg.string("message")))
              .runs(Ping::ping));

  private Ping() {}

  private static Outcome ping(Call call) {
    if (call.argc() > 2) {
      throw new CommandError("ERR wrong number of arguments for 'ping' command");
    }
    boolean listening = call.client().subscriptions > 0 && call.reply().protocol() == 2;
    if (listening) {
      call.reply().array(2);
      call.reply().bulk("pong");
    }
    if (call.argc() == 2) {
      call.reply().bulk(call.bytes(), call.at(1), call.length(1));
    } else if (listening) {
      call.reply().bulk("");
    } else {
      call.reply().simple("PONG");
    }
    return Outcome.UNCHANGED;
  }
}
