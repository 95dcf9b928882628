package io.watchword.config;

import java.util.List;

/** The table of directives as a page of documentation. */
public final class ConfigTable {
  private ConfigTable() {}

  /** Markdown: one line for each directive, those that are obeyed first. */
  public static String markdown(List<Directive<?>> rows) {
    StringBuilder page = new StringBuilder();
    page.append("| directive | values | default | CONFIG SET | what it does here |\n");
    page.append("|---|---|---|---|---|\n");
    for (Support support : Support.values()) {
      rows.stream().filter(row -> row.support() == support).forEach(row -> line(page, row));
    }
    for (OwnLines.Line line : OwnLines.Line.values()) {
      String remark =
          line.feature.isEmpty()
              ? "no effect: nor has it in Redis"
              : "refused: " + line.feature + " not built yet";
      page.append("| `").append(line.word).append("` | | | | ").append(remark).append(" |\n");
    }
    return page.toString();
  }

  private static <T> void line(StringBuilder page, Directive<T> row) {
    page.append("| `").append(row.name()).append('`');
    row.aliases().forEach(alias -> page.append(", `").append(alias).append('`'));
    page.append(" | ").append(row.kind().grammar().replace("|", "\\|"));
    page.append(" | ").append(code(row.kind().show(row.initial())));
    page.append(" | ").append(row.mutable() ? row.guarded() ? "guarded" : "yes" : "no");
    page.append(" | ").append(remark(row).replace("|", "\\|")).append(" |\n");
  }

  private static String remark(Directive<?> row) {
    return switch (row.support()) {
      case OBEYED -> "obeyed";
      case NO_EFFECT -> "no effect here: " + row.because();
      case NOT_BUILT -> "only " + row.acceptedValues() + ": " + row.because() + " not built yet";
    };
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }
}
