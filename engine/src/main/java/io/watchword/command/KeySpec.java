package io.watchword.command;

import java.util.List;

/**
 * Where a command's keys stand.
 *
 * @param first index of the first key, 1 or more
 * @param last index of the last key; negative counts from the end, -1 is the last argument
 * @param step distance from one key to the next
 * @param flags what is done to the keys, as COMMAND INFO names it: RO, RW, OW, RM, access, update,
 *     insert, delete
 */
public record KeySpec(int first, int last, int step, List<String> flags) {
  /** One key. */
  public static KeySpec at(int position, String... flags) {
    return new KeySpec(position, position, 1, List.of(flags));
  }

  /** Keys from {@code first} to {@code last} in steps. */
  public static KeySpec range(int first, int last, int step, String... flags) {
    return new KeySpec(first, last, step, List.of(flags));
  }

  /** Index of the last key in a call of {@code argc} arguments. */
  public int lastIn(int argc) {
    return last < 0 ? argc + last : last;
  }
}
