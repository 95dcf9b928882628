package io.watchword.command.connection;

import io.watchword.bytes.Bytes;
import io.watchword.command.Call;
import io.watchword.command.CommandError;

/** Which names a connection may have: what CLIENT LIST can print in one word. */
final class ClientNames {
  private static final CommandError BAD_NAME =
      new CommandError("ERR Client names cannot contain spaces, newlines or special characters.");

  private ClientNames() {}

  /** The name in an argument, or an error. */
  static Bytes checked(Call call, int i) {
    if (!isPrintable(call, i)) {
      throw BAD_NAME;
    }
    return call.copy(i);
  }

  /** Whether the argument holds no blank and nothing that does not print. */
  static boolean isPrintable(Call call, int i) {
    for (int at = call.at(i); at < call.at(i) + call.length(i); at++) {
      byte c = call.bytes()[at];
      if (c < '!' || c > '~') {
        return false;
      }
    }
    return true;
  }
}
