package io.watchword.sentinel.boot;

import io.watchword.sentinel.core.Announcement;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Log lines as Redis writes them: {@code pid:X dd Mon yyyy hh:mm:ss.mmm level text}. */
final class SentinelLog {
  /** How loud a line is, with Redis's mark for it. */
  enum Level {
    DEBUG('.'),
    VERBOSE('-'),
    NOTICE('*'),
    WARNING('#');

    private final char mark;

    Level(char mark) {
      this.mark = mark;
    }
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss.SSS", Locale.ROOT);
  private final PrintStream out;
  private final Level threshold;
  private final long pid = ProcessHandle.current().pid();

  /**
   * @param file path to append to; empty for standard output
   * @param loglevel as in the file: debug, verbose, notice, warning
   */
  SentinelLog(String file, String loglevel) throws IOException {
    out =
        file.isEmpty()
            ? System.out
            : new PrintStream(new FileOutputStream(file, true), true, StandardCharsets.UTF_8);
    threshold = Level.valueOf(loglevel.toUpperCase(Locale.ROOT));
  }

  synchronized void line(Level level, String text) {
    if (level.compareTo(threshold) >= 0) {
      out.println(pid + ":X " + LocalDateTime.now().format(TIME) + " " + level.mark + " " + text);
    }
  }

  void event(Announcement a) {
    line(Level.valueOf(a.level().name()), a.event() + " " + a.payload());
  }
}
