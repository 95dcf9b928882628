package io.watchword.command.string;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import java.util.List;

/** MGET. */
public final class Mget {
  public static final List<Command> COMMANDS =
      List.of(
          Command.read("MGET", -2)
              .fast()
              .in(Group.STRING, "1.0.0")
              .says("Answers the strings of several keys, nothing for a key that holds none.")
              .costs("O(N) with N the keys given")
              .keys(KeySpec.range(1, -1, 1, "RO", "access"))
              .args(Arg.many(Arg.key("key")))
              .runs(Mget::mget));

  private Mget() {}

  private static Outcome mget(Call call) {
    call.reply().array(call.argc() - 1);
    for (int i = 1; i < call.argc(); i++) {
      long ref = call.look(i);
      if (ref == Database.NONE || !call.entries().isString(ref)) {
        call.reply().nil();
      } else {
        call.replyString(ref);
      }
    }
    return Outcome.UNCHANGED;
  }
}
