package io.watchword.sys;

/**
 * Where a node says what happens to it: one line an event, never on the path of an ordinary
 * command. Callable from any thread.
 */
public interface Log {
  /** How much a line matters; the order is that of {@code loglevel}. */
  enum Level {
    DEBUG('.'),
    VERBOSE('-'),
    NOTICE('*'),
    WARNING('#');

    private final char mark;

    Level(char mark) {
      this.mark = mark;
    }

    /** How a line of the log shows it. */
    public char mark() {
      return mark;
    }
  }

  /** Whether lines of this level are kept; for those whose text is dear to make. */
  boolean on(Level level);

  /** Writes a line; breaks in the text are kept. */
  void write(Level level, String text);

  default void debug(String text) {
    write(Level.DEBUG, text);
  }

  default void verbose(String text) {
    write(Level.VERBOSE, text);
  }

  default void notice(String text) {
    write(Level.NOTICE, text);
  }

  default void warning(String text) {
    write(Level.WARNING, text);
  }
}
