package io.watchword.command.config;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.HelpRow;
import io.watchword.command.Outcome;
import io.watchword.config.Config;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CONFIG and its subcommands. */
public final class ConfigVerb {
  private static final Command[] ROWS = {
    row("GET", -3)
        .says("Answers the directives that match a pattern, with their values.")
        .costs("O(N*M): N directives, M patterns")
        .args(Arg.many(Arg.pattern("parameter")))
        .runs(ConfigVerb::get),
    row("SET", -4)
        .says("Changes directives, all of those named or none.")
        .costs("O(N) where N is the number of directives")
        .args(Arg.many(Arg.block("data", Arg.string("parameter"), Arg.string("value"))))
        .runs(ConfigVerb::set),
    row("RESETSTAT", 2)
        .says("Sets the counters of INFO back to zero.")
        .costs("O(1)")
        .runs(ConfigVerb::resetStat),
    row("REWRITE", 2)
        .says("Writes the live configuration back into the file it came from.")
        .costs("O(1)")
        .runs(ConfigVerb::rewrite)
  };

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("CONFIG", -2)
              .in(Group.SERVER, "2.0.0")
              .says("Contains the commands about the configuration.")
              .costs("Depends on the subcommand")
              .sub(ROWS)
              .sub(HelpRow.of("CONFIG", Group.SERVER, "5.0.0", ROWS)));

  private ConfigVerb() {}

  private static Command row(String name, int arity) {
    return Command.other(name, arity)
        .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .in(Group.SERVER, "2.0.0");
  }

  private static Outcome get(Call call) {
    List<String> patterns = words(call);
    Map<String, String> found = call.port(Config.class).matching(patterns);
    call.reply().map(found.size());
    found.forEach(
        (name, value) -> {
          call.reply().bulk(name.getBytes(StandardCharsets.ISO_8859_1));
          call.reply().bulk(value.getBytes(StandardCharsets.ISO_8859_1));
        });
    return Outcome.UNCHANGED;
  }

  private static Outcome set(Call call) {
    if (call.argc() % 2 != 0) {
      throw CommandError.SYNTAX;
    }
    Optional<String> refused = call.port(Config.class).set(words(call));
    if (refused.isPresent()) {
      throw new CommandError("ERR " + refused.get());
    }
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static Outcome resetStat(Call call) {
    call.stats().reset();
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static Outcome rewrite(Call call) {
    Optional<String> refused = call.port(ConfigRewriter.class).rewrite();
    if (refused.isPresent()) {
      throw new CommandError("ERR " + refused.get());
    }
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static List<String> words(Call call) {
    List<String> words = new ArrayList<>();
    for (int i = 2; i < call.argc(); i++) {
      words.add(call.text(i));
    }
    return words;
  }
}
