package io.watchword.spec;

import java.io.PrintStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says on standard error what is being checked and how far it is, so that standard output holds
 * only the result. On a terminal it is one line that is written over.
 */
final class Progress {
  private static final Pattern STATES = Pattern.compile("([0-9,]+) distinct states found");

  private final PrintStream out;
  private final boolean terminal;

  Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void begins(String model, int number, int of) {
    line("checking " + model + " (" + number + " of " + of + ")");
  }

  /** Called on the thread that reads TLC's output. */
  void hears(String model, String tlcLine) {
    Matcher matcher = STATES.matcher(tlcLine);
    if (tlcLine.startsWith("Progress") && matcher.find()) {
      line("checking " + model + ": " + matcher.group(1) + " states so far");
    }
  }

  void ends() {
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }

  private void line(String text) {
    if (terminal) {
      out.print("\r\033[K" + text);
      out.flush();
    } else {
      out.println(text);
    }
  }
}
