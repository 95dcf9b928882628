package io.watchword.command.server;

import io.watchword.bytes.Glob;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.HelpRow;
import io.watchword.command.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** COMMAND and its subcommands: the rows of the table, as clients ask for them. */
public final class CommandVerb {
  private static final Command[] ROWS = {
    row("COUNT", 2, "2.8.13")
        .says("Counts the commands.")
        .runs(call -> integer(call, call.dispatcher().table().all().size())),
    row("INFO", -2, "2.8.13")
        .says("Describes some commands, or all: arity, flags, keys, categories.")
        .args(Arg.opt(Arg.many(Arg.string("command-name"))))
        .runs(CommandVerb::info),
    row("DOCS", -2, "7.0.0")
        .says("Answers what some commands, or all, do and which arguments they take.")
        .args(Arg.opt(Arg.many(Arg.string("command-name"))))
        .runs(CommandVerb::docs),
    row("LIST", -2, "7.0.0")
        .says("Lists the names of commands.")
        .args(
            Arg.opt(
                Arg.block(
                    "filterby",
                    Arg.word("FILTERBY"),
                    Arg.oneOf(
                        "filter",
                        Arg.block("module-name", Arg.word("MODULE"), Arg.string("module-name")),
                        Arg.block("category", Arg.word("ACLCAT"), Arg.string("category")),
                        Arg.block("pattern", Arg.word("PATTERN"), Arg.pattern("pattern"))))))
        .runs(CommandVerb::list),
    row("GETKEYS", -3, "2.8.13")
        .says("Answers the keys in a call of a command.")
        .args(Arg.string("command"), Arg.opt(Arg.many(Arg.string("arg"))))
        .runs(call -> CommandKeys.answer(call, false)),
    row("GETKEYSANDFLAGS", -3, "7.0.0")
        .says("Answers the keys in a call of a command and what it does to them.")
        .args(Arg.string("command"), Arg.opt(Arg.many(Arg.string("arg"))))
        .runs(call -> CommandKeys.answer(call, true))
  };

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("COMMAND", -1)
              .flags(Flag.LOADING, Flag.STALE)
              .category("@connection")
              .in(Group.SERVER, "2.8.13")
              .says("Describes all commands.")
              .costs("O(N) where N is the number of commands")
              .runs(CommandVerb::all)
              .sub(ROWS)
              .sub(HelpRow.of("COMMAND", Group.SERVER, "5.0.0", ROWS).category("@connection")));

  private CommandVerb() {}

  private static Command row(String name, int arity, String since) {
    return Command.other(name, arity)
        .flags(Flag.LOADING, Flag.STALE)
        .category("@connection")
        .in(Group.SERVER, since)
        .costs("O(N) where N is the number of commands");
  }

  private static Outcome integer(Call call, long value) {
    call.reply().integer(value);
    return Outcome.UNCHANGED;
  }

  private static Outcome all(Call call) {
    List<Command> all = call.dispatcher().table().all();
    call.reply().array(all.size());
    all.forEach(row -> CommandReply.info(call.reply(), row));
    return Outcome.UNCHANGED;
  }

  private static Outcome info(Call call) {
    if (call.argc() == 2) {
      return all(call);
    }
    call.reply().array(call.argc() - 2);
    for (int i = 2; i < call.argc(); i++) {
      Command row = findRow(call, i);
      if (row == null) {
        call.reply().nil();
      } else {
        CommandReply.info(call.reply(), row);
      }
    }
    return Outcome.UNCHANGED;
  }

  private static Outcome docs(Call call) {
    List<Command> rows = new ArrayList<>();
    if (call.argc() == 2) {
      rows.addAll(call.dispatcher().table().all());
    }
    for (int i = 2; i < call.argc(); i++) {
      Command row = findRow(call, i);
      if (row != null) {
        rows.add(row);
      }
    }
    call.reply().map(rows.size());
    rows.forEach(row -> CommandReply.docs(call.reply(), row));
    return Outcome.UNCHANGED;
  }

  /** The row of a name, {@code get} or {@code config|get}, or null. */
  private static Command findRow(Call call, int i) {
    String name = call.text(i).toLowerCase(Locale.ROOT);
    int bar = name.indexOf('|');
    Command row = call.dispatcher().table().find(bar < 0 ? name : name.substring(0, bar));
    if (row == null || bar < 0) {
      return row;
    }
    for (Command sub : row.subcommands()) {
      if (sub.fullWord().equals(name)) {
        return sub;
      }
    }
    return null;
  }

  private static Outcome list(Call call) {
    Predicate<Command> wanted = wanted(call);
    List<String> names = new ArrayList<>();
    for (Command row : call.dispatcher().table().all()) {
      if (wanted.test(row)) {
        names.add(row.fullWord());
      }
      for (Command sub : row.subcommands()) {
        if (wanted.test(sub)) {
          names.add(sub.fullWord());
        }
      }
    }
    call.reply().array(names.size());
    names.forEach(call.reply()::bulk);
    return Outcome.UNCHANGED;
  }

  private static Predicate<Command> wanted(Call call) {
    if (call.argc() == 2) {
      return row -> true;
    }
    if (call.argc() != 5 || !call.is(2, "FILTERBY")) {
      throw CommandError.SYNTAX;
    }
    if (call.is(3, "MODULE")) {
      return row -> false;
    }
    if (call.is(3, "ACLCAT")) {
      String category = "@" + call.text(4).toLowerCase(Locale.ROOT);
      return row -> row.categories().contains(category);
    }
    if (call.is(3, "PATTERN")) {
      byte[] glob = call.copy(4).array();
      return row -> {
        byte[] name = row.fullWord().getBytes(StandardCharsets.ISO_8859_1);
        return Glob.matches(glob, name, 0, name.length, true);
      };
    }
    throw CommandError.SYNTAX;
  }
}
