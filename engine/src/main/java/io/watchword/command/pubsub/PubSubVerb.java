package io.watchword.command.pubsub;

import io.watchword.bytes.Bytes;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.HelpRow;
import io.watchword.command.Outcome;
import java.util.List;

/** PUBSUB and its subcommands: who listens. Sharded channels come with cluster mode. */
public final class PubSubVerb {
  private static final Command[] ROWS = {
    row("CHANNELS", -2)
        .says("Lists the channels that somebody listens to.")
        .costs("O(N) where N is the number of channels")
        .args(Arg.opt(Arg.pattern("pattern")))
        .runs(PubSubVerb::channels),
    row("NUMSUB", -2)
        .says("Counts who listens to each of the channels.")
        .costs("O(N) where N is the number of channels asked for")
        .args(Arg.opt(Arg.many(Arg.string("channel"))))
        .runs(PubSubVerb::numSub),
    row("NUMPAT", 2)
        .says("Counts the patterns that somebody listens to.")
        .costs("O(1)")
        .runs(PubSubVerb::numPat)
  };

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("PUBSUB", -2)
              .in(Group.PUBSUB, "2.8.0")
              .says("Contains the commands about who listens.")
              .costs("Depends on the subcommand")
              .sub(ROWS)
              .sub(HelpRow.of("PUBSUB", Group.PUBSUB, "6.2.0", ROWS)));

  private PubSubVerb() {}

  private static Command row(String name, int arity) {
    return Command.other(name, arity)
        .flags(Flag.PUBSUB, Flag.LOADING, Flag.STALE)
        .in(Group.PUBSUB, "2.8.0");
  }

  private static Outcome channels(Call call) {
    if (call.argc() > 3) {
      throw CommandError.subcommandSyntax(call);
    }
    Bytes pattern = call.argc() == 3 ? call.copy(2) : null;
    List<Bytes> found = call.port(Subscribers.class).all().channelsMatching(pattern);
    call.reply().array(found.size());
    found.forEach(call.reply()::bulk);
    return Outcome.UNCHANGED;
  }

  private static Outcome numSub(Call call) {
    List<Bytes> names = Names.from(call, 2);
    // An array of pairs in both protocols, as Redis answers.
    call.reply().array(2 * names.size());
    for (Bytes name : names) {
      call.reply().bulk(name);
      call.reply().integer(call.port(Subscribers.class).all().listenersOf(name));
    }
    return Outcome.UNCHANGED;
  }

  private static Outcome numPat(Call call) {
    call.reply().integer(call.port(Subscribers.class).patterns());
    return Outcome.UNCHANGED;
  }
}
