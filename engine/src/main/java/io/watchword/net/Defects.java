package io.watchword.net;

import java.io.PrintWriter;
import java.io.StringWriter;

/** How something thrown that must not be is told: with the place that threw it. */
public final class Defects {
  private Defects() {}

  /** The problem and its stack, as many lines. */
  public static String describe(Throwable problem) {
    StringWriter text = new StringWriter();
    problem.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
