package io.watchword.command.connection;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.HelpRow;
import io.watchword.command.Outcome;
import java.util.List;

/** CLIENT and its subcommands; the long ones stand in files of their own. */
public final class ClientVerb {
  private static final Command[] ROWS = {
    row("ID", 2, "5.0.0")
        .says("Answers the number of the connection, which is never used twice.")
        .runs(ClientVerb::id),
    row("GETNAME", 2, "2.6.9")
        .says("Answers the name of the connection.")
        .runs(ClientVerb::getName),
    row("SETNAME", 3, "2.6.9")
        .says("Names the connection; an empty name takes the name away.")
        .args(Arg.string("connection-name"))
        .runs(ClientVerb::setName),
    row("SETINFO", 4, "7.2.0")
        .says("Notes the name or the version of the client's library.")
        .args(
            Arg.oneOf(
                "attr",
                Arg.block("libname", Arg.word("LIB-NAME"), Arg.string("libname")),
                Arg.block("libver", Arg.word("LIB-VER"), Arg.string("libver"))))
        .runs(ClientVerb::setInfo),
    row("INFO", 2, "6.2.0")
        .says("Describes the connection as CLIENT LIST does.")
        .runs(ClientVerb::info),
    row("REPLY", 3, "3.2.0")
        .says("Turns replies off, on, or off for the next command.")
        .args(Arg.oneOf("mode", Arg.word("ON"), Arg.word("OFF"), Arg.word("SKIP")))
        .runs(ClientVerb::reply),
    ClientPause.PAUSE,
    ClientPause.UNPAUSE,
    ClientList.ROW,
    ClientKill.ROW
  };

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("CLIENT", -2)
              .in(Group.CONNECTION, "2.4.0")
              .says("Contains the commands about connections.")
              .costs("Depends on the subcommand")
              .sub(ROWS)
              .sub(HelpRow.of("CLIENT", Group.CONNECTION, "5.0.0", ROWS)));

  private ClientVerb() {}

  private static Command row(String name, int arity, String since) {
    return Command.other(name, arity)
        .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .in(Group.CONNECTION, since)
        .costs("O(1)");
  }

  private static Outcome id(Call call) {
    call.reply().integer(call.client().id);
    return Outcome.UNCHANGED;
  }

  private static Outcome getName(Call call) {
    if (call.client().name.length() == 0) {
      call.reply().nil();
    } else {
      call.reply().bulk(call.client().name);
    }
    return Outcome.UNCHANGED;
  }

  private static Outcome setName(Call call) {
    call.client().name = ClientNames.checked(call, 2);
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static Outcome setInfo(Call call) {
    boolean name = call.is(2, "LIB-NAME");
    if (!name && !call.is(2, "LIB-VER")) {
      throw new CommandError("ERR Unrecognized option '" + call.text(2) + "'");
    }
    if (!ClientNames.isPrintable(call, 3)) {
      throw new CommandError(
          "ERR " + call.text(2) + " cannot contain spaces, newlines or special characters.");
    }
    if (name) {
      call.client().libName = call.copy(3);
    } else {
      call.client().libVersion = call.copy(3);
    }
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static Outcome info(Call call) {
    call.reply().verbatim(ClientLine.of(call.client(), call.now()));
    return Outcome.UNCHANGED;
  }

  private static Outcome reply(Call call) {
    Client client = call.client();
    if (call.is(2, "ON")) {
      client.replies = Client.Replies.ON;
      call.reply().ok();
    } else if (call.is(2, "OFF")) {
      client.replies = Client.Replies.OFF;
    } else if (call.is(2, "SKIP")) {
      if (client.replies != Client.Replies.OFF) {
        client.replies = Client.Replies.SKIP_NEXT;
      }
    } else {
      throw CommandError.SYNTAX;
    }
    return Outcome.UNCHANGED;
  }
}
