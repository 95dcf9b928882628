package io.watchword.command.string;

import io.watchword.bytes.Numbers;
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

/** INCR, INCRBY, DECR and DECRBY: four rows, one sum. */
public final class Incr {
  private static final CommandError OVERFLOW =
      new CommandError("ERR increment or decrement would overflow");
  private static final CommandError DECREMENT_OVERFLOW =
      new CommandError("ERR decrement would overflow");

  public static final List<Command> COMMANDS =
      List.of(
          row("INCR", 2, "Adds one to the integer that a key holds.")
              .args(Arg.key("key"))
              .runs(call -> add(call, 1)),
          row("DECR", 2, "Takes one from the integer that a key holds.")
              .args(Arg.key("key"))
              .runs(call -> add(call, -1)),
          row("INCRBY", 3, "Adds a number to the integer that a key holds.")
              .args(Arg.key("key"), Arg.integer("increment"))
              .runs(call -> add(call, call.integer(2))),
          row("DECRBY", 3, "Takes a number from the integer that a key holds.")
              .args(Arg.key("key"), Arg.integer("decrement"))
              .runs(Incr::decrBy));

  private Incr() {}

  private static Command row(String name, int arity, String summary) {
    return Command.write(name, arity)
        .grows()
        .fast()
        .in(Group.STRING, "1.0.0")
        .says(summary + " A missing key counts as 0.")
        .costs("O(1)")
        .keys(KeySpec.at(1, "RW", "access", "update"));
  }

  private static Outcome decrBy(Call call) {
    long by = call.integer(2);
    if (by == Long.MIN_VALUE) {
      throw DECREMENT_OVERFLOW;
    }
    return add(call, -by);
  }

  private static Outcome add(Call call, long by) {
    long ref = call.findString(1);
    boolean exists = ref != Database.NONE;
    long value = exists ? integer(call.entries(), ref) : 0;
    long sum = value + by;
    if (((value ^ sum) & (by ^ sum)) < 0) {
      throw OVERFLOW;
    }
    call.set(1, sum, exists ? call.entries().deadline(ref) : Entries.NO_DEADLINE);
    call.reply().integer(sum);
    return Outcome.CHANGED;
  }

  private static long integer(Entries entries, long ref) {
    byte[] b = entries.valueArray(ref);
    int at = entries.valueAt(ref);
    int length = entries.length(ref);
    if (!Numbers.isLong(b, at, length)) {
      throw CommandError.NOT_AN_INTEGER;
    }
    return Numbers.toLong(b, at, length);
  }
}
