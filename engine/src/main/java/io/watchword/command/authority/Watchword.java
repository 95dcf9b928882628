package io.watchword.command.authority;

import io.watchword.authority.Answer;
import io.watchword.authority.Order;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import io.watchword.resp.RespWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** WATCHWORD: the orders of the sentinels. */
public final class Watchword {
  private static final int PORT_MAX = 65_535;
  private static final int MEMBERS_MAX = 1 << 10;
  private static final long HOLD_MS_MAX = 60_000;
  private static final int WORD_LENGTH_MAX = 1 << 12;

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("WATCHWORD", -2)
              .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.STALE, Flag.NO_MULTI)
              .in(Group.REPLICATION, "7.2.4")
              .says("Orders of a sentinel group to this node.")
              .costs("O(1)")
              .evenWhilePaused()
              .sub(
                  row("CLAIM", 4, "Takes the node for a group.", Watchword::claim, "sentinels"),
                  row("BEAT", 6, "Names the node as master.", Watchword::beat, "epoch"),
                  row("FENCE", -4, "Stops the node; it reports what it holds.", Watchword::fence),
                  row("PROMOTE", -6, "Makes the node the epoch's master.", Watchword::promote),
                  row("FOLLOW", 6, "Makes the node follow the epoch's master.", Watchword::follow),
                  row("RELEASE", 4, "Gives the node back.", Watchword::release))
              .runs(
                  call -> {
                    throw new CommandError("ERR wrong number of arguments for 'watchword' command");
                  }));

  private Watchword() {}

  private static Command row(
      String name, int arity, String says, Function<Call, Order> order, String... args) {
    Command row =
        Command.other(name, arity)
            .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.STALE, Flag.NO_MULTI)
            .in(Group.REPLICATION, "7.2.4")
            .says(says)
            .costs("O(1)")
            .evenWhilePaused();
    List<Arg> grammar = new ArrayList<>();
    grammar.add(Arg.string("group"));
    for (String arg : args) {
      grammar.add(Arg.string(arg));
    }
    return row.args(grammar.toArray(Arg[]::new))
        .runs(
            call -> {
              call.client().gaveOrder = true;
              reply(call.reply(), call.port(Obedience.class).obey(order.apply(call)));
              return Outcome.UNCHANGED;
            });
  }

  private static Order claim(Call call) {
    String group = word(call, 2);
    if (group.isEmpty() || group.indexOf(' ') >= 0) {
      throw new CommandError("ERR a group is a word without blanks");
    }
    return new Order.Claim(group, word(call, 3));
  }

  private static Order beat(Call call) {
    return new Order.Beat(word(call, 2), epoch(call), number(call, 4), word(call, 5));
  }

  private static Order fence(Call call) {
    if (call.argc() == 4) {
      return new Order.Fence(word(call, 2), epoch(call));
    }
    if (call.argc() != 6 || !call.is(4, "HOLD")) {
      throw CommandError.SYNTAX;
    }
    if (number(call, 5) > HOLD_MS_MAX) {
      throw new CommandError("ERR a hold of more than " + HOLD_MS_MAX + " ms");
    }
    return new Order.Fence(word(call, 2), epoch(call), number(call, 5));
  }

  private static Order promote(Call call) {
    if (call.argc() - 6 > MEMBERS_MAX) {
      throw new CommandError("ERR more than " + MEMBERS_MAX + " members");
    }
    List<String> members = new ArrayList<>();
    for (int i = 6; i < call.argc(); i++) {
      members.add(word(call, i));
    }
    return new Order.Promote(
        word(call, 2), epoch(call), number(call, 4), number(call, 5), List.copyOf(members));
  }

  private static Order follow(Call call) {
    long port = number(call, 5);
    if (port > PORT_MAX) {
      throw new CommandError("ERR Invalid master port");
    }
    return new Order.Follow(word(call, 2), epoch(call), word(call, 4), (int) port);
  }

  private static Order release(Call call) {
    return new Order.Release(word(call, 2), epoch(call));
  }

  private static long epoch(Call call) {
    return number(call, 3);
  }

  private static long number(Call call, int i) {
    long value = call.integer(i);
    if (value < 0) {
      throw CommandError.NOT_AN_INTEGER;
    }
    return value;
  }

  private static String word(Call call, int i) {
    if (call.length(i) > WORD_LENGTH_MAX) {
      throw new CommandError("ERR a word of more than " + WORD_LENGTH_MAX + " bytes");
    }
    return call.text(i);
  }

  private static void reply(RespWriter out, Answer answer) {
    if (answer instanceof Answer.Done) {
      out.ok();
    } else if (answer instanceof Answer.Beating beating) {
      out.array(4);
      out.bulk(beating.nonce());
      out.integer(beating.epoch());
      out.bulk(beating.master() ? "master" : "slave");
      out.integer(beating.offset());
    } else if (answer instanceof Answer.Report report) {
      report(out, report);
    } else if (answer instanceof Answer.Stale stale) {
      out.error("STALEEPOCH " + stale.held());
    } else if (answer instanceof Answer.Foreign foreign) {
      out.error("FOREIGN " + foreign.group());
    } else if (answer instanceof Answer.Loading) {
      out.error("LOADING Redis is loading the dataset in memory");
    } else if (answer instanceof Answer.Lacking lacking) {
      out.error("LACKING " + lacking.why());
    } else {
      out.error("ERR " + ((Answer.Refused) answer).why());
    }
  }

  private static void report(RespWriter out, Answer.Report report) {
    out.array(5);
    out.integer(report.dataEpoch());
    out.bulk(report.replid());
    out.integer(report.offset());
    out.integer(report.durableOffset());
    out.array(report.members().size());
    report.members().forEach(out::bulk);
  }
}
