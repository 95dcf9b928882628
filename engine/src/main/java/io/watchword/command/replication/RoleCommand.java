package io.watchword.command.replication;

import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** ROLE. */
public final class RoleCommand {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("ROLE", 1)
              .fast()
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
              .in(Group.REPLICATION, "2.8.12")
              .says("Says whether the server is a master or a replica, and of whom.")
              .costs("O(1)")
              .category("@admin", "@dangerous")
              .runs(
                  call -> {
                    call.port(Node.class).role(call.reply());
                    return Outcome.UNCHANGED;
                  }));

  private RoleCommand() {}
}
