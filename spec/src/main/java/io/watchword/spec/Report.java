package io.watchword.spec;

import io.watchword.spec.trace.TraceVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints judgements: a table for people, or JSON for programs. */
final class Report {
  private static final String[] HEAD = {"model", "expected", "got", "states", "seconds"};
  private static final int NUMBERS_FROM = 3;

  private Report() {}

  /** Columns are as wide as what stands in them; numbers stand at the right. */
  static String table(List<Judgement> judgements) {
    List<String[]> rows = new ArrayList<>();
    rows.add(HEAD);
    for (Judgement judgement : judgements) {
      rows.add(
          new String[] {
            judgement.model().name(),
            judgement.model().expectation(),
            mark(judgement) + judgement.got(),
            Long.toString(judgement.states()),
            String.format(Locale.ROOT, "%.1f", judgement.seconds())
          });
    }
    StringBuilder format = new StringBuilder();
    for (int column = 0; column < HEAD.length; column++) {
      int place = column;
      int width = rows.stream().mapToInt(row -> row[place].length()).max().orElse(0);
      format.append(column < NUMBERS_FROM ? "%-" : "%").append(width).append("s  ");
    }
    String line = format.toString().stripTrailing() + "%n";
    StringBuilder out = new StringBuilder();
    rows.forEach(row -> out.append(String.format(Locale.ROOT, line, (Object[]) row)));
    long bad = judgements.stream().filter(Report::isRed).count();
    String end = bad == 0 ? "%d models, all as expected%n" : "%d models, %d not as expected%n";
    return out.append(String.format(Locale.ROOT, end, judgements.size(), bad)).toString();
  }

  static String json(List<Judgement> judgements) {
    StringBuilder out = new StringBuilder("{\"v\":1,\"models\":[");
    String comma = "";
    for (Judgement judgement : judgements) {
      out.append(comma)
          .append("{\"model\":\"" + judgement.model().name() + "\",")
          .append("\"verdict\":\"" + judgement.verdict().name().toLowerCase(Locale.ROOT) + "\",")
          .append("\"expected\":\"" + judgement.model().expectation() + "\",")
          .append("\"got\":\"" + quoted(judgement.got()) + "\",")
          .append("\"states\":" + judgement.states() + ",")
          .append("\"wall_ms\":" + Math.round(judgement.seconds() * 1000) + "}");
      comma = ",";
    }
    return out.append("]}").append(System.lineSeparator()).toString();
  }

  static String json(TraceVerdict verdict) {
    return "{\"v\":1,\"trace\":\""
        + verdict.outcome().name().toLowerCase(Locale.ROOT)
        + "\",\"steps\":"
        + verdict.steps()
        + ",\"matched\":"
        + verdict.matched()
        + ",\"detail\":\""
        + quoted(verdict.detail())
        + "\"}";
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String mark(Judgement judgement) {
    return isRed(judgement) ? "! " : "";
  }

  private static boolean isRed(Judgement judgement) {
    return judgement.verdict() != Judgement.Verdict.AS_EXPECTED;
  }
}
