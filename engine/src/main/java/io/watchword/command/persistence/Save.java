package io.watchword.command.persistence;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** SAVE, which stops everybody until it is done; BGSAVE, which does not; LASTSAVE. */
public final class Save {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("SAVE", 1)
              .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING, Flag.NO_MULTI)
              .in(Group.PERSISTENCE, "1.0.0")
              .says("Saves all data to disk and serves nobody meanwhile.")
              .costs("O(N) where N is the total number of keys in all databases")
              .runs(Save::save),
          Command.other("BGSAVE", -1)
              .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING)
              .in(Group.PERSISTENCE, "1.0.0")
              .says("Saves all data as they are now to disk, in the background.")
              .costs("O(1)")
              .args(Arg.opt(Arg.word("SCHEDULE")))
              .runs(Save::saveInBackground),
          Command.other("LASTSAVE", 1)
              .fast()
              .flags(Flag.LOADING, Flag.STALE)
              .category("@admin", "@dangerous")
              .in(Group.PERSISTENCE, "1.0.0")
              .says("Answers when the data were last saved, in seconds since the epoch.")
              .costs("O(1)")
              .runs(Save::lastSave));

  private static final CommandError RUNNING =
      new CommandError("ERR Background save already in progress");

  private Save() {}

  private static Outcome save(Call call) {
    Saves saves = call.port(Saves.class);
    if (saves.isSaving()) {
      throw RUNNING;
    }
    if (!saves.saveNow()) {
      throw new CommandError("ERR");
    }
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static Outcome saveInBackground(Call call) {
    if (call.argc() > 2 || call.argc() == 2 && !call.is(1, "SCHEDULE")) {
      throw CommandError.SYNTAX;
    }
    Saves saves = call.port(Saves.class);
    if (saves.isSaving()) {
      throw RUNNING;
    }
    if (call.isInsideUnit()) {
      // A snapshot between two commands of a unit would hold half of it.
      saves.schedule();
      call.reply().simple("Background saving scheduled");
    } else {
      saves.begin();
      call.reply().simple("Background saving started");
    }
    return Outcome.UNCHANGED;
  }

  private static Outcome lastSave(Call call) {
    call.reply().integer(call.port(Saves.class).lastSaveSeconds());
    return Outcome.UNCHANGED;
  }
}
