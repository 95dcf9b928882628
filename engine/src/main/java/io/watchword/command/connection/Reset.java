package io.watchword.command.connection;

import io.watchword.bytes.Bytes;
import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Clients;
import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** RESET. */
public final class Reset {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("RESET", 1)
              .fast()
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.NO_AUTH, Flag.ALLOW_BUSY)
              .in(Group.CONNECTION, "6.2.0")
              .says("Brings the connection back to the state of a new one.")
              .costs("O(1)")
              .atOnceInMulti()
              .runs(Reset::reset));

  private Reset() {}

  private static Outcome reset(Call call) {
    Client client = call.client();
    client.discardQueue();
    client.unwatch(call.keyspace().watched());
    call.port(Clients.class).unsubscribe(client);
    client.database = 0;
    client.name = Bytes.EMPTY;
    client.replies = Client.Replies.ON;
    client.authenticated = !Auth.isRequired(call);
    call.reply().protocol(2);
    call.reply().simple("RESET");
    return Outcome.UNCHANGED;
  }
}
