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

/**
 * REPLCONF: what a replica says of itself before it attaches. ACK comes later, on a connection that
 * carries the stream and is no longer served by commands; here it is answered by silence, as Redis
 * does for a client that is no replica.
 */
public final class Replconf {
  private static final int PORT_MAX = 65_535;
  private static final int IP_LENGTH_MAX = 255;

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("REPLCONF", -1)
              .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.ALLOW_BUSY)
              .in(Group.REPLICATION, "3.0.0")
              .says("Tells the master what it has to know of a replica.")
              .costs("O(1)")
              .args(Arg.many(Arg.block("fact", Arg.string("name"), Arg.string("value"))))
              .runs(Replconf::replconf));

  private Replconf() {}

  private static Outcome replconf(Call call) {
    if (call.argc() % 2 == 0) {
      throw new CommandError("ERR syntax error");
    }
    Client client = call.client();
    for (int i = 1; i < call.argc(); i += 2) {
      if (call.is(i, "ACK") || call.is(i, "GETACK")) {
        return Outcome.UNCHANGED;
      }
      note(call, client, i);
    }
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  private static void note(Call call, Client client, int i) {
    if (call.is(i, "LISTENING-PORT")) {
      client.replicaPort = port(call, i + 1);
    } else if (call.is(i, "IP-ADDRESS")) {
      if (call.length(i + 1) > IP_LENGTH_MAX) {
        throw new CommandError("ERR REPLCONF ip-address provided by replica instance is too long");
      }
      client.replicaIp = call.text(i + 1);
    } else if (call.is(i, "CAPA")) {
      // What a replica can do beyond what we know of does not concern us.
      client.replicaSpeaksEof |= call.is(i + 1, "EOF");
      client.replicaSpeaksPsync2 |= call.is(i + 1, "PSYNC2");
    } else {
      throw new CommandError("ERR Unrecognized REPLCONF option: " + call.text(i));
    }
  }

  private static int port(Call call, int i) {
    boolean number = Numbers.isLong(call.bytes(), call.at(i), call.length(i));
    long port = number ? Numbers.toLong(call.bytes(), call.at(i), call.length(i)) : -1;
    if (port < 0 || port > PORT_MAX) {
      throw CommandError.NOT_AN_INTEGER;
    }
    return (int) port;
  }
}
