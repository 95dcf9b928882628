package io.watchword.command.string;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import java.util.List;

/** SETNX, SETEX, PSETEX and GETSET: SET with one option each, from before it had options. */
public final class SetWith {
  public static final List<Command> COMMANDS =
      List.of(
          Command.write("SETNX", 3)
              .grows()
              .fast()
              .in(Group.STRING, "1.0.0")
              .says("Sets a key that does not exist to a string.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "OW", "insert"))
              .args(Arg.key("key"), Arg.string("value"))
              .runs(SetWith::setNx),
          lifetime("SETEX", "2.0.0", "seconds", true),
          lifetime("PSETEX", "2.6.0", "milliseconds", false),
          Command.write("GETSET", 3)
              .grows()
              .fast()
              .in(Group.STRING, "1.0.0")
              .says("Sets a key to a string and answers the one that it held.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RW", "access", "update"))
              .args(Arg.key("key"), Arg.string("value"))
              .runs(SetWith::getSet));

  private SetWith() {}

  private static Command lifetime(String name, String since, String unit, boolean seconds) {
    return Command.write(name, 4)
        .grows()
        .in(Group.STRING, since)
        .says("Sets a key to a string for a number of " + unit + ".")
        .costs("O(1)")
        .keys(KeySpec.at(1, "OW", "update"))
        .args(Arg.key("key"), Arg.integer(unit), Arg.string("value"))
        .runs(call -> setEx(call, seconds));
  }

  private static Outcome setNx(Call call) {
    if (call.find(1) != Database.NONE) {
      call.reply().integer(0);
      return Outcome.UNCHANGED;
    }
    call.set(1, 2, Entries.NO_DEADLINE);
    call.reply().integer(1);
    return Outcome.CHANGED;
  }

  private static Outcome setEx(Call call, boolean seconds) {
    long deadline = Lifetime.of(call, call.integer(2), seconds, true);
    call.set(1, 3, deadline);
    call.reply().ok();
    return Told.set(call, 1, 3, deadline);
  }

  private static Outcome getSet(Call call) {
    long ref = call.lookString(1);
    if (ref == Database.NONE) {
      call.reply().nil();
    } else {
      call.replyString(ref);
    }
    call.set(1, 2, Entries.NO_DEADLINE);
    return Told.set(call, 1, 2);
  }
}
