package io.watchword.command.generic;

import io.watchword.command.Call;
import io.watchword.command.CommandError;
import io.watchword.keyspace.Entries;

/**
 * NX, XX, GT and LT of the EXPIRE family, told by the deadline that a key has. A key without one
 * counts as one that lives for ever.
 *
 * @param nx only when there is no deadline
 * @param xx only when there is one
 * @param gt only to a later one
 * @param lt only to an earlier one
 */
record ExpireCondition(boolean nx, boolean xx, boolean gt, boolean lt) {
  private static final ExpireCondition NONE = new ExpireCondition(false, false, false, false);

  /** Reads arguments from the third on. */
  static ExpireCondition read(Call call) {
    if (call.argc() == 3) {
      return NONE;
    }
    boolean nx = false;
    boolean xx = false;
    boolean gt = false;
    boolean lt = false;
    for (int i = 3; i < call.argc(); i++) {
      if (call.is(i, "NX")) {
        nx = true;
      } else if (call.is(i, "XX")) {
        xx = true;
      } else if (call.is(i, "GT")) {
        gt = true;
      } else if (call.is(i, "LT")) {
        lt = true;
      } else {
        throw unsupported(call.text(i));
      }
    }
    if (nx && (xx || gt || lt)) {
      throw new CommandError("ERR NX and XX, GT or LT options at the same time are not compatible");
    }
    if (gt && lt) {
      throw new CommandError("ERR GT and LT options at the same time are not compatible");
    }
    return new ExpireCondition(nx, xx, gt, lt);
  }

  /** Quotes the word as far as Redis does, up to a zero byte. */
  private static CommandError unsupported(String word) {
    int zero = word.indexOf('\0');
    return new CommandError(
        "ERR Unsupported option " + (zero < 0 ? word : word.substring(0, zero)));
  }

  boolean allows(long before, long after) {
    boolean has = before != Entries.NO_DEADLINE;
    boolean refused =
        (nx && has)
            || (xx && !has)
            || (gt && (!has || after <= before))
            || (lt && has && after >= before);
    return !refused;
  }
}
