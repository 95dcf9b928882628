package io.watchword.command.string;

import io.watchword.bytes.LongDouble;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import io.watchword.resp.RespWriter;
import java.util.List;

/**
 * INCRBYFLOAT. The sum is taken as stock Redis takes it on x86-64 ({@link LongDouble}); replicas
 * are told the result, so that a replica that adds otherwise does not drift.
 */
public final class IncrByFloat {
  private static final CommandError NOT_A_FLOAT =
      new CommandError("ERR value is not a valid float");
  private static final CommandError NOT_FINITE =
      new CommandError("ERR increment would produce NaN or Infinity");
  private static final byte[] ZERO = {'0'};

  public static final List<Command> COMMANDS =
      List.of(
          Command.write("INCRBYFLOAT", 3)
              .grows()
              .fast()
              .in(Group.STRING, "2.6.0")
              .says("Adds a fraction to the number that a key holds. A missing key counts as 0.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RW", "access", "update"))
              .args(Arg.key("key"), Arg.fraction("increment"))
              .runs(IncrByFloat::add));

  private IncrByFloat() {}

  private static Outcome add(Call call) {
    Entries entries = call.entries();
    long ref = call.findString(1);
    boolean exists = ref != Database.NONE;
    LongDouble value =
        exists
            ? fraction(entries.valueArray(ref), entries.valueAt(ref), entries.length(ref))
            : fraction(ZERO, 0, 1);
    LongDouble sum = value.plus(fraction(call.bytes(), call.at(2), call.length(2)));
    if (!sum.isFinite()) {
      throw NOT_FINITE;
    }
    byte[] printed = RespWriter.ascii(sum.toString());
    long deadline = exists ? entries.deadline(ref) : Entries.NO_DEADLINE;
    call.set(1, printed, 0, printed.length, deadline, Entries.AS_TEXT);
    call.reply().bulk(printed);
    return Told.setKeeping(call, 1, printed);
  }

  private static LongDouble fraction(byte[] b, int at, int length) {
    LongDouble value = LongDouble.find(b, at, length);
    if (value == null) {
      throw NOT_A_FLOAT;
    }
    return value;
  }
}
