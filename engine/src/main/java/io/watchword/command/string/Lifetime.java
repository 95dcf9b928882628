package io.watchword.command.string;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.CommandError;
import io.watchword.keyspace.Entries;

/**
 * EX, PX, EXAT, PXAT and their companions, as SET and GETEX take them: one kind at most, which may
 * be given again, and then the last counts.
 */
final class Lifetime {
  /** What may be said of a lifetime. */
  enum Kind {
    NONE,
    EX,
    PX,
    EXAT,
    PXAT,
    /** The deadline stays; SET. */
    KEEPTTL,
    /** The deadline goes; GETEX. */
    PERSIST
  }

  private static final Kind[] WORDS = {
    Kind.EX, Kind.PX, Kind.EXAT, Kind.PXAT, Kind.KEEPTTL, Kind.PERSIST
  };

  private Kind kind = Kind.NONE;
  private int valueIndex;

  /** The grammar, with the word that only one of the commands has. */
  static Arg args(String ownWord) {
    return Arg.oneOf(
        "expiration",
        Arg.block("seconds", Arg.word("EX"), Arg.integer("seconds")),
        Arg.block("milliseconds", Arg.word("PX"), Arg.integer("milliseconds")),
        Arg.block("unix-time-seconds", Arg.word("EXAT"), Arg.time("unix-time-seconds")),
        Arg.block("unix-time-milliseconds", Arg.word("PXAT"), Arg.time("unix-time-milliseconds")),
        Arg.word(ownWord));
  }

  /**
   * Reads the option at argument {@code i} and returns the index of its last argument.
   *
   * @param own the one of KEEPTTL and PERSIST that the command knows
   * @throws CommandError when the argument is no such option, or one of a second kind
   */
  int read(Call call, int i, Kind own) {
    Kind read = kindOf(call, i);
    boolean isOwn = read == own;
    boolean takesValue = read != Kind.KEEPTTL && read != Kind.PERSIST;
    if (read == Kind.NONE
        || (kind != Kind.NONE && kind != read)
        || (!takesValue && !isOwn)
        || (takesValue && i + 1 >= call.argc())) {
      throw CommandError.SYNTAX;
    }
    kind = read;
    valueIndex = i + 1;
    return takesValue ? i + 1 : i;
  }

  private static Kind kindOf(Call call, int i) {
    for (Kind candidate : WORDS) {
      if (call.is(i, candidate.name())) {
        return candidate;
      }
    }
    return Kind.NONE;
  }

  Kind kind() {
    return kind;
  }

  /** Whether a moment was given. */
  boolean isGiven() {
    return switch (kind) {
      case EX, PX, EXAT, PXAT -> true;
      case NONE, KEEPTTL, PERSIST -> false;
    };
  }

  /** Whether a deadline is over by the clock that decides here. */
  static boolean isPast(Call call, long deadline) {
    return deadline <= call.now() && call.deadlinesPassHere();
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
      throw new CommandError(
          "ERR invalid expire time in '" + call.command().fullWord() + "' command");
    }
    return deadline;
  }
}
