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
import java.util.function.Predicate;

/**
 * CLIENT KILL, in its old form with one address and in the new one with filters, all of which must
 * hold. Sentinels use {@code CLIENT KILL TYPE normal} and {@code TYPE pubsub}.
 */
final class ClientKill {
  static final Command ROW =
      Command.other("KILL", -3)
          .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
          .category("@connection")
          .in(Group.CONNECTION, "2.4.0")
          .says("Closes the connections that meet all of the conditions.")
          .costs("O(N) where N is the number of connections")
          .args(
              Arg.oneOf(
                  "filter",
                  Arg.string("ip:port"),
                  Arg.many(
                      Arg.oneOf(
                          "condition",
                          Arg.block("id", Arg.word("ID"), Arg.integer("client-id")),
                          Arg.block(
                              "type",
                              Arg.word("TYPE"),
                              Arg.oneOf(
                                  "kind",
                                  Arg.word("NORMAL"),
                                  Arg.word("MASTER"),
                                  Arg.word("SLAVE"),
                                  Arg.word("REPLICA"),
                                  Arg.word("PUBSUB"))),
                          Arg.block("user", Arg.word("USER"), Arg.string("username")),
                          Arg.block("addr", Arg.word("ADDR"), Arg.string("ip:port")),
                          Arg.block("laddr", Arg.word("LADDR"), Arg.string("ip:port")),
                          Arg.block(
                              "skipme",
                              Arg.word("SKIPME"),
                              Arg.oneOf("yesno", Arg.word("YES"), Arg.word("NO")))))))
          .runs(ClientKill::kill);

  private static final CommandError NO_SUCH_CLIENT = new CommandError("ERR No such client");

  private ClientKill() {}

  private static Outcome kill(Call call) {
    if (call.argc() == 3) {
      String address = call.text(2);
      if (close(call, client -> client.peer.remote().equals(address)) == 0) {
        throw NO_SUCH_CLIENT;
      }
      call.reply().ok();
    } else {
      call.reply().integer(close(call, condition(call)));
    }
    return Outcome.UNCHANGED;
  }

  private static Predicate<Client> condition(Call call) {
    Predicate<Client> all = client -> true;
    boolean skipMe = true;
    for (int i = 2; i < call.argc(); i += 2) {
      if (i + 1 >= call.argc()) {
        throw CommandError.SYNTAX;
      }
      if (call.is(i, "SKIPME")) {
        skipMe = yesOrNo(call, i + 1);
      } else {
        all = all.and(condition(call, i));
      }
    }
    Client me = call.client();
    return skipMe ? all.and(client -> !client.equals(me)) : all;
  }

  private static Predicate<Client> condition(Call call, int i) {
    String value = call.text(i + 1);
    if (call.is(i, "ID")) {
      long id = id(call, i + 1);
      return client -> client.id == id;
    }
    if (call.is(i, "TYPE")) {
      String type = ClientType.checked(call, i + 1);
      return client -> ClientType.of(client).equals(type);
    }
    if (call.is(i, "ADDR")) {
      return client -> client.peer.remote().equals(value);
    }
    if (call.is(i, "LADDR")) {
      return client -> client.peer.local().equals(value);
    }
    if (call.is(i, "USER")) {
      if (!value.equals("default")) {
        throw new CommandError("ERR No such user '" + value + "'");
      }
      return client -> client.user.equals(value);
    }
    throw CommandError.SYNTAX;
  }

  private static long id(Call call, int i) {
    try {
      long id = call.integer(i);
      if (id > 0) {
        return id;
      }
    } catch (CommandError notAnInteger) {
      // Answered below, in the words that fit both cases.
    }
    throw new CommandError("ERR client-id should be greater than 0");
  }

  private static boolean yesOrNo(Call call, int i) {
    if (call.is(i, "YES")) {
      return true;
    }
    if (call.is(i, "NO")) {
      return false;
    }
    throw CommandError.SYNTAX;
  }

  private static int close(Call call, Predicate<Client> condition) {
    Clients clients = call.port(Clients.class);
    int closed = 0;
    for (Client client : clients.all()) {
      if (condition.test(client)) {
        closed++;
        if (client.equals(call.client())) {
          // One's own connection closes after the reply.
          client.closing = true;
        } else {
          clients.disconnect(client);
        }
      }
    }
    return closed;
  }
}
