package io.watchword.command.connection;

import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** QUIT. */
public final class Quit {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("QUIT", -1)
              .fast()
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.NO_AUTH, Flag.ALLOW_BUSY)
              .in(Group.CONNECTION, "1.0.0")
              .says("Closes the connection once the replies before it are out.")
              .costs("O(1)")
              .atOnceInMulti()
              .runs(Quit::quit));

  private Quit() {}

  private static Outcome quit(Call call) {
    call.client().closing = true;
    call.reply().ok();
    return Outcome.UNCHANGED;
  }
}
