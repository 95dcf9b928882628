package io.watchword.command.server;

import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** TIME. */
public final class Time {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("TIME", 1)
              .fast()
              .flags(Flag.LOADING, Flag.STALE)
              .in(Group.SERVER, "2.6.0")
              .says("Answers the seconds since the epoch and the microseconds of this second.")
              .costs("O(1)")
              .runs(Time::time));

  private Time() {}

  private static Outcome time(Call call) {
    call.reply().array(2);
    call.reply().bulk(Long.toString(call.now() / 1000));
    // The clock of commands has milliseconds.
    call.reply().bulk(Long.toString(call.now() % 1000 * 1000));
    return Outcome.UNCHANGED;
  }
}
