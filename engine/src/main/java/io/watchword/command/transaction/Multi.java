package io.watchword.command.transaction;

import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * MULTI, EXEC and DISCARD. The dispatcher queues what comes between; EXEC runs it in one go, and
 * what it changed leaves as one unit.
 */
public final class Multi {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("MULTI", 1)
              .fast()
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.ALLOW_BUSY)
              .in(Group.TRANSACTIONS, "1.2.0")
              .says("Begins a transaction: what follows is queued until EXEC.")
              .costs("O(1)")
              .atOnceInMulti()
              .runs(Multi::multi),
          Command.other("EXEC", 1)
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.SKIP_SLOWLOG)
              .in(Group.TRANSACTIONS, "1.2.0")
              .says("Runs what was queued since MULTI, unless a watched key changed.")
              .costs("Depends on the queued commands")
              .atOnceInMulti()
              .runs(Multi::exec),
          Command.other("DISCARD", 1)
              .fast()
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.ALLOW_BUSY)
              .in(Group.TRANSACTIONS, "2.0.0")
              .says("Drops what was queued since MULTI.")
              .costs("O(N) where N is the number of queued commands")
              .atOnceInMulti()
              .runs(Multi::discard));

  private static final CommandError NESTED = new CommandError("ERR MULTI calls can not be nested");
  private static final CommandError NO_MULTI_TO_EXEC = new CommandError("ERR EXEC without MULTI");
  private static final CommandError NO_MULTI_TO_DISCARD =
      new CommandError("ERR DISCARD without MULTI");
  private static final CommandError ABORTED =
      new CommandError("EXECABORT Transaction discarded because of previous errors.");

  private Multi() {}

  private static Outcome multi(Call call) {
    if (call.client().queue != null) {
      throw NESTED;
    }
    call.client().queue = new ArrayList<>();
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static Outcome discard(Call call) {
    if (call.client().queue == null) {
      throw NO_MULTI_TO_DISCARD;
    }
    end(call);
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static Outcome exec(Call call) {
    Client client = call.client();
    if (client.queue == null) {
      throw NO_MULTI_TO_EXEC;
    }
    if (client.queueBroken) {
      end(call);
      throw ABORTED;
    }
    if (client.watchBroken || client.hasWatchedKeyExpired(call::isDue)) {
      end(call);
      call.reply().nilArray();
      return Outcome.UNCHANGED;
    }
    String refusal = call.dispatcher().findQueueRefusal(client);
    List<Client.Queued> queue = client.queue;
    // Ended first: a queued command must not find itself inside MULTI, and its own changes must
    // not break a WATCH that is over.
    end(call);
    if (refusal != null) {
      throw CommandError.aborted(refusal);
    }
    call.reply().array(queue.size());
    for (Client.Queued queued : queue) {
      call.dispatcher().runQueued(client, queued, call.reply());
    }
    return Outcome.UNCHANGED;
  }

  private static void end(Call call) {
    call.client().discardQueue();
    call.client().unwatch(call.keyspace().watched());
  }
}
