package io.watchword.config;

import io.watchword.bytes.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of value that a single word can be. Error texts are those of Redis 7. */
public final class Kinds {
  private static final Pattern MEMORY = Pattern.compile("(\\d*)([a-z]*)");
  private static final int MEMORY_DIGITS_MAX = 19;

  private Kinds() {}

  /** {@code yes} or {@code no}. */
  public static Kind<Boolean> yesNo() {
    return word(
        "yes|no",
        word -> {
          if (!word.equalsIgnoreCase("yes") && !word.equalsIgnoreCase("no")) {
            throw new BadValue("argument must be 'yes' or 'no'");
          }
          return word.equalsIgnoreCase("yes");
        },
        value -> value ? "yes" : "no");
  }

  /** A whole number in {@code min..max}, both included. */
  public static Kind<Long> integer(long min, long max) {
    return word(
        min + ".." + max, word -> within(min, max, whole(word)), value -> Long.toString(value));
  }

  /** A whole number that is silently brought into {@code min..max}, as Redis does with hz. */
  public static Kind<Long> clamped(long min, long max) {
    Kind<Long> any = integer(0, Integer.MAX_VALUE);
    return word(
        min + ".." + max,
        word -> Math.max(min, Math.min(max, any.parse(List.of(word)))),
        value -> Long.toString(value));
  }

  /** A number of bytes with an optional unit: 1k is 1000, 1kb is 1024, likewise m and g. */
  public static Kind<Long> memory(long min, long max) {
    return word(
        "bytes " + min + ".." + max,
        word -> within(min, max, bytes(word, "argument must be a memory value")),
        value -> Long.toString(value));
  }

  /** A number of bytes, or a percentage, which is kept as a negative number. */
  public static Kind<Long> memoryOrPercent() {
    return word(
        "bytes or 0%..100%",
        word -> {
          if (!word.endsWith("%")) {
            return bytes(word, "argument must be a memory or percent value");
          }
          String digits = word.substring(0, word.length() - 1);
          if (!isWhole(digits) || digits.startsWith("-")) {
            throw new BadValue("argument must be a memory or percent value");
          }
          long percent = Long.parseLong(digits);
          if (percent > 100) {
            throw new BadValue("percentage argument must be less or equal to 100");
          }
          return -percent;
        },
        value -> value < 0 ? -value + "%" : Long.toString(value));
  }

  /** One of a few words, read in any case. */
  public static Kind<String> choice(String... words) {
    List<String> known = List.of(words);
    return word(
        String.join("|", known),
        word -> {
          String lower = word.toLowerCase(Locale.ROOT);
          if (!known.contains(lower)) {
            throw new BadValue(
                "argument(s) must be one of the following: " + String.join(", ", known));
          }
          return lower;
        },
        Function.identity());
  }

  /** Any text. */
  public static Kind<String> text() {
    return word("text", word -> word, Function.identity());
  }

  /** The name of a file without a folder. */
  public static Kind<String> fileName(String directive) {
    return word(
        "file name",
        word -> {
          if (word.isEmpty()) {
            throw new BadValue(directive + " can't be empty");
          }
          if (word.indexOf('/') >= 0) {
            throw new BadValue(directive + " can't be a path, just a filename");
          }
          return word;
        },
        Function.identity());
  }

  /** File permissions as an octal number. */
  public static Kind<Long> octal() {
    return word(
        "octal 0..777",
        word -> {
          if (!word.matches("[0-7]{1,9}")) {
            throw new BadValue("argument couldn't be parsed as an octal number");
          }
          long value = Long.parseLong(word, 8);
          if (value > 0777) {
            throw new BadValue("argument must be between 0 and 777 inclusive");
          }
          return value;
        },
        Long::toOctalString);
  }

  /** Reads one word. */
  interface WordReader<T> {
    T read(String word) throws BadValue;
  }

  private static <T> Kind<T> word(String grammar, WordReader<T> reader, Function<T, String> shown) {
    return new Kind<>() {
      @Override
      public T parse(List<String> words) throws BadValue {
        if (words.size() != 1) {
          throw new BadValue("wrong number of arguments");
        }
        return reader.read(words.get(0));
      }

      @Override
      public String show(T value) {
        return shown.apply(value);
      }

      @Override
      public String grammar() {
        return grammar;
      }
    };
  }

  /** Whether the word is an integer as Redis reads one: no blanks, no plus, no leading zeros. */
  static boolean isWhole(String word) {
    byte[] b = word.getBytes(StandardCharsets.ISO_8859_1);
    return Numbers.isLong(b, 0, b.length);
  }

  private static long whole(String word) throws BadValue {
    if (!isWhole(word)) {
      throw new BadValue("argument couldn't be parsed into an integer");
    }
    return Long.parseLong(word);
  }

  private static long within(long min, long max, long value) throws BadValue {
    if (value < min || value > max) {
      throw new BadValue("argument must be between " + min + " and " + max + " inclusive");
    }
    return value;
  }

  private static long bytes(String word, String problem) throws BadValue {
    Matcher parts = MEMORY.matcher(word.toLowerCase(Locale.ROOT));
    if (!parts.matches() || parts.group(1).length() > MEMORY_DIGITS_MAX) {
      throw new BadValue(problem);
    }
    long unit =
        switch (parts.group(2)) {
          case "", "b" -> 1;
          case "k" -> 1_000;
          case "kb" -> 1 << 10;
          case "m" -> 1_000_000;
          case "mb" -> 1 << 20;
          case "g" -> 1_000_000_000;
          case "gb" -> 1 << 30;
          default -> throw new BadValue(problem);
        };
    try {
      long digits = parts.group(1).isEmpty() ? 0 : Long.parseLong(parts.group(1));
      return Math.multiplyExact(digits, unit);
    } catch (ArithmeticException | NumberFormatException tooLarge) {
      throw new BadValue(problem);
    }
  }
}
