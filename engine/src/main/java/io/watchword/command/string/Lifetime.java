package io.watchword.command.string;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.CommandError;
import io.watchword.keyspace.Entries;

/** EX, PX, EXAT, PXAT and KEEPTTL, as SET and GETEX take them: at most one of them. */
final class Lifetime {
  static final Arg ARGS_WITH_KEEPTTL =
      Arg.oneOf(
          "expiration",
          Arg.block("seconds", Arg.word("EX"), Arg.integer("seconds")),
          Arg.block("milliseconds", Arg.word("PX"), Arg.integer("milliseconds")),
          Arg.block("unix-time-seconds", Arg.word("EXAT"), Arg.time("unix-time-seconds")),
          Arg.block("unix-time-milliseconds", Arg.word("PXAT"), Arg.time("unix-time-milliseconds")),
          Arg.word("KEEPTTL"));

  private enum Kind {
    NONE,
    EX,
    PX,
    EXAT,
    PXAT,
    KEEPTTL
  }

  private Kind kind = Kind.NONE;
  private int valueIndex;

  /**
   * Reads the option at argument {@code i} and returns the index of its last argument.
   *
   * @param keepAllowed whether KEEPTTL is one of the choices
   * @throws CommandError when the argument is no such option, or a second one
   */
  int read(Call call, int i, boolean keepAllowed) {
    Kind read = kindOf(call, i);
    boolean takesValue = read != Kind.KEEPTTL;
    if (read == Kind.NONE
        || kind != Kind.NONE
        || (read == Kind.KEEPTTL && !keepAllowed)
        || (takesValue && i + 1 >= call.argc())) {
      throw CommandError.SYNTAX;
    }
    kind = read;
    valueIndex = i + 1;
    return takesValue ? i + 1 : i;
  }

  private static Kind kindOf(Call call, int i) {
    for (Kind candidate : Kind.values()) {
      if (candidate != Kind.NONE && call.is(i, candidate.name())) {
        return candidate;
      }
    }
    return Kind.NONE;
  }

  boolean keeps() {
    return kind == Kind.KEEPTTL;
  }

  /** Whether a moment was given. */
  boolean isGiven() {
    return kind != Kind.NONE && kind != Kind.KEEPTTL;
  }

  /** Whether the client's own words mean the same on every clock. */
  boolean isAbsoluteMillis() {
    return kind == Kind.PXAT;
  }

  boolean isPast(Call call, long deadline) {
    return isGiven() && deadline <= call.now();
  }

  /** The deadline in milliseconds since the epoch, or NO_DEADLINE when none was given. */
  long deadline(Call call) {
    if (!isGiven()) {
      return Entries.NO_DEADLINE;
    }
    return of(
        call,
        call.integer(valueIndex),
        kind == Kind.EX || kind == Kind.EXAT,
        kind == Kind.EX || kind == Kind.PX);
  }

  /**
   * A deadline from an amount, checked as Redis checks it.
   *
   * @param seconds whether the amount is in seconds, else milliseconds
   * @param relative whether it counts from now
   */
  static long of(Call call, long amount, boolean seconds, boolean relative) {
    long deadline = amount;
    boolean valid = amount > 0;
    if (valid && seconds) {
      valid = amount <= Long.MAX_VALUE / 1000;
      deadline = amount * 1000;
    }
    if (valid && relative) {
      valid = deadline <= Long.MAX_VALUE - call.now();
      deadline += call.now();
    }
    if (!valid) {
      throw new CommandError("ERR invalid expire time in '" + call.command().word() + "' command");
    }
    return deadline;
  }
}
