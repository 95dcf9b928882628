package io.watchword.command.connection;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Clients;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.TreeSet;
import java.util.function.Predicate;

/** CLIENT LIST. */
final class ClientList {
  static final Command ROW =
      Command.other("LIST", -2)
          .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
          .in(Group.CONNECTION, "2.4.0")
          .says("Lists connections, one a line.")
          .costs("O(N) where N is the number of connections")
          .args(
              Arg.opt(
                  Arg.block(
                      "by-type",
                      Arg.word("TYPE"),
                      Arg.oneOf(
                          "kind",
                          Arg.word("NORMAL"),
                          Arg.word("MASTER"),
                          Arg.word("REPLICA"),
                          Arg.word("PUBSUB")))),
              Arg.opt(Arg.block("by-id", Arg.word("ID"), Arg.many(Arg.integer("client-id")))))
          .runs(ClientList::list);

  private ClientList() {}

  private static Outcome list(Call call) {
    Predicate<Client> wanted = wanted(call);
    StringBuilder lines = new StringBuilder();
    for (Client client : call.port(Clients.class).all()) {
      if (wanted.test(client)) {
        lines.append(ClientLine.of(client, call.now()));
      }
    }
    call.reply().verbatim(lines.toString());
    return Outcome.UNCHANGED;
  }

  private static Predicate<Client> wanted(Call call) {
    if (call.argc() == 2) {
      return client -> true;
    }
    if (call.argc() == 4 && call.is(2, "TYPE")) {
      String type = ClientType.checked(call, 3);
      return client -> ClientType.of(client).equals(type);
    }
    if (call.argc() > 3 && call.is(2, "ID")) {
      TreeSet<Long> ids = new TreeSet<>();
      for (int i = 3; i < call.argc(); i++) {
        try {
          ids.add(call.integer(i));
        } catch (CommandError notAnInteger) {
          throw new CommandError("ERR Invalid client ID");
        }
      }
      return client -> ids.contains(client.id);
    }
    throw CommandError.SYNTAX;
  }
}
