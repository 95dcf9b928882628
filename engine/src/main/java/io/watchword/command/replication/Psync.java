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

/** PSYNC and SYNC: how a replica attaches. What is answered then is the stream, not a reply. */
public final class Psync {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("PSYNC", -3)
              .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING, Flag.NO_MULTI)
              .in(Group.REPLICATION, "2.8.0")
              .says("Attaches a replica, from the offset it has reached where that can be.")
              .costs("O(N) where N is the size of what is sent")
              .args(Arg.string("replicationid"), Arg.integer("offset"))
              .runs(Psync::psync),
          Command.other("SYNC", 1)
              .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING, Flag.NO_MULTI)
              .in(Group.REPLICATION, "1.0.0")
              .says("Attaches a replica that knows nothing of offsets.")
              .costs("O(N) where N is the size of what is sent")
              .runs(call -> attach(call, "?", -1, false)));

  private Psync() {}

  private static Outcome psync(Call call) {
    if (call.argc() == 4 && call.is(3, "FAILOVER")) {
      throw new CommandError("ERR PSYNC FAILOVER is not built: there is no FAILOVER command yet");
    }
    boolean number = Numbers.isLong(call.bytes(), call.at(2), call.length(2));
    if (!number) {
      throw CommandError.NOT_AN_INTEGER;
    }
    return attach(
        call, call.text(1), Numbers.toLong(call.bytes(), call.at(2), call.length(2)), true);
  }

  private static Outcome attach(Call call, String replid, long from, boolean speaksPsync) {
    // A replica that is one already has its stream; Redis ignores it as well.
    if (call.client().kind == Client.Kind.NORMAL) {
      call.port(Node.class).attach(call.client(), replid, from, speaksPsync);
    }
    return Outcome.UNCHANGED;
  }
}
