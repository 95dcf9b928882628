package io.watchword.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.Arg;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.config.ConfigTable;
import io.watchword.config.Directives;
import io.watchword.server.CommandIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * docs/COMPATIBILITY.md says what the rows say: what stands between its markers is generated, and a
 * page that is out of date fails. {@code mvn -pl engine test -Dtest=CompatibilityPageTest
 * -Drewrite} writes it anew.
 */
final class CompatibilityPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("watchword.root", ".."), "docs", "COMPATIBILITY.md");

  @Test
  void shouldSayWhatTheRowsSay() throws IOException {
    String page = Files.readString(PAGE);
    String generated = between(page, "commands", commands());
    generated = between(generated, "missing", missing());
    generated = between(generated, "directives", ConfigTable.markdown(Directives.ALL));
    if (System.getProperty("rewrite") != null) {
      Files.writeString(PAGE, generated);
    } else {
      assertThat(page).as("stale: run this test with -Drewrite").isEqualTo(generated);
    }
  }

  private static String between(String page, String name, String text) {
    String begin = "<!-- generated: " + name + " -->\n";
    String end = "<!-- end: " + name + " -->";
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    assertThat(from).as("marker of %s", name).isNotNegative();
    assertThat(to).as("end marker of %s", name).isGreaterThan(from);
    return page.substring(0, from + begin.length()) + text + page.substring(to);
  }

  private static String commands() {
    StringBuilder text = new StringBuilder();
    for (Group group : Group.values()) {
      List<Command> rows = CommandIndex.all().stream().filter(row -> row.group() == group).toList();
      if (!rows.isEmpty()) {
        text.append("\n### ").append(group.name().toLowerCase(java.util.Locale.ROOT));
        text.append("\n\n| command | what it does | in Redis since |\n|---|---|---|\n");
        rows.forEach(row -> line(text, row, row.name()));
      }
    }
    return text.append('\n').toString();
  }

  private static void line(StringBuilder text, Command row, String name) {
    String call = (name + " " + words(row.args(), " ")).strip();
    text.append("| `").append(call.replace("|", "\\|")).append("` | ");
    text.append(row.summary().replace("|", "\\|")).append(" | ").append(row.since()).append(" |\n");
    for (Command sub : row.subcommands()) {
      line(text, sub, name + " " + sub.name());
    }
  }

  private static String words(List<Arg> args, String between) {
    return args.stream().map(CompatibilityPageTest::word).collect(Collectors.joining(between));
  }

  private static String word(Arg arg) {
    if (arg instanceof Arg.Value value) {
      return value.name();
    }
    if (arg instanceof Arg.Word word) {
      return word.word();
    }
    if (arg instanceof Arg.Optional optional) {
      return "[" + word(optional.inner()) + "]";
    }
    if (arg instanceof Arg.OneOf oneOf) {
      return "(" + words(oneOf.choices(), "|") + ")";
    }
    if (arg instanceof Arg.Block block) {
      return words(block.parts(), " ");
    }
    return word(((Arg.Many) arg).inner()) + " ...";
  }

  private static String missing() throws IOException {
    List<String> ours = new ArrayList<>();
    for (Command row : CommandIndex.all()) {
      ours.add(row.name());
      row.subcommands().forEach(sub -> ours.add(row.name() + "|" + sub.name()));
    }
    List<String> theirs;
    try (InputStream in =
        CompatibilityPageTest.class.getResourceAsStream("/compat/commands-7.2.txt")) {
      theirs = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
    return theirs.stream()
            .filter(name -> !ours.contains(name) && !isPartOfMissing(name, ours))
            .map(name -> "`" + name.replace('|', ' ') + "`")
            .collect(Collectors.joining(" "))
        + "\n";
  }

  /** A container that is missing is named once. */
  private static boolean isPartOfMissing(String name, List<String> ours) {
    int bar = name.indexOf('|');
    return bar > 0 && !ours.contains(name.substring(0, bar));
  }
}
