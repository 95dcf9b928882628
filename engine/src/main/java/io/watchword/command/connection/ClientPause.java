package io.watchword.command.connection;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;

/** CLIENT PAUSE and CLIENT UNPAUSE. */
public final class ClientPause {
  /** What keeps clients waiting. */
  public interface Port {
    /**
     * Keeps clients waiting from now on.
     *
     * @param all whether every command waits, or only what would reach replicas
     */
    void pause(long forMs, boolean all);

    /** Serves those who wait because of {@link #pause}. */
    void unpause();
  }

  static final Command PAUSE =
      row("PAUSE", -3, "3.0.0")
          .says("Keeps clients waiting for a time, all or those who write.")
          .args(
              Arg.integer("timeout"),
              Arg.opt(Arg.oneOf("mode", Arg.word("WRITE"), Arg.word("ALL"))))
          .runs(ClientPause::pause);

  static final Command UNPAUSE =
      row("UNPAUSE", 2, "6.2.0")
          .says("Serves the clients that CLIENT PAUSE keeps waiting.")
          .runs(ClientPause::unpause);

  private ClientPause() {}

  private static Command row(String name, int arity, String since) {
    return Command.other(name, arity)
        .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .in(Group.CONNECTION, since)
        .costs("O(1)");
  }

  private static Outcome pause(Call call) {
    boolean all = call.argc() == 3 || call.is(3, "ALL");
    if (call.argc() > 4) {
      throw new CommandError(
          "ERR unknown subcommand or wrong number of arguments for '"
              + call.text(1)
              + "'. Try CLIENT HELP.");
    }
    if (!all && !call.is(3, "WRITE")) {
      throw new CommandError("ERR CLIENT PAUSE mode must be WRITE or ALL");
    }
    call.port(Port.class).pause(timeout(call), all);
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static long timeout(Call call) {
    long ms;
    try {
      ms = call.integer(2);
    } catch (CommandError notANumber) {
      throw new CommandError("ERR timeout is not an integer or out of range");
    }
    if (ms < 0) {
      throw new CommandError("ERR timeout is negative");
    }
    return ms;
  }

  private static Outcome unpause(Call call) {
    call.port(Port.class).unpause();
    call.reply().ok();
    return Outcome.UNCHANGED;
  }
}
