package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.Command;
import io.watchword.command.Flag;
import io.watchword.command.KeyCommands;
import io.watchword.command.KeySpec;
import io.watchword.resp.Reply;
import io.watchword.resp.ReplyReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What rows say of the string and key commands against what stock COMMAND INFO says. */
final class RowsCompatTest {
  @Test
  void shouldTellArityFlagsKeysAndCategoriesAsStockRedis() throws Exception {
    try (StockRedis stock = StockRedis.start();
        RawClient client = stock.talk()) {
      for (Command row : KeyCommands.rows()) {
        Reply info = parse(client.ask("COMMAND", "INFO", row.name()));
        compare(row, items(items(info).get(0)));
      }
    }
  }

  private static void compare(Command row, List<Reply> theirs) {
    String name = row.fullWord();
    assertThat(name).isEqualTo(theirs.get(0).text());
    assertThat((long) row.arity()).as(name).isEqualTo(((Reply.Int) theirs.get(1)).value());
    assertThat(row.flags().stream().map(Flag::word).toList())
        .as("flags of " + name)
        .containsExactlyInAnyOrderElementsOf(texts(theirs.get(2)));
    if (row.subcommands().isEmpty()) {
      assertThat(row.categories())
          .as("categories of " + name)
          .containsExactlyInAnyOrderElementsOf(texts(theirs.get(6)));
    }
    List<TreeSet<String>> keys =
        items(theirs.get(8)).stream().map(spec -> texts(flagsOf(spec))).toList();
    assertThat(row.keys().stream().map(KeySpec::flags).map(TreeSet::new).toList())
        .as("key flags of " + name)
        .isEqualTo(keys);
    compareRange(row, theirs);
    for (Reply sub : items(theirs.get(9))) {
      String wanted = items(sub).get(0).text();
      Command ours =
          row.subcommands().stream()
              .filter(candidate -> candidate.fullWord().equals(wanted))
              .findFirst()
              .orElseThrow();
      compare(ours, items(sub));
    }
  }

  /** The first, last and step that old clients use, which the first range of keys gives. */
  private static void compareRange(Command row, List<Reply> theirs) {
    KeySpec first = row.keys().isEmpty() ? new KeySpec(0, 0, 0, List.of()) : row.keys().get(0);
    assertThat((long) first.first()).as(row.name()).isEqualTo(((Reply.Int) theirs.get(3)).value());
    if (row.keys().size() < 2) {
      assertThat((long) first.last()).as(row.name()).isEqualTo(((Reply.Int) theirs.get(4)).value());
    }
    assertThat((long) first.step()).as(row.name()).isEqualTo(((Reply.Int) theirs.get(5)).value());
  }

  /** The value of {@code flags} in a map that RESP2 shows as a list. */
  private static Reply flagsOf(Reply spec) {
    List<Reply> pairs = items(spec);
    for (int i = 0; i < pairs.size(); i += 2) {
      if (pairs.get(i).text().equals("flags")) {
        return pairs.get(i + 1);
      }
    }
    throw new AssertionError("no flags in " + spec);
  }

  private static TreeSet<String> texts(Reply many) {
    return items(many).stream().map(Reply::text).collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Reply> items(Reply reply) {
    return ((Reply.Many) reply).items();
  }

  private static Reply parse(String raw) throws ReplyReader.MalformedReply {
    byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
    ReplyReader reader = new ReplyReader(1 << 20);
    reader.feed(bytes, 0, bytes.length);
    return reader.findNext();
  }
}
