package io.watchword.command;

/** Input that a command refuses, with the error to answer. Carries no stack: it is no defect. */
public final class CommandError extends RuntimeException {
  private static final long serialVersionUID = 1;

  public static final CommandError WRONG_TYPE =
      new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
  public static final CommandError NOT_AN_INTEGER =
      new CommandError("ERR value is not an integer or out of range");
  public static final CommandError SYNTAX = new CommandError("ERR syntax error");
  public static final CommandError NO_SUCH_KEY = new CommandError("ERR no such key");
  public static final CommandError DB_INDEX = new CommandError("ERR DB index is out of range");
  public static final CommandError OUT_OF_MEMORY =
      new CommandError("OOM command not allowed when used memory > 'maxmemory'.");

  /**
   * @param text what is answered, its code first
   */
  public CommandError(String text) {
    super(text, null, false, false);
  }
}
