package io.watchword.command.generic;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Entries;
import java.util.List;

/** SCAN. What its cursor means is said in the keyspace's table; to clients it is opaque. */
public final class Scan {
  private static final CommandError INVALID_CURSOR = new CommandError("ERR invalid cursor");
  private static final int COUNT_DEFAULT = 10;

  public static final List<Command> COMMANDS =
      List.of(
          Command.read("SCAN", -2)
              .in(Group.GENERIC, "2.8.0")
              .says("Answers some keys and a cursor for the next call; 0 begins and ends a walk.")
              .costs("O(1) for every call, O(N) for a whole walk, with N the keys of the database")
              .args(
                  Arg.integer("cursor"),
                  Arg.opt(Arg.block("match", Arg.word("MATCH"), Arg.pattern("pattern"))),
                  Arg.opt(Arg.block("count", Arg.word("COUNT"), Arg.integer("count"))),
                  Arg.opt(Arg.block("type", Arg.word("TYPE"), Arg.string("type"))))
              .runs(Scan::scan));

  private Scan() {}

  private static Outcome scan(Call call) {
    long cursor = cursor(call);
    byte[] pattern = null;
    String type = null;
    long count = COUNT_DEFAULT;
    for (int i = 2; i < call.argc(); i += 2) {
      if (i + 1 == call.argc()) {
        throw CommandError.SYNTAX;
      } else if (call.is(i, "COUNT")) {
        count = call.integer(i + 1);
        if (count < 1) {
          throw CommandError.SYNTAX;
        }
      } else if (call.is(i, "MATCH")) {
        pattern = KeyList.pattern(call, i + 1);
      } else if (call.is(i, "TYPE")) {
        type = call.text(i + 1);
      } else {
        throw CommandError.SYNTAX;
      }
    }
    walk(call, cursor, (int) Math.min(count, Integer.MAX_VALUE), pattern, type);
    return Outcome.UNCHANGED;
  }

  private static void walk(Call call, long cursor, int count, byte[] pattern, String type) {
    KeyList found = new KeyList(call, pattern);
    Entries entries = call.entries();
    long next =
        call.db()
            .scan(
                cursor,
                count,
                ref -> {
                  if (type == null || entries.type(ref).word().equalsIgnoreCase(type)) {
                    found.offer(ref);
                  }
                });
    call.reply().array(2);
    call.reply().bulk(Long.toUnsignedString(next));
    found.reply();
  }

  /** A cursor as {@code strtoul} reads it: any 64 bits, with a sign if one likes. */
  private static long cursor(Call call) {
    String text = call.text(1);
    String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (text.isEmpty()) {
      return 0;
    }
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw INVALID_CURSOR;
    }
    try {
      long value = Long.parseUnsignedLong(digits);
      return text.startsWith("-") ? -value : value;
    } catch (NumberFormatException tooLarge) {
      throw INVALID_CURSOR;
    }
  }
}
