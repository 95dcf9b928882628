package io.watchword.config;

/** A file or command line that no server can start from. */
public final class ConfigError extends Exception {
  private static final long serialVersionUID = 1;

  private final int line;
  private final String text;

  /**
   * @param line number of the line, from 1; 0 when the trouble is in no line
   * @param text the line without the blanks around it
   * @param why the reason in Redis's words where Redis has any
   */
  ConfigError(int line, String text, String why) {
    super(why);
    this.line = line;
    this.text = text;
  }

  /** The block that Redis writes to its standard error before it exits with status 1. */
  public String block(String redisVersion) {
    String where =
        line == 0
            ? ""
            : "Reading the configuration file, at line " + line + "\n>>> '" + text + "'\n";
    return "\n*** FATAL CONFIG FILE ERROR (Redis "
        + redisVersion
        + ") ***\n"
        + where
        + getMessage()
        + "\n";
  }
}
