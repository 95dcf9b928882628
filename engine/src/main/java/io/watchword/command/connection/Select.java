package io.watchword.command.connection;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** SELECT. */
public final class Select {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("SELECT", 2)
              .fast()
              .flags(Flag.LOADING, Flag.STALE)
              .in(Group.CONNECTION, "1.0.0")
              .says("Picks the database that the connection's next commands work on.")
              .costs("O(1)")
              .args(Arg.integer("index"))
              .runs(Select::select));

  private static final CommandError NOT_AN_INT =
      new CommandError("ERR value is out of range, value must between -2147483648 and 2147483647");

  private Select() {}

  private static Outcome select(Call call) {
    long index = call.integer(1);
    if (index < Integer.MIN_VALUE || index > Integer.MAX_VALUE) {
      throw NOT_AN_INT;
    }
    if (index < 0 || index >= call.keyspace().count()) {
      throw CommandError.DB_INDEX;
    }
    call.client().database = (int) index;
    call.reply().ok();
    return Outcome.UNCHANGED;
  }
}
