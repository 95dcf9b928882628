package io.watchword.command.server;

import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import java.util.ArrayList;
import java.util.List;

/** COMMAND GETKEYS and GETKEYSANDFLAGS: the keys in a call, found from the row alone. */
final class CommandKeys {
  private static final CommandError UNKNOWN = new CommandError("ERR Invalid command specified");
  private static final CommandError NO_KEYS =
      new CommandError("ERR The command has no key arguments");
  private static final CommandError WRONG_ARITY =
      new CommandError("ERR Invalid number of arguments specified for command");
  private static final CommandError WRONG_ARGUMENTS =
      new CommandError("ERR Invalid arguments specified for command");

  /** Arguments before the call that is asked about: COMMAND GETKEYS. */
  private static final int SKIPPED = 2;

  private CommandKeys() {}

  private record Key(int at, KeySpec spec) {}

  static Outcome answer(Call call, boolean withFlags) {
    List<Key> keys = keys(call);
    call.reply().array(keys.size());
    for (Key key : keys) {
      if (withFlags) {
        call.reply().array(2);
      }
      call.reply().bulk(call.bytes(), call.at(key.at()), call.length(key.at()));
      if (withFlags) {
        call.reply().set(key.spec().flags().size());
        key.spec().flags().forEach(call.reply()::simple);
      }
    }
    return Outcome.UNCHANGED;
  }

  private static List<Key> keys(Call call) {
    int argc = call.argc() - SKIPPED;
    Command row = row(call, argc);
    if (row.keys().isEmpty()) {
      throw NO_KEYS;
    }
    if (!row.accepts(argc)) {
      throw WRONG_ARITY;
    }
    List<Key> keys = new ArrayList<>();
    for (KeySpec spec : row.keys()) {
      int last = spec.lastIn(argc);
      for (int i = spec.first(); i <= last; i += spec.step()) {
        if (i >= argc) {
          throw WRONG_ARGUMENTS;
        }
        keys.add(new Key(SKIPPED + i, spec));
      }
    }
    return keys;
  }

  private static Command row(Call call, int argc) {
    Command row = call.dispatcher().table().find(call.text(SKIPPED));
    if (row == null) {
      throw UNKNOWN;
    }
    if (argc > 1) {
      for (Command sub : row.subcommands()) {
        if (call.is(SKIPPED + 1, sub.name())) {
          return sub;
        }
      }
    }
    return row;
  }
}
