package io.watchword.command.connection;

import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.CommandError;
import java.util.List;
import java.util.Locale;

/** The types of client that CLIENT LIST and CLIENT KILL tell apart. */
final class ClientType {
  private static final List<String> KNOWN = List.of("normal", "replica", "pubsub", "master");

  private ClientType() {}

  static String of(Client client) {
    return switch (client.kind) {
      case MASTER -> "master";
      case REPLICA -> "replica";
      case NORMAL -> client.subscriptions > 0 ? "pubsub" : "normal";
    };
  }

  /** The type that an argument names, or an error. */
  static String checked(Call call, int i) {
    String given = call.text(i).toLowerCase(Locale.ROOT);
    String type = given.equals("slave") ? "replica" : given;
    if (!KNOWN.contains(type)) {
      throw new CommandError("ERR Unknown client type '" + call.text(i) + "'");
    }
    return type;
  }
}
