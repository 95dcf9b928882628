package io.watchword.command.replication;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/**
 * WAIT: holds the reply until enough replicas have confirmed everything written before. It says how
 * many hold the data, not that the data survives a failover; docs/GUARANTEES.md has the difference.
 */
public final class Wait {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("WAIT", 3)
              .flags(Flag.NOSCRIPT, Flag.BLOCKING)
              .in(Group.GENERIC, "3.0.0")
              .says("Waits until replicas have confirmed the writes so far.")
              .costs("O(1)")
              .args(Arg.integer("numreplicas"), Arg.integer("timeout"))
              .runs(Wait::await));

  private Wait() {}

  private static Outcome await(Call call) {
    Node node = call.port(Node.class);
    if (node.isReplica()) {
      throw new CommandError(
          "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0"
              + " if a replica is configured to be writable (which is not the default) writes to"
              + " replicas are just local and are not propagated.");
    }
    long wanted = call.integer(1);
    long timeoutMs = call.integer(2);
    if (timeoutMs < 0) {
      throw new CommandError("ERR timeout is negative");
    }
    Client client = call.client();
    long offset = client.wroteTo;
    int confirmed = node.confirmed(offset);
    // Inside MULTI nobody may be held: the replies of the whole transaction would be.
    if (confirmed >= wanted || call.isInsideUnit() || client.peer == null) {
      call.reply().integer(confirmed);
      return Outcome.UNCHANGED;
    }
    int replicas = (int) Math.min(wanted, Integer.MAX_VALUE);
    node.hold(client, offset, replicas, timeoutMs, client.out::integer);
    return Outcome.UNCHANGED;
  }
}
