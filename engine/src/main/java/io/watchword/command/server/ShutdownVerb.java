package io.watchword.command.server;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;
import java.util.Optional;

/** SHUTDOWN. */
public final class ShutdownVerb {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("SHUTDOWN", -1)
              .flags(
                  Flag.ADMIN,
                  Flag.NOSCRIPT,
                  Flag.LOADING,
                  Flag.STALE,
                  Flag.NO_MULTI,
                  Flag.ALLOW_BUSY)
              .in(Group.SERVER, "1.0.0")
              .says("Saves the data set and ends the server.")
              .costs("O(N) where N is the number of keys")
              .args(
                  Arg.opt(Arg.oneOf("save", Arg.word("NOSAVE"), Arg.word("SAVE"))),
                  Arg.opt(Arg.word("NOW")),
                  Arg.opt(Arg.word("FORCE")),
                  Arg.opt(Arg.word("ABORT")))
              .runs(ShutdownVerb::shutdown));

  private static final CommandError FAILED =
      new CommandError("ERR Errors trying to SHUTDOWN. Check logs.");
  private static final CommandError NOT_ASKED = new CommandError("ERR No shutdown in progress.");

  private ShutdownVerb() {}

  /** Whether to save before the end. */
  public enum Save {
    /** If there are save points. */
    AS_CONFIGURED,
    ALWAYS,
    NEVER
  }

  /** Ends the server. */
  public interface Stopper {
    /**
     * Ends the process, unless the error comes back that keeps it.
     *
     * @param now does not wait for replicas that lag
     * @param force ends it whatever fails
     */
    Optional<String> stop(Save save, boolean now, boolean force);

    /** Takes back a shutdown that waits for replicas; false when there is none. */
    boolean abort();
  }

  private static Outcome shutdown(Call call) {
    Save save = Save.AS_CONFIGURED;
    boolean now = false;
    boolean force = false;
    boolean abort = false;
    for (int i = 1; i < call.argc(); i++) {
      if (call.is(i, "NOSAVE") && save != Save.ALWAYS) {
        save = Save.NEVER;
      } else if (call.is(i, "SAVE") && save != Save.NEVER) {
        save = Save.ALWAYS;
      } else if (call.is(i, "NOW")) {
        now = true;
      } else if (call.is(i, "FORCE")) {
        force = true;
      } else if (call.is(i, "ABORT")) {
        abort = true;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    boolean others = save != Save.AS_CONFIGURED || now || force;
    if (abort && others) {
      throw CommandError.SYNTAX;
    }
    return abort ? abort(call) : stop(call, save, now, force);
  }

  private static Outcome stop(Call call, Save save, boolean now, boolean force) {
    if (call.port(Stopper.class).stop(save, now, force).isPresent()) {
      throw FAILED;
    }
    // The process ends behind this; a client sees its connection close and no reply.
    call.client().closing = true;
    return Outcome.UNCHANGED;
  }

  private static Outcome abort(Call call) {
    if (!call.port(Stopper.class).abort()) {
      throw NOT_ASKED;
    }
    call.reply().ok();
    return Outcome.UNCHANGED;
  }
}
