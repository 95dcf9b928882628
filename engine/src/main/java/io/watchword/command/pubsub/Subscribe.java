package io.watchword.command.pubsub;

import io.watchword.bytes.Bytes;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import java.util.List;

/** SUBSCRIBE, UNSUBSCRIBE and the same for patterns: one confirmation for each name. */
public final class Subscribe {
  public static final List<Command> COMMANDS =
      List.of(
          row("SUBSCRIBE", -2)
              .says("Listens to channels.")
              .costs("O(N) where N is the number of channels")
              .args(Arg.many(Arg.string("channel")))
              .runs(call -> subscribe(call, false)),
          row("PSUBSCRIBE", -2)
              .says("Listens to every channel whose name matches a pattern.")
              .costs("O(N) where N is the number of patterns")
              .args(Arg.many(Arg.pattern("pattern")))
              .runs(call -> subscribe(call, true)),
          row("UNSUBSCRIBE", -1)
              .says("Stops listening to channels, to all when none is named.")
              .costs("O(N) where N is the number of channels")
              .args(Arg.opt(Arg.many(Arg.string("channel"))))
              .runs(call -> unsubscribe(call, false)),
          row("PUNSUBSCRIBE", -1)
              .says("Stops listening to patterns, to all when none is named.")
              .costs("O(N) where N is the number of patterns")
              .args(Arg.opt(Arg.many(Arg.pattern("pattern"))))
              .runs(call -> unsubscribe(call, true)));

  private Subscribe() {}

  private static Command row(String name, int arity) {
    return Command.other(name, arity)
        .flags(Flag.PUBSUB, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .in(Group.PUBSUB, "2.0.0");
  }

  private static Outcome subscribe(Call call, boolean pattern) {
    Subscribers subscribers = call.port(Subscribers.class);
    for (int i = 1; i < call.argc(); i++) {
      Bytes name = call.copy(i);
      if (pattern) {
        subscribers.all().subscribePattern(call.client(), name);
      } else {
        subscribers.all().subscribe(call.client(), name);
      }
      confirm(call, subscribers, pattern ? "psubscribe" : "subscribe", name);
    }
    return Outcome.UNCHANGED;
  }

  private static Outcome unsubscribe(Call call, boolean pattern) {
    Subscribers subscribers = call.port(Subscribers.class);
    String kind = pattern ? "punsubscribe" : "unsubscribe";
    List<Bytes> names = names(call, pattern);
    for (Bytes name : names) {
      if (pattern) {
        subscribers.all().unsubscribePattern(call.client(), name);
      } else {
        subscribers.all().unsubscribe(call.client(), name);
      }
      confirm(call, subscribers, kind, name);
    }
    if (names.isEmpty()) {
      confirm(call, subscribers, kind, null);
    }
    return Outcome.UNCHANGED;
  }

  private static List<Bytes> names(Call call, boolean pattern) {
    if (call.argc() > 1) {
      return Names.from(call, 1);
    }
    Subscribers subscribers = call.port(Subscribers.class);
    return pattern
        ? subscribers.all().patternsOf(call.client())
        : subscribers.all().channelsOf(call.client());
  }

  private static void confirm(Call call, Subscribers subscribers, String kind, Bytes nameOrNull) {
    Client client = call.client();
    subscribers.count(client);
    call.reply().push(3);
    call.reply().bulk(kind);
    if (nameOrNull == null) {
      call.reply().nil();
    } else {
      call.reply().bulk(nameOrNull);
    }
    call.reply().integer(client.subscriptions);
  }
}
