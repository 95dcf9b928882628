package io.watchword.command.server;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Client;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import io.watchword.config.Config;
import io.watchword.config.Directives;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Digest;
import io.watchword.keyspace.Entries;
import io.watchword.resp.Peer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * DEBUG, for tests and for those who look for a fault. Allowed by {@code enable-debug-command}
 * only, since SLEEP stops the server for everybody.
 */
public final class Debug {
  private static final int SECONDS_MAX = 3600;

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("DEBUG", -2)
              .flags(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.PROTECTED)
              .in(Group.SERVER, "1.0.0")
              .says("Contains the commands for tests and for those who look for a fault.")
              .costs("Depends on the subcommand")
              .args(Arg.string("subcommand"), Arg.opt(Arg.many(Arg.string("argument"))))
              .runs(Debug::debug));

  private static final CommandError NOT_ALLOWED =
      new CommandError(
          "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\","
              + " you can run it from a local connection, otherwise you need to set this option"
              + " in the configuration file, and then restart the server.");
  private static final CommandError NOT_POSITIVE =
      new CommandError("ERR value is out of range, must be positive");

  private Debug() {}

  /** What DEBUG may do to the server. */
  public interface Switches {
    /** Stops the command thread. */
    void sleep(long millis);

    /** Whether keys past their deadline are looked for. */
    void activeExpire(boolean on);
  }

  private static Outcome debug(Call call) {
    if (!isAllowed(call)) {
      throw NOT_ALLOWED;
    }
    if (call.is(1, "DIGEST") && call.argc() == 2) {
      call.reply().simple(Digest.of(call.keyspace()));
    } else if (call.is(1, "SLEEP") && call.argc() == 3) {
      call.port(Switches.class).sleep(millis(call.text(2)));
      call.reply().ok();
    } else if (call.is(1, "SET-ACTIVE-EXPIRE") && call.argc() == 3) {
      call.port(Switches.class).activeExpire(!call.text(2).equals("0"));
      call.reply().ok();
    } else if (call.is(1, "POPULATE") && call.argc() >= 3 && call.argc() <= 5) {
      populate(call);
      call.reply().ok();
    } else if (call.is(1, "HELP") && call.argc() == 2) {
      help(call);
    } else {
      throw new CommandError(
          "ERR unknown subcommand or wrong number of arguments for '"
              + call.text(1)
              + "'. Try DEBUG HELP.");
    }
    return Outcome.UNCHANGED;
  }

  private static boolean isAllowed(Call call) {
    return switch (call.port(Config.class).get(Directives.ENABLE_DEBUG_COMMAND)) {
      case "yes" -> true;
      case "local" -> isLocal(call.client());
      default -> false;
    };
  }

  private static boolean isLocal(Client client) {
    return client.peer != null && Peer.isLoopback(client.peer.remote());
  }

  private static long millis(String seconds) {
    try {
      double value = Double.parseDouble(seconds);
      return (long) (1000 * Math.max(0, Math.min(SECONDS_MAX, value)));
    } catch (NumberFormatException noNumberIsNoTime) {
      return 0;
    }
  }

  /** Makes keys {@code key:0}, {@code key:1} ... that hold {@code value:N}, as Redis's does. */
  private static void populate(Call call) {
    long count = positive(call, 2);
    String prefix = call.argc() > 3 ? call.text(3) : "key";
    int size = call.argc() > 4 ? (int) Math.min(positive(call, 4), 512 << 20) : 0;
    Database db = call.db();
    for (long i = 0; i < count; i++) {
      byte[] key = (prefix + ":" + i).getBytes(StandardCharsets.ISO_8859_1);
      long hash = call.keyspace().hash(key, 0, key.length);
      if (db.find(key, 0, key.length, hash) == Database.NONE) {
        byte[] value = ("value:" + i).getBytes(StandardCharsets.ISO_8859_1);
        byte[] sized = size > 0 ? Arrays.copyOf(value, size) : value;
        db.set(
            key, 0, key.length, hash, sized, 0, sized.length, Entries.NO_DEADLINE, Entries.AS_SET);
      }
    }
  }

  private static long positive(Call call, int i) {
    try {
      long value = call.integer(i);
      if (value >= 0) {
        return value;
      }
    } catch (CommandError notAnInteger) {
      // Answered below, in the words that fit both cases.
    }
    throw NOT_POSITIVE;
  }

  private static void help(Call call) {
    List<String> lines =
        List.of(
            "DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
            "DIGEST",
            "    Answers a digest of all keys and values.",
            "POPULATE <count> [<prefix>] [<size>]",
            "    Makes <count> string keys; replicas are not told.",
            "SET-ACTIVE-EXPIRE <0|1>",
            "    Turns the search for keys past their deadline off or on.",
            "SLEEP <seconds>",
            "    Stops the server for so long; fractions are allowed.",
            "HELP",
            "    Prints this help.");
    call.reply().array(lines.size());
    lines.forEach(call.reply()::simple);
  }
}
