package io.watchword.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The HELP subcommand of a container, written from the rows beside it. */
public final class HelpRow {
  private HelpRow() {}

  /**
   * A row that lists {@code rows}, the container's other subcommands, and itself.
   *
   * @param container name of the container in upper case
   */
  public static Command of(String container, Group group, String since, Command... rows) {
    List<String> lines = new ArrayList<>();
    lines.add(container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    for (Command row : rows) {
      lines.add((row.name() + " " + words(row.args(), " ")).strip());
      lines.add("    " + row.summary());
    }
    lines.add("HELP");
    lines.add("    Prints this help.");
    return Command.other("HELP", 2)
        .flags(Flag.LOADING, Flag.STALE)
        .in(group, since)
        .says("Lists the subcommands.")
        .costs("O(1)")
        .runs(call -> help(call, lines));
  }

  private static Outcome help(Call call, List<String> lines) {
    call.reply().array(lines.size());
    lines.forEach(call.reply()::simple);
    return Outcome.UNCHANGED;
  }

  private static String words(List<Arg> args, String between) {
    return args.stream().map(HelpRow::word).collect(Collectors.joining(between));
  }

  private static String word(Arg arg) {
    if (arg instanceof Arg.Value value) {
      return "<" + value.name() + ">";
    }
    if (arg instanceof Arg.Word word) {
      return word.word();
    }
    if (arg instanceof Arg.Optional optional) {
      return "[" + word(optional.inner()) + "]";
    }
    if (arg instanceof Arg.OneOf oneOf) {
      return "(" + words(oneOf.choices(), "|") + ")";
    }
    if (arg instanceof Arg.Block block) {
      return words(block.parts(), " ");
    }
    Arg inner = ((Arg.Many) arg).inner();
    return word(inner) + " [" + word(inner) + " ...]";
  }
}
