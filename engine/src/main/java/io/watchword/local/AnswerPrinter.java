package io.watchword.local;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Prints an answer as redis-cli does: typed and quoted for a person at a terminal, bare for a pipe,
 * where the next program wants the value and nothing else.
 */
final class AnswerPrinter {
  private final PrintStream out;
  private final boolean terminal;

  AnswerPrinter(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Prints one answer and a newline; the words of the command decide whether a text is quoted. */
  void print(Answer answer, List<String> command) {
    if (terminal && !isProse(command)) {
      out.print(typed(answer, ""));
    } else {
      bare(answer);
      out.println();
      if (answer instanceof Answer.Failure) {
        out.println();
      }
    }
    out.flush();
  }

  /** Answers that are pages for people; redis-cli prints these without quotes on a terminal too. */
  private static boolean isProse(List<String> command) {
    String verb = command.get(0).toLowerCase(Locale.ROOT);
    String sub = command.size() > 1 ? command.get(1).toLowerCase(Locale.ROOT) : "";
    return switch (verb) {
      case "info", "lolwut" -> true;
      case "client" -> sub.equals("list") || sub.equals("info");
      case "memory" -> sub.equals("doctor") || sub.equals("malloc-stats");
      case "latency" -> sub.equals("doctor") || sub.equals("graph");
      default -> false;
    };
  }

  private String typed(Answer answer, String indent) {
    if (answer instanceof Answer.Status status) {
      return status.text() + "\n";
    }
    if (answer instanceof Answer.Failure failure) {
      return "(error) " + failure.text() + "\n";
    }
    if (answer instanceof Answer.Int integer) {
      return "(integer) " + integer.value() + "\n";
    }
    if (answer instanceof Answer.Bulk bulk) {
      return quoted(bulk.bytes()) + "\n";
    }
    if (answer instanceof Answer.Many many) {
      return many.items().isEmpty() ? "(empty array)\n" : numbered(many.items(), indent);
    }
    return "(nil)\n";
  }

  /** Numbers line up on the width of the largest; nested arrays start on their parent's line. */
  private String numbered(List<Answer> items, String indent) {
    int width = Integer.toString(items.size()).length();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      String label = String.format(Locale.ROOT, "%" + width + "d) ", i + 1);
      text.append(i == 0 ? "" : indent).append(label);
      text.append(typed(items.get(i), indent + " ".repeat(label.length())));
    }
    return text.toString();
  }

  private void bare(Answer answer) {
    if (answer instanceof Answer.Bulk bulk) {
      out.write(bulk.bytes(), 0, bulk.bytes().length);
    } else if (answer instanceof Answer.Failure failure) {
      out.print(failure.text());
    } else if (answer instanceof Answer.Many many) {
      for (int i = 0; i < many.items().size(); i++) {
        if (i > 0) {
          out.println();
        }
        bare(many.items().get(i));
      }
    } else {
      out.print(answer.text());
    }
  }

  /** The escapes of redis-cli, which work byte by byte and know no character set. */
  static String quoted(byte[] bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (byte b : bytes) {
      switch (b) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case 7 -> text.append("\\a");
        case '\b' -> text.append("\\b");
        default -> {
          boolean printable = b >= 32 && b < 127;
          text.append(
              printable
                  ? new String(new byte[] {b}, StandardCharsets.US_ASCII)
                  : String.format(Locale.ROOT, "\\x%02x", b & 0xff));
        }
      }
    }
    return text.append('"').toString();
  }
}
