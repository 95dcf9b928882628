package io.watchword.command.generic;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import java.util.List;

/** TTL, PTTL, EXPIRETIME and PEXPIRETIME: how long a key still lives, or until when. */
public final class Ttl {
  private static final int MISSING = -2;
  private static final int NO_DEADLINE = -1;

  public static final List<Command> COMMANDS =
      List.of(
          row("TTL", "1.0.0", "for how many seconds a key still lives", true, true),
          row("PTTL", "2.6.0", "for how many milliseconds a key still lives", false, true),
          row(
              "EXPIRETIME",
              "7.0.0",
              "the Unix time in seconds until which a key lives",
              true,
              false),
          row(
              "PEXPIRETIME",
              "7.0.0",
              "the Unix time in milliseconds until which a key lives",
              false,
              false));

  private Ttl() {}

  private static Command row(
      String name, String since, String what, boolean seconds, boolean relative) {
    return Command.read(name, 2)
        .fast()
        .in(Group.GENERIC, since)
        .says("Answers " + what + ": -1 without an end, -2 for a missing key.")
        .costs("O(1)")
        .keys(KeySpec.at(1, "RO", "access"))
        .args(Arg.key("key"))
        .runs(call -> ttl(call, seconds, relative));
  }

  private static Outcome ttl(Call call, boolean seconds, boolean relative) {
    long ref = call.lookQuietly(1);
    if (ref == Database.NONE) {
      call.reply().integer(MISSING);
      return Outcome.UNCHANGED;
    }
    long deadline = call.entries().deadline(ref);
    if (deadline == Entries.NO_DEADLINE) {
      call.reply().integer(NO_DEADLINE);
      return Outcome.UNCHANGED;
    }
    long millis = relative ? Math.max(0, deadline - call.now()) : deadline;
    call.reply().integer(seconds ? roundedToSeconds(millis) : millis);
    return Outcome.UNCHANGED;
  }

  private static long roundedToSeconds(long millis) {
    return millis / 1000 + (millis % 1000 >= 500 ? 1 : 0);
  }
}
