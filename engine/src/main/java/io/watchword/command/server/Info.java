package io.watchword.command.server;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** INFO; the sections stand in the server, which alone sees all that they describe. */
public final class Info {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("INFO", -1)
              .flags(Flag.LOADING, Flag.STALE)
              .category("@dangerous")
              .in(Group.SERVER, "1.0.0")
              .says("Describes the server, section by section.")
              .costs("O(1)")
              .args(Arg.opt(Arg.many(Arg.string("section"))))
              .runs(Info::info));

  private Info() {}

  /** The text of INFO. */
  public interface Text {
    /** The sections of these names, lower case; the usual ones when there are none. */
    String of(List<String> names);
  }

  private static Outcome info(Call call) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i < call.argc(); i++) {
      names.add(call.text(i).toLowerCase(Locale.ROOT));
    }
    call.reply().verbatim(call.port(Text.class).of(names));
    return Outcome.UNCHANGED;
  }
}
