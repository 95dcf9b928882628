package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.Command;
import io.watchword.resp.Reply;
import io.watchword.resp.ReplyReader;
import io.watchword.server.CommandIndex;
import io.watchword.server.TestConnection;
import io.watchword.server.TestEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * COMMAND INFO of each row that stock Redis knows too: arity, flags, keys, categories. Tips, which
 * are for cluster proxies, are left out.
 */
final class CommandRowsCompatTest {
  /** What only 7.2 has or what is ours; 7.2's list of commands names them. */
  private static final List<String> NOT_IN_STOCK = List.of("watchword", "client|setinfo");

  /** Differences that are meant, each with its reason. */
  private static final TreeMap<String, String> MEANT = new TreeMap<>();

  static {
    MEANT.put("debug", "7.0 prints no flag for commands that enable-debug-command guards");
    MEANT.put("wait", "blocks and is generic, as in 7.2");
    MEANT.put("command|getkeys", "takes a command without arguments since 7.2");
    MEANT.put("command|getkeysandflags", "takes a command without arguments since 7.2");
  }

  @Test
  void shouldDescribeCommandsAsStockDoes() {
    List<String> differences = new ArrayList<>();
    try (StockRedis stock = StockRedis.start();
        RawClient theirs = stock.talk()) {
      TestConnection ours = new TestEngine().connect();
      for (Command row : everyRow()) {
        String name = row.fullWord();
        if (NOT_IN_STOCK.stream().noneMatch(name::startsWith) && !MEANT.containsKey(name)) {
          String expected = described(theirs.ask("COMMAND", "INFO", name));
          String got = described(ours.ask("COMMAND", "INFO", name));
          if (!got.equals(expected)) {
            differences.add("\n  ours " + got + "\n stock " + expected);
          }
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static List<Command> everyRow() {
    List<Command> rows = new ArrayList<>();
    for (Command row : CommandIndex.all()) {
      rows.add(row);
      rows.addAll(row.subcommands());
    }
    return rows;
  }

  /** The parts of a reply that are compared, lists whose order means nothing sorted. */
  private static String described(String raw) {
    Reply row = items(parse(raw)).get(0);
    List<Reply> parts = items(row);
    if (parts.isEmpty()) {
      return "nothing";
    }
    return parts.get(0).text()
        + " arity "
        + parts.get(1).text()
        + " "
        + sorted(parts.get(2))
        + " keys "
        + parts.get(3).text()
        + ".."
        + parts.get(4).text()
        + "/"
        + parts.get(5).text()
        + " "
        + sorted(parts.get(6))
        + " "
        + keySpecs(parts.get(8));
  }

  private static String keySpecs(Reply reply) {
    StringBuilder all = new StringBuilder();
    for (Reply spec : items(reply)) {
      List<Reply> fields = items(spec);
      for (int i = 0; i < fields.size(); i += 2) {
        boolean flags = fields.get(i).text().equals("flags");
        boolean notes = fields.get(i).text().equals("notes");
        if (!notes) {
          all.append(flags ? sorted(fields.get(i + 1)) : fields.get(i + 1));
        }
      }
    }
    return all.toString();
  }

  private static String sorted(Reply list) {
    TreeSet<String> words = new TreeSet<>();
    items(list).forEach(word -> words.add(word.text()));
    return words.toString();
  }

  private static List<Reply> items(Reply reply) {
    return reply instanceof Reply.Many many ? many.items() : List.of();
  }

  private static Reply parse(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
    ReplyReader reader = new ReplyReader(1 << 20);
    reader.feed(bytes, 0, bytes.length);
    try {
      return reader.findNext();
    } catch (ReplyReader.MalformedReply e) {
      throw new AssertionError(raw, e);
    }
  }
}
