package io.watchword.command.replication;

import io.watchword.bytes.Numbers;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** REPLICAOF and its older spelling SLAVEOF. */
public final class ReplicaOf {
  private static final int PORT_MAX = 65_535;

  public static final List<Command> COMMANDS =
      List.of(row("REPLICAOF", "5.0.0"), row("SLAVEOF", "1.0.0"));

  private ReplicaOf() {}

  private static Command row(String name, String since) {
    return Command.other(name, 3)
        .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.STALE, Flag.NO_ASYNC_LOADING)
        .in(Group.REPLICATION, since)
        .says("Makes the server follow another one, or no one.")
        .costs("O(1)")
        .args(
            Arg.oneOf(
                "master",
                Arg.block("host-port", Arg.string("host"), Arg.integer("port")),
                Arg.block("no-one", Arg.word("NO"), Arg.word("ONE"))))
        .runs(ReplicaOf::replicaOf);
  }

  private static Outcome replicaOf(Call call) {
    Node node = call.port(Node.class);
    if (call.is(1, "NO") && call.is(2, "ONE")) {
      node.promote(who(call.client()));
      call.reply().ok();
      return Outcome.UNCHANGED;
    }
    if (call.client().kind == Client.Kind.REPLICA) {
      throw new CommandError("ERR Command is not valid when client is a replica.");
    }
    String host = call.text(1);
    int port = port(call);
    if (node.follows(host, port)) {
      call.reply().simple("OK Already connected to specified master");
      return Outcome.UNCHANGED;
    }
    call.endUnit();
    node.follow(host, port, who(call.client()));
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static int port(Call call) {
    boolean number = Numbers.isLong(call.bytes(), call.at(2), call.length(2));
    long port = number ? Numbers.toLong(call.bytes(), call.at(2), call.length(2)) : -1;
    if (port < 0 || port > PORT_MAX) {
      throw new CommandError("ERR Invalid master port");
    }
    return (int) port;
  }

  private static String who(Client client) {
    String address = client.peer == null ? "" : client.peer.remote();
    return "id=" + client.id + " addr=" + address + " name=" + client.name;
  }
}
