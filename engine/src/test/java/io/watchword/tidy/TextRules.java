package io.watchword.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Rules for every text file of the tree, whatever its language: sizes, marks, paths. */
final class TextRules {
  private static final int LINE_LENGTH_MAX = 100;

  // Written in pieces, so that this file does not break its own rule.
  private static final Pattern MARK = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.}\\]>*$-])/(wo" + "rk|ho" + "me|ro" + "ot)/\\w");

  private TextRules() {}

  /** What is wrong with one file, one sentence each. */
  static List<String> violations(Path file) {
    List<String> found = new ArrayList<>();
    List<String> lines = read(file);
    int linesMax = linesMax(file);
    if (lines.size() > linesMax) {
      found.add(file + ": " + lines.size() + " lines, at most " + linesMax + " are read");
    }
    boolean isCode = linesMax < Integer.MAX_VALUE;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String place = file + ":" + (i + 1) + ": ";
      if (isCode && line.length() > LINE_LENGTH_MAX && !line.contains("://")) {
        found.add(place + "a line of " + line.length() + ", at most " + LINE_LENGTH_MAX);
      }
      if (isCode && MARK.matcher(line).find()) {
        found.add(place + "a note to self; a plan is a design note");
      }
      if (MACHINE_PATH.matcher(line).find()) {
        found.add(place + "a path of one machine");
      }
    }
    return found;
  }

  /** Limits by language; prose and data have none. */
  private static int linesMax(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".java") || name.endsWith(".sh") || name.equals("watchword")) {
      return 600;
    }
    if (name.endsWith(".clj")) {
      return 300;
    }
    return name.endsWith(".tla") ? 900 : Integer.MAX_VALUE;
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException notText) {
      return List.of();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
