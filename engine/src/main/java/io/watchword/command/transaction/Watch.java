package io.watchword.command.transaction;

import io.watchword.bytes.Bytes;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import java.util.List;

/** WATCH and UNWATCH. */
public final class Watch {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("WATCH", -2)
              .fast()
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.ALLOW_BUSY)
              .in(Group.TRANSACTIONS, "2.2.0")
              .says("Lets the next EXEC do nothing if one of the keys changes before it.")
              .costs("O(1) for each key")
              .keys(KeySpec.range(1, -1, 1, "RO"))
              .args(Arg.many(Arg.key("key")))
              .atOnceInMulti()
              .runs(Watch::watch),
          Command.other("UNWATCH", 1)
              .fast()
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.ALLOW_BUSY)
              .in(Group.TRANSACTIONS, "2.2.0")
              .says("Forgets all watched keys.")
              .costs("O(1) for each watched key")
              .runs(Watch::unwatch));

  private static final CommandError TOO_LATE =
      new CommandError("ERR WATCH inside MULTI is not allowed");

  private Watch() {}

  private static Outcome watch(Call call) {
    Client client = call.client();
    if (client.queue != null) {
      throw TOO_LATE;
    }
    for (int i = 1; i < call.argc(); i++) {
      // A key past its deadline is gone for whoever looks, so it must be gone before watching:
      // its removal later on is no change.
      call.find(i);
      Bytes key = call.copy(i);
      boolean due = call.isDue(new Client.WatchedKey(client.database, key));
      client.watch(call.keyspace().watched(), client.database, key, due);
    }
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static Outcome unwatch(Call call) {
    call.client().unwatch(call.keyspace().watched());
    call.reply().ok();
    return Outcome.UNCHANGED;
  }
}
