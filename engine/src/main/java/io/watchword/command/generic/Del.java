package io.watchword.command.generic;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import java.util.List;

/** DEL and UNLINK. A string is freed at once by both: there is nothing to put off. */
public final class Del {
  public static final List<Command> COMMANDS =
      List.of(
          row("DEL", "1.0.0", "Deletes keys and answers how many there were."),
          row("UNLINK", "4.0.0", "Deletes keys as DEL does, and may free their memory later.")
              .fast());

  private Del() {}

  private static Command row(String name, String since, String summary) {
    return Command.write(name, -2)
        .in(Group.GENERIC, since)
        .says(summary)
        .costs("O(N) with N the keys given")
        .keys(KeySpec.range(1, -1, 1, "RM", "delete"))
        .args(Arg.many(Arg.key("key")))
        .runs(Del::delete);
  }

  private static Outcome delete(Call call) {
    int deleted = 0;
    for (int i = 1; i < call.argc(); i++) {
      if (call.find(i) != Database.NONE) {
        call.delete(i);
        deleted++;
      }
    }
    call.reply().integer(deleted);
    if (deleted == 0) {
      return Outcome.UNCHANGED;
    }
    call.stats().changes += deleted - 1;
    return Outcome.CHANGED;
  }
}
