package io.watchword.command.generic;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import java.util.List;

/** EXISTS, TOUCH and TYPE: what can be told of a key without its value. */
public final class Exists {
  public static final List<Command> COMMANDS =
      List.of(
          Command.read("EXISTS", -2)
              .fast()
              .in(Group.GENERIC, "1.0.0")
              .says("Answers how many of the keys exist; a key given twice counts twice.")
              .costs("O(N) with N the keys given")
              .keys(KeySpec.range(1, -1, 1, "RO"))
              .args(Arg.many(Arg.key("key")))
              .runs(Exists::exists),
          Command.read("TOUCH", -2)
              .fast()
              .in(Group.GENERIC, "3.2.1")
              .says("Notes that keys are used, as a read does, and answers how many exist.")
              .costs("O(N) with N the keys given")
              .keys(KeySpec.range(1, -1, 1, "RO"))
              .args(Arg.many(Arg.key("key")))
              .runs(Exists::touch),
          Command.read("TYPE", 2)
              .fast()
              .in(Group.GENERIC, "1.0.0")
              .says("Answers the type of the value that a key holds, or none.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RO"))
              .args(Arg.key("key"))
              .runs(Exists::type));

  private Exists() {}

  private static Outcome exists(Call call) {
    int found = 0;
    for (int i = 1; i < call.argc(); i++) {
      if (call.lookQuietly(i) != Database.NONE) {
        found++;
      }
    }
    call.reply().integer(found);
    return Outcome.UNCHANGED;
  }

  private static Outcome touch(Call call) {
    int found = 0;
    for (int i = 1; i < call.argc(); i++) {
      if (call.look(i) != Database.NONE) {
        found++;
      }
    }
    call.reply().integer(found);
    return Outcome.UNCHANGED;
  }

  private static Outcome type(Call call) {
    long ref = call.lookQuietly(1);
    call.reply().simple(ref == Database.NONE ? "none" : call.entries().type(ref).word());
    return Outcome.UNCHANGED;
  }
}
