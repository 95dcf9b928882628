package io.watchword.command.pubsub;

import io.watchword.bytes.Bytes;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** PUBLISH. */
public final class Publish {
  public static final List<Command> COMMANDS =
      List.of(
          Command.other("PUBLISH", 3)
              .fast()
              .flags(Flag.PUBSUB, Flag.LOADING, Flag.STALE)
              .in(Group.PUBSUB, "2.0.0")
              .says("Sends a message to all who listen to a channel.")
              .costs("O(N+M): N who listen to the channel, M patterns")
              .args(Arg.string("channel"), Arg.string("message"))
              .toReplicasToo()
              .runs(Publish::publish));

  private Publish() {}

  private static Outcome publish(Call call) {
    Bytes channel = call.copy(1);
    Bytes message = call.copy(2);
    int delivered = call.port(Subscribers.class).publish(channel, message);
    if (!call.isReplica()) {
      // Those who listen on replicas get it too; it is no change of the data set.
      call.tell().command(call.db().index(), "PUBLISH", channel, message);
    }
    call.reply().integer(delivered);
    return Outcome.UNCHANGED;
  }
}
