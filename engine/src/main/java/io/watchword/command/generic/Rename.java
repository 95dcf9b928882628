package io.watchword.command.generic;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import java.util.List;

/** RENAME and RENAMENX. */
public final class Rename {
  public static final List<Command> COMMANDS =
      List.of(
          Command.write("RENAME", 3)
              .in(Group.GENERIC, "1.0.0")
              .says("Gives a key another name; what that name held before is lost.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RW", "access", "delete"), KeySpec.at(2, "OW", "update"))
              .args(Arg.key("key"), Arg.key("newkey"))
              .runs(Rename::rename),
          Command.write("RENAMENX", 3)
              .fast()
              .in(Group.GENERIC, "1.0.0")
              .says("Gives a key another name unless a key of that name exists.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RW", "access", "delete"), KeySpec.at(2, "OW", "insert"))
              .args(Arg.key("key"), Arg.key("newkey"))
              .runs(Rename::renameNx));

  private Rename() {}

  private static Outcome rename(Call call) {
    boolean same = isSame(call);
    if (!same) {
      move(call);
    }
    call.reply().ok();
    return same ? Outcome.UNCHANGED : Outcome.CHANGED;
  }

  private static Outcome renameNx(Call call) {
    if (isSame(call) || call.find(2) != Database.NONE) {
      call.reply().integer(0);
      return Outcome.UNCHANGED;
    }
    move(call);
    call.reply().integer(1);
    return Outcome.CHANGED;
  }

  /** Whether both names are one; fails when there is no such key. */
  private static boolean isSame(Call call) {
    if (call.find(1) == Database.NONE) {
      throw CommandError.NO_SUCH_KEY;
    }
    return call.copy(1).matches(call.bytes(), call.at(2), call.length(2));
  }

  private static void move(Call call) {
    // An overdue key of the new name goes by its own DEL, as if it had gone in time.
    call.find(2);
    long toHash = call.hash(2);
    byte[] b = call.bytes();
    call.db()
        .rename(b, call.at(1), call.length(1), call.hash(1), b, call.at(2), call.length(2), toHash);
  }
}
