package io.watchword.command;

/** What a command does. Looks only at the call, never at a socket, a replica, a file or a clock. */
public interface Body {
  /**
   * Runs once on the command thread.
   *
   * @throws CommandError when the input is wrong; the keyspace must be as before then
   */
  Outcome run(Call call);
}
