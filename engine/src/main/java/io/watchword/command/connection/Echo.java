package io.watchword.command.connection;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** ECHO. */
public final class Echo {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("ECHO", 2)
              .fast()
              .flags(Flag.LOADING, Flag.STALE)
              .in(Group.CONNECTION, "1.0.0")
              .says("Answers its argument.")
              .costs("O(1)")
              .args(Arg.string("message"))
              .runs(Echo::echo));

  private Echo() {}

  private static Outcome echo(Call call) {
    call.reply().bulk(call.bytes(), call.at(1), call.length(1));
    return Outcome.UNCHANGED;
  }
}
