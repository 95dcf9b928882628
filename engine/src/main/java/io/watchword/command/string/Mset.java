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
import io.watchword.memory.PagesFull;
import io.watchword.resp.RespWriter;
import java.util.List;

/** MSET and MSETNX. */
public final class Mset {
  private static final byte[] MSET = RespWriter.ascii("MSET");

  public static final List<Command> COMMANDS =
      List.of(
          row("MSET", "update", "Sets several keys to strings.", Mset::mset),
          row("MSETNX", "insert", "Sets several keys if none of them exists.", Mset::msetNx));

  private Mset() {}

  private static Command row(
      String name, String access, String summary, io.watchword.command.Body body) {
    return Command.write(name, -3)
        .grows()
        .in(Group.STRING, "1.0.1")
        .says(summary)
        .costs("O(N) with N the keys given")
        .keys(KeySpec.range(1, -1, 2, "OW", access))
        .args(Arg.many(Arg.block("data", Arg.key("key"), Arg.string("value"))))
        .runs(body);
  }

  private static Outcome mset(Call call) {
    checkPairs(call);
    int i = 1;
    try {
      for (; i < call.argc(); i += 2) {
        call.set(i, i + 1, Entries.NO_DEADLINE);
      }
    } catch (PagesFull full) {
      // What is done stays done, for the old values are gone: replicas must have it too.
      tellFirst(call, i);
      throw full;
    }
    call.stats().changes += call.argc() / 2 - 1;
    call.reply().ok();
    return Outcome.CHANGED;
  }

  /** Tells replicas the pairs before argument {@code end}. */
  private static void tellFirst(Call call, int end) {
    if (end > 1 && call.isHeard()) {
      RespWriter words = call.tell().command(call.db().index(), end);
      words.bulk(MSET);
      for (int i = 1; i < end; i++) {
        words.bulk(call.bytes(), call.at(i), call.length(i));
      }
    }
  }

  private static Outcome msetNx(Call call) {
    checkPairs(call);
    for (int i = 1; i < call.argc(); i += 2) {
      if (call.find(i) != Database.NONE) {
        call.reply().integer(0);
        return Outcome.UNCHANGED;
      }
    }
    int i = 1;
    try {
      for (; i < call.argc(); i += 2) {
        call.set(i, i + 1, Entries.NO_DEADLINE);
      }
    } catch (PagesFull full) {
      for (int done = 1; done < i; done += 2) {
        call.delete(done);
      }
      throw full;
    }
    call.stats().changes += call.argc() / 2 - 1;
    call.reply().integer(1);
    return Outcome.CHANGED;
  }

  private static void checkPairs(Call call) {
    if (call.argc() % 2 == 0) {
      throw new CommandError(
          "ERR wrong number of arguments for '" + call.command().fullWord() + "' command");
    }
  }
}
