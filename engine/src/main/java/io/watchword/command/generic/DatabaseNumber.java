package io.watchword.command.generic;

import io.watchword.command.Call;
import io.watchword.command.CommandError;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Keyspace;

/** The number of a database as an argument. */
final class DatabaseNumber {
  private static final CommandError TOO_LARGE =
      new CommandError(
          "ERR value is out of range, value must between "
              + Integer.MIN_VALUE
              + " and "
              + Integer.MAX_VALUE);

  private DatabaseNumber() {}

  /** The database whose number argument {@code i} is. */
  static Database read(Call call, int i) {
    long number = call.integer(i);
    if (number != (int) number) {
      throw TOO_LARGE;
    }
    return at(call.keyspace(), number);
  }

  /** The same, with another error for what is no number. */
  static Database read(Call call, int i, CommandError notANumber) {
    try {
      return read(call, i);
    } catch (CommandError error) {
      throw error == CommandError.DB_INDEX ? error : notANumber;
    }
  }

  private static Database at(Keyspace keyspace, long number) {
    if (number < 0 || number >= keyspace.count()) {
      throw CommandError.DB_INDEX;
    }
    return keyspace.database((int) number);
  }
}
