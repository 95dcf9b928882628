package io.watchword.command.generic;

import io.watchword.bytes.Numbers;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import io.watchword.command.SnapshotControl;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Keyspace;
import java.util.List;

/** FLUSHDB, FLUSHALL and SWAPDB: whole databases at once. */
public final class Flush {
  private static final CommandError FIRST = new CommandError("ERR invalid first DB index");
  private static final CommandError SECOND = new CommandError("ERR invalid second DB index");

  public static final List<Command> COMMANDS =
      List.of(
          row("FLUSHDB", "Deletes all keys of the selected database.").runs(Flush::flushDb),
          row("FLUSHALL", "Deletes all keys of all databases.").runs(Flush::flushAll),
          Command.write("SWAPDB", 3)
              .fast()
              .category("@keyspace", "@dangerous")
              .in(Group.SERVER, "4.0.0")
              .says("Exchanges two databases: each client finds the other's keys in its own.")
              .costs("O(N) with N the watched keys of both databases")
              .args(Arg.integer("index1"), Arg.integer("index2"))
              .runs(Flush::swap));

  private Flush() {}

  private static Command row(String name, String summary) {
    return Command.write(name, -1)
        .category("@keyspace", "@dangerous")
        .in(Group.SERVER, "1.0.0")
        .says(summary + " Memory is freed in slices, SYNC or ASYNC.")
        .costs("O(1), and O(N) with N the keys in slices between other commands")
        .args(Arg.opt(Arg.oneOf("flush-type", Arg.word("ASYNC"), Arg.word("SYNC"))));
  }

  private static void checkMode(Call call) {
    boolean known = call.argc() == 1 || call.is(1, "ASYNC") || call.is(1, "SYNC");
    if (!known || call.argc() > 2) {
      throw CommandError.SYNTAX;
    }
  }

  private static Outcome flushDb(Call call) {
    checkMode(call);
    call.stats().changes += Math.max(0, call.db().size() - 1);
    call.keyspace().flush(call.db().index());
    call.reply().ok();
    return Outcome.CHANGED;
  }

  private static Outcome flushAll(Call call) {
    checkMode(call);
    Keyspace keyspace = call.keyspace();
    call.stats().changes += keyspace.size();
    SnapshotControl snapshot = call.port(SnapshotControl.class);
    snapshot.beforeFlushAll();
    keyspace.flushAll();
    snapshot.afterFlushAll();
    call.reply().ok();
    return Outcome.CHANGED;
  }

  private static Outcome swap(Call call) {
    // Both must be numbers before either must be a database.
    checkNumber(call, 1, FIRST);
    checkNumber(call, 2, SECOND);
    Database one = DatabaseNumber.read(call, 1, FIRST);
    Database other = DatabaseNumber.read(call, 2, SECOND);
    call.keyspace().swap(one.index(), other.index());
    call.reply().ok();
    return Outcome.CHANGED;
  }

  private static void checkNumber(Call call, int i, CommandError notANumber) {
    boolean number = Numbers.isLong(call.bytes(), call.at(i), call.length(i));
    if (!number || call.integer(i) != (int) call.integer(i)) {
      throw notANumber;
    }
  }
}
