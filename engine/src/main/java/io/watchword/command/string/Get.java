package io.watchword.command.string;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import java.util.List;

/** GET. */
public final class Get {
  public static final List<Command> COMMANDS =
      List.of(
          Command.read("GET", 2)
              .fast()
              .in(Group.STRING, "1.0.0")
              .says("Answers the string that a key holds.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RO", "access"))
              .args(Arg.key("key"))
              .runs(Get::get));

  private Get() {}

  private static Outcome get(Call call) {
    long ref = call.lookString(1);
    if (ref == Database.NONE) {
      call.reply().nil();
    } else {
      call.replyString(ref);
    }
    return Outcome.UNCHANGED;
  }
}
