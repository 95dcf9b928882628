package io.watchword.command.server;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

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

  /** Also for who waited with a shutdown that did not come to its end. */
  public static final CommandError FAILED =
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
    /** What comes of it. */
    enum Answer {
      /** The process ends. */
      LEAVES,
      /** What must be saved could not be. */
      STAYS,
      /** Replicas that lag are waited for; the client hears no more unless the server stays. */
      WAITS
    }

    /**
     * Ends the process, at once or once its replicas have everything.
     *
     * @param client who asked, who waits meanwhile
     * @param now does not wait for replicas that lag
     * @param force ends it whatever fails
     */
    Answer stop(Client client, Save save, boolean now, boolean force);

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
    switch (call.port(Stopper.class).stop(call.client(), save, now, force)) {
      case STAYS -> throw FAILED;
      // The process ends behind this; a client sees its connection close and no reply.
      case LEAVES -> call.client().closing = true;
      case WAITS -> {}
    }
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
