package io.watchword.os;

import io.watchword.sys.Log;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A log in Redis's line format, which operators' tools read:
 *
 * <pre>
 *   4711:M 20 Nov 2026 13:37:03.123 * Ready to accept connections
 *   pid:role date time level text
 * </pre>
 */
public final class LineLog implements Log {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss.SSS", Locale.ENGLISH);
  private static final int TEXT_CHARS_MAX = 1024;
  private static final int LINES_A_SECOND_MAX = 2_000;

  private final OutputStream out;
  private final LineBudget budget = new LineBudget(LINES_A_SECOND_MAX);
  private final long pid = ProcessHandle.current().pid();
  private volatile Supplier<Character> role;
  private volatile Level level;

  private LineLog(OutputStream out, char role, Level level) {
    this.out = out;
    this.role = () -> role;
    this.level = level;
  }

  /**
   * Opens a log that appends to {@code file}, or to the standard output when the name is empty.
   *
   * @param role the letter shown until {@link #role} gives another: M, S or X
   */
  public static LineLog open(String file, char role, Level level) throws IOException {
    OutputStream out = file.isEmpty() ? System.out : new FileOutputStream(file, true);
    return new LineLog(out, role, level);
  }

  /** Lets the role letter follow the node's role; asked from any thread. */
  public void role(Supplier<Character> letter) {
    role = letter;
  }

  public void level(Level lowest) {
    level = lowest;
  }

  /** The level of a {@code loglevel} word. */
  public static Level level(String word) {
    return Level.valueOf(word.toUpperCase(Locale.ROOT));
  }

  @Override
  public boolean on(Level wanted) {
    return wanted.compareTo(level) >= 0;
  }

  @Override
  public void write(Level wanted, String text) {
    if (!on(wanted)) {
      return;
    }
    // A stack trace is several lines and may be long; what peers put into a line may not.
    boolean tooLong = text.indexOf('\n') < 0 && text.length() > TEXT_CHARS_MAX;
    String shown = tooLong ? text.substring(0, TEXT_CHARS_MAX) : text;
    String line =
        pid
            + ":"
            + role.get()
            + " "
            + DATE.format(LocalDateTime.now())
            + " "
            + wanted.mark()
            + " "
            + shown
            + "\n";
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      if (!budget.take(System.currentTimeMillis())) {
        return;
      }
      try {
        long dropped = budget.takeDropped();
        if (dropped > 0) {
          out.write(
              ("(" + dropped + " lines were dropped here)\n").getBytes(StandardCharsets.UTF_8));
        }
        out.write(bytes);
        out.flush();
      } catch (IOException full) {
        // A log that cannot be written must not stop the server that it is about.
      }
    }
  }
}
