package io.watchword.spec;

import io.watchword.spec.trace.TraceVerdict;
import java.util.List;
import java.util.Locale;

/** Prints judgements: a table for people, or JSON for programs. */
final class Report {
  private static final String ROW = "%-20s  %-40s  %-46s  %10s  %7s%n";

  private Report() {}

  static String table(List<Judgement> judgements) {
    StringBuilder out = new StringBuilder();
    out.append(String.format(Locale.ROOT, ROW, "model", "expected", "got", "states", "seconds"));
    for (Judgement judgement : judgements) {
      out.append(
          String.format(
              Locale.ROOT,
              ROW,
              judgement.model().name(),
              judgement.model().expectation(),
              mark(judgement) + judgement.got(),
              judgement.states(),
              String.format(Locale.ROOT, "%.1f", judgement.seconds())));
    }
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
