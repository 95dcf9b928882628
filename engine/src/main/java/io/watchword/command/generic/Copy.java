package io.watchword.command.generic;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import java.util.List;

/** COPY and MOVE. */
public final class Copy {
  public static final List<Command> COMMANDS =
      List.of(
          Command.write("COPY", -3)
              .grows()
              .in(Group.GENERIC, "6.2.0")
              .says("Copies a key with its deadline to another name or database.")
              .costs("O(N) with N the bytes of the value")
              .keys(KeySpec.at(1, "RO", "access"), KeySpec.at(2, "OW", "update"))
              .args(
                  Arg.key("source"),
                  Arg.key("destination"),
                  Arg.opt(Arg.block("db", Arg.word("DB"), Arg.integer("destination-db"))),
                  Arg.opt(Arg.word("REPLACE")))
              .runs(Copy::copy),
          Command.write("MOVE", 3)
              .fast()
              .in(Group.GENERIC, "1.0.0")
              .says("Moves a key to another database, unless it is there already.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RW", "access", "update"))
              .args(Arg.key("key"), Arg.integer("db"))
              .runs(Copy::move));

  private Copy() {}

  private static Outcome copy(Call call) {
    Database target = call.db();
    boolean replace = false;
    for (int i = 3; i < call.argc(); i++) {
      if (call.is(i, "REPLACE")) {
        replace = true;
      } else if (call.is(i, "DB") && i + 1 < call.argc()) {
        target = DatabaseNumber.read(call, ++i);
      } else {
        throw CommandError.SYNTAX;
      }
    }
    boolean sameName = call.copy(1).matches(call.bytes(), call.at(2), call.length(2));
    if (target == call.db() && sameName) {
      throw CommandError.SAME_OBJECT;
    }
    return copy(call, target, replace);
  }

  private static Outcome copy(Call call, Database target, boolean replace) {
    boolean found = call.look(1) != Database.NONE;
    if (!found || (call.find(target, 2) != Database.NONE && !replace)) {
      call.reply().integer(0);
      return Outcome.UNCHANGED;
    }
    long ref = call.find(1);
    Entries entries = call.entries();
    target.set(
        call.bytes(),
        call.at(2),
        call.length(2),
        call.hash(2),
        entries.valueArray(ref),
        entries.valueAt(ref),
        entries.length(ref),
        entries.deadline(ref),
        entries.encoding(ref));
    call.reply().integer(1);
    return Outcome.CHANGED;
  }

  private static Outcome move(Call call) {
    Database target = DatabaseNumber.read(call, 2);
    if (target == call.db()) {
      throw CommandError.SAME_OBJECT;
    }
    if (call.find(1) == Database.NONE || call.find(target, 1) != Database.NONE) {
      call.reply().integer(0);
      return Outcome.UNCHANGED;
    }
    call.db().move(call.bytes(), call.at(1), call.length(1), call.hash(1), target);
    call.reply().integer(1);
    return Outcome.CHANGED;
  }
}
