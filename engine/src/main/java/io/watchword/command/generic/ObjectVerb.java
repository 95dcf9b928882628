package io.watchword.command.generic;

import io.watchword.bytes.Numbers;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Group;
import io.watchword.command.HelpRow;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import java.util.List;

/** OBJECT and its subcommands: how a value is kept, told in Redis's words. */
public final class ObjectVerb {
  private static final int EMBEDDED_BYTES_MAX = 44;
  private static final long CLOCK_SECONDS = 10;
  private static final CommandError NOT_LFU =
      new CommandError(
          "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note"
              + " that when switching between policies at runtime LRU and LFU data will take some"
              + " time to adjust.");

  private static final Command[] ROWS = {
    row("ENCODING", "Names the form in which Redis would keep the value.")
        .runs(ObjectVerb::encoding),
    row("FREQ", "Tells how often the key is used, under a policy that counts it.")
        .in(Group.GENERIC, "4.0.0")
        .runs(ObjectVerb::frequency),
    row("IDLETIME", "Tells for how many seconds the key was not used, in tens.")
        .runs(ObjectVerb::idleTime),
    row("REFCOUNT", "Tells how many keys share the value: 1, nothing is shared.")
        .runs(ObjectVerb::references)
  };

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("OBJECT", -2)
              .in(Group.GENERIC, "2.2.3")
              .says("Tells how the value of a key is kept.")
              .costs("O(1)")
              .sub(ROWS)
              .sub(HelpRow.of("OBJECT", Group.GENERIC, "6.2.0", ROWS)));

  private ObjectVerb() {}

  private static Command row(String name, String summary) {
    return Command.read(name, 3)
        .in(Group.GENERIC, "2.2.3")
        .says(summary)
        .costs("O(1)")
        .keys(KeySpec.at(2, "RO"))
        .args(Arg.key("key"));
  }

  private static Outcome encoding(Call call) {
    long ref = call.lookQuietly(2);
    if (ref == Database.NONE) {
      call.reply().nil();
    } else {
      call.reply().bulk(encoding(call.entries(), ref));
    }
    return Outcome.UNCHANGED;
  }

  private static String encoding(Entries entries, long ref) {
    int length = entries.length(ref);
    int kept = entries.encoding(ref);
    if (kept == Entries.CHANGED_IN_PLACE) {
      return "raw";
    }
    boolean isInteger =
        kept == Entries.AS_SET
            && Numbers.isLong(entries.valueArray(ref), entries.valueAt(ref), length);
    return isInteger ? "int" : length <= EMBEDDED_BYTES_MAX ? "embstr" : "raw";
  }

  private static Outcome frequency(Call call) {
    if (call.lookQuietly(2) == Database.NONE) {
      call.reply().nil();
      return Outcome.UNCHANGED;
    }
    throw NOT_LFU;
  }

  private static Outcome idleTime(Call call) {
    long ref = call.lookQuietly(2);
    if (ref == Database.NONE) {
      call.reply().nil();
    } else {
      int tens = (call.keyspace().clock() - call.entries().clock(ref)) & 0xFFFF;
      call.reply().integer(tens * CLOCK_SECONDS);
    }
    return Outcome.UNCHANGED;
  }

  private static Outcome references(Call call) {
    if (call.lookQuietly(2) == Database.NONE) {
      call.reply().nil();
    } else {
      call.reply().integer(1);
    }
    return Outcome.UNCHANGED;
  }
}
