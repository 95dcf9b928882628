package io.watchword.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lines of an INFO section while it is written. */
final class Lines {
  private static final String[] UNITS = {"B", "K", "M", "G", "T", "P"};

  private final List<String> lines = new ArrayList<>();

  Lines add(String field, Object value) {
    lines.add(field + ":" + value);
    return this;
  }

  /** Several fields that are always zero here, since what they count does not exist. */
  Lines zeros(String... fields) {
    for (String field : fields) {
      add(field, 0);
    }
    return this;
  }

  Lines fraction(String field, int digits, double value) {
    return add(field, String.format(Locale.ROOT, "%." + digits + "f", value));
  }

  /** A size in bytes and once more with a unit. */
  Lines size(String field, long bytes) {
    return add(field, bytes).add(field + "_human", human(bytes));
  }

  /** {@code 918.95K}, as Redis prints it. */
  static String human(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + "B" : String.format(Locale.ROOT, "%.2f%s", value, UNITS[unit]);
  }

  List<String> done() {
    return lines;
  }
}
