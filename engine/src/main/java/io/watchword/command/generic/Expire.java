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
import io.watchword.resp.RespWriter;
import java.util.List;

/** EXPIRE, PEXPIRE, EXPIREAT and PEXPIREAT: four rows, one rule; and PERSIST, their opposite. */
public final class Expire {
  private static final byte[] PEXPIREAT = RespWriter.ascii("PEXPIREAT");
  private static final byte[] DEL = RespWriter.ascii("DEL");

  public static final List<Command> COMMANDS =
      List.of(
          row("EXPIRE", "1.0.0", Arg.integer("seconds"), true, true),
          row("PEXPIRE", "2.6.0", Arg.integer("milliseconds"), false, true),
          row("EXPIREAT", "1.2.0", Arg.time("unix-time-seconds"), true, false),
          row("PEXPIREAT", "2.6.0", Arg.time("unix-time-milliseconds"), false, false),
          Command.write("PERSIST", 2)
              .fast()
              .in(Group.GENERIC, "2.2.0")
              .says("Takes a key's deadline away, so that it lives until it is deleted.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RW", "update"))
              .args(Arg.key("key"))
              .runs(Expire::persist));

  private Expire() {}

  private static Command row(
      String name, String since, Arg when, boolean seconds, boolean relative) {
    return Command.write(name, -3)
        .fast()
        .in(Group.GENERIC, since)
        .says("Gives a key a deadline after which it no longer exists.")
        .costs("O(1)")
        .keys(KeySpec.at(1, "RW", "update"))
        .args(
            Arg.key("key"),
            when,
            Arg.opt(
                Arg.oneOf(
                    "condition", Arg.word("NX"), Arg.word("XX"), Arg.word("GT"), Arg.word("LT"))))
        .runs(call -> expire(call, seconds, relative));
  }

  private static Outcome expire(Call call, boolean seconds, boolean relative) {
    ExpireCondition condition = ExpireCondition.read(call);
    long deadline = deadline(call, seconds, relative);
    long ref = call.find(1);
    if (ref == Database.NONE || !condition.allows(call.entries().deadline(ref), deadline)) {
      call.reply().integer(0);
      return Outcome.UNCHANGED;
    }
    call.reply().integer(1);
    if (deadline <= call.now() && call.deadlinesPassHere()) {
      call.delete(1);
      if (call.isHeard()) {
        tell(call, DEL, 2);
      }
      return Outcome.REWRITTEN;
    }
    // Nothing is earlier than 1970: a negative deadline would be read as none.
    call.expireAt(1, Math.max(0, deadline));
    if (!seconds && !relative) {
      return Outcome.CHANGED;
    }
    if (call.isHeard()) {
      tell(call, PEXPIREAT, 3).bulk(deadline);
    }
    return Outcome.REWRITTEN;
  }

  private static RespWriter tell(Call call, byte[] name, int argc) {
    RespWriter words = call.tell().command(call.db().index(), argc);
    words.bulk(name);
    words.bulk(call.bytes(), call.at(1), call.length(1));
    return words;
  }

  private static long deadline(Call call, boolean seconds, boolean relative) {
    long when = call.integer(2);
    long base = relative ? call.now() : 0;
    boolean fits = !seconds || (when <= Long.MAX_VALUE / 1000 && when >= Long.MIN_VALUE / 1000);
    long millis = fits && seconds ? when * 1000 : when;
    if (!fits || millis > Long.MAX_VALUE - base) {
      throw new CommandError(
          "ERR invalid expire time in '" + call.command().fullWord() + "' command");
    }
    return millis + base;
  }

  private static Outcome persist(Call call) {
    long ref = call.find(1);
    if (ref == Database.NONE || call.entries().deadline(ref) == Entries.NO_DEADLINE) {
      call.reply().integer(0);
      return Outcome.UNCHANGED;
    }
    call.expireAt(1, Entries.NO_DEADLINE);
    call.reply().integer(1);
    return Outcome.CHANGED;
  }
}
