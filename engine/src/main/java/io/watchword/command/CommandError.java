package io.watchword.command;

import java.util.Locale;

/** Input that a command refuses, with the error to answer. Carries no stack: it is no defect. */
public final class CommandError extends RuntimeException {
  private static final long serialVersionUID = 1;

  public static final CommandError WRONG_TYPE =
      new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
  public static final CommandError NOT_AN_INTEGER =
      new CommandError("ERR value is not an integer or out of range");
  public static final CommandError SYNTAX = new CommandError("ERR syntax error");
  public static final CommandError NO_SUCH_KEY = new CommandError("ERR no such key");
  public static final CommandError SAME_OBJECT =
      new CommandError("ERR source and destination objects are the same");
  public static final CommandError STRING_TOO_LONG =
      new CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  public static final CommandError DB_INDEX = new CommandError("ERR DB index is out of range");
  public static final CommandError OUT_OF_MEMORY =
      new CommandError("OOM command not allowed when used memory > 'maxmemory'.");

  /** Why EXEC gave the transaction up: the error that kept it, or one of its commands, out. */
  public static CommandError aborted(String why) {
    String reason = why.startsWith("ERR ") ? why.substring(4) : why;
    return new CommandError("EXECABORT Transaction discarded because of: " + reason);
  }

  /** A subcommand that exists was given arguments that it does not take. */
  public static CommandError subcommandSyntax(Call call) {
    String full = call.command().fullWord();
    String container = full.substring(0, full.indexOf('|')).toUpperCase(Locale.ROOT);
    return new CommandError(
        "ERR unknown subcommand or wrong number of arguments for '"
            + call.text(1)
            + "'. Try "
            + container
            + " HELP.");
  }

  /**
   * @param text what is answered, its code first
   */
  public CommandError(String text) {
    super(text, null, false, false);
  }
}
