package io.watchword.server;

import io.watchword.command.Command;
import io.watchword.command.CommandTable;
import io.watchword.command.connection.Ping;
import io.watchword.command.string.Get;
import io.watchword.command.string.Set;
import java.util.ArrayList;
import java.util.List;

/** Every verb, one line each: the list that makes the table. A test fails on a verb left out. */
public final class CommandIndex {
  private static final List<List<Command>> VERBS =
      List.of(Ping.COMMANDS, Get.COMMANDS, Set.COMMANDS);

  private CommandIndex() {}

  /** All rows. */
  public static List<Command> all() {
    List<Command> rows = new ArrayList<>();
    VERBS.forEach(rows::addAll);
    return rows;
  }

  /** The table of all rows. */
  public static CommandTable table() {
    return new CommandTable(all());
  }
}
