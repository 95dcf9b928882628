package io.watchword.command.string;

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

/** APPEND and SETRANGE: a part of a string is written. */
public final class Append {
  private static final CommandError OFFSET = new CommandError("ERR offset is out of range");

  public static final List<Command> COMMANDS =
      List.of(
          Command.write("APPEND", 3)
              .grows()
              .fast()
              .in(Group.STRING, "2.0.0")
              .says("Adds to the end of the string that a key holds, or sets a missing key.")
              .costs("O(1) on average: a string above 64 KiB grows by half when it must")
              .keys(KeySpec.at(1, "RW", "insert"))
              .args(Arg.key("key"), Arg.string("value"))
              .runs(Append::append),
          Command.write("SETRANGE", 4)
              .grows()
              .in(Group.STRING, "2.2.0")
              .says("Overwrites a part of a string, filling a gap before it with zero bytes.")
              .costs("O(N) with N the bytes written, or of the whole string when it grows")
              .keys(KeySpec.at(1, "RW", "update"))
              .args(Arg.key("key"), Arg.integer("offset"), Arg.string("value"))
              .runs(Append::setRange));

  private Append() {}

  private static Outcome append(Call call) {
    long ref = call.findString(1);
    if (ref == Database.NONE) {
      call.set(1, 2, Entries.NO_DEADLINE);
      call.reply().integer(call.length(2));
      return Outcome.CHANGED;
    }
    int length = call.entries().length(ref);
    call.checkStringLength(length, call.length(2));
    return write(call, length, 2);
  }

  private static Outcome setRange(Call call) {
    long offset = call.integer(2);
    if (offset < 0) {
      throw OFFSET;
    }
    long ref = call.findString(1);
    if (call.length(3) == 0) {
      call.reply().integer(ref == Database.NONE ? 0 : call.entries().length(ref));
      return Outcome.UNCHANGED;
    }
    call.checkStringLength(offset, call.length(3));
    return write(call, (int) offset, 3);
  }

  private static Outcome write(Call call, int from, int value) {
    byte[] bytes = call.bytes();
    int length =
        call.db()
            .write(
                bytes,
                call.at(1),
                call.length(1),
                call.hash(1),
                from,
                bytes,
                call.at(value),
                call.length(value));
    call.reply().integer(length);
    return Outcome.CHANGED;
  }
}
