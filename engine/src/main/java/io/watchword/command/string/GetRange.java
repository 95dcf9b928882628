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

/** GETRANGE, its old name SUBSTR, and STRLEN. */
public final class GetRange {
  public static final List<Command> COMMANDS =
      List.of(
          row("GETRANGE", "2.4.0"),
          row("SUBSTR", "1.0.0"),
          Command.read("STRLEN", 2)
              .fast()
              .in(Group.STRING, "2.2.0")
              .says("Answers the length of the string that a key holds, 0 for a missing key.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RO"))
              .args(Arg.key("key"))
              .runs(GetRange::length));

  private GetRange() {}

  private static Command row(String name, String since) {
    return Command.read(name, 4)
        .in(Group.STRING, since)
        .says("Answers a part of a string, both ends included; negative ends count from its end.")
        .costs("O(N) with N the bytes answered")
        .keys(KeySpec.at(1, "RO", "access"))
        .args(Arg.key("key"), Arg.integer("start"), Arg.integer("end"))
        .runs(GetRange::range);
  }

  private static Outcome range(Call call) {
    long first = call.integer(2);
    long last = call.integer(3);
    long ref = call.lookString(1);
    int length = ref == Database.NONE ? 0 : call.entries().length(ref);
    boolean crossed = first < 0 && last < 0 && first > last;
    long from = Math.max(0, first < 0 ? length + first : first);
    long to = Math.min(length - 1L, Math.max(0, last < 0 ? length + last : last));
    if (crossed || from > to) {
      call.reply().bulk(call.bytes(), 0, 0);
    } else {
      Entries entries = call.entries();
      int at = entries.valueAt(ref) + (int) from;
      call.reply().bulk(entries.valueArray(ref), at, (int) (to - from) + 1);
    }
    return Outcome.UNCHANGED;
  }

  private static Outcome length(Call call) {
    long ref = call.lookString(1);
    call.reply().integer(ref == Database.NONE ? 0 : call.entries().length(ref));
    return Outcome.UNCHANGED;
  }
}
