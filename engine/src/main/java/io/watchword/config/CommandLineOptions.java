package io.watchword.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The arguments of {@code watchword server [FILE|-] [--directive value ...]}, turned into lines of
 * configuration as Redis turns them.
 *
 * <p>An option takes every argument up to the next one that starts with two dashes, and its first
 * argument whatever that starts with; {@code --save} alone means {@code --save ""}. An argument
 * {@code -} at either end asks for standard input.
 *
 * @param file the file to read first
 * @param fromStandardInput whether to read standard input next
 * @param lines what the options say, as configuration text
 */
public record CommandLineOptions(Optional<String> file, boolean fromStandardInput, String lines) {

  /** Nothing but defaults. */
  public static CommandLineOptions none() {
    return new CommandLineOptions(Optional.empty(), false, "");
  }

  /** Reads the arguments that follow the name of the program; text is Latin-1. */
  public static CommandLineOptions of(List<String> arguments) {
    Optional<String> file = Optional.empty();
    boolean standardInput = false;
    StringBuilder lines = new StringBuilder();
    boolean optionIsComplete = true;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      boolean last = i == arguments.size() - 1;
      if (i == 0 && !argument.startsWith("-")) {
        file = Optional.of(argument);
      } else if (argument.equals("-") && (i == 0 || last)) {
        standardInput = true;
      } else if (optionIsComplete && argument.startsWith("--")) {
        lines.append(lines.length() == 0 ? "" : "\n").append(argument.substring(2)).append(' ');
        optionIsComplete = argument.strip().indexOf(' ') > 0;
        boolean optionFollows = !last && arguments.get(i + 1).startsWith("--");
        if (!optionIsComplete && (last || optionFollows)) {
          optionIsComplete = closeBare(argument, lines);
        }
      } else {
        lines.append(quoted(argument)).append(' ');
        optionIsComplete = true;
      }
    }
    return new CommandLineOptions(file, standardInput, lines.toString());
  }

  /** Ends an option that no argument of its own follows; false when it needs one. */
  private static boolean closeBare(String option, StringBuilder lines) {
    return switch (option.toLowerCase(Locale.ROOT)) {
      case "--save" -> {
        lines.append("\"\"");
        yield true;
      }
      case "--sentinel" -> true;
      default -> false;
    };
  }

  /** The argument in double quotes, so that it is one word of the line. */
  static String quoted(String argument) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      switch (c) {
        case '\\', '"' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case 7 -> out.append("\\a");
        case '\b' -> out.append("\\b");
        default -> {
          if (c < ' ' || c > '~') {
            out.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
