package io.watchword.command;

import io.watchword.server.CommandIndex;
import java.util.List;

/** The rows of the string and generic groups, and of whole databases. */
public final class KeyCommands {
  private static final List<String> OF_THE_SERVER_GROUP =
      List.of("FLUSHDB", "FLUSHALL", "SWAPDB", "DBSIZE");

  private KeyCommands() {}

  public static List<Command> rows() {
    return CommandIndex.all().stream().filter(KeyCommands::isOne).toList();
  }

  private static boolean isOne(Command row) {
    return row.group() == Group.STRING
        || (row.group() == Group.GENERIC && !row.name().startsWith("WAIT"))
        || OF_THE_SERVER_GROUP.contains(row.name());
  }
}
