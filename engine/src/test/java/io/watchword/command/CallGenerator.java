package io.watchword.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Calls made by chance from the argument trees of rows, so that a row and its body keep each other
 * honest. Few keys, so that calls meet each other's work.
 */
public final class CallGenerator {
  private static final String[] KEYS = {"a", "b", "c", "d", "e", "", "k:6", "\u00ff\r\n\u0000"};
  private static final String[] INTEGERS = {
    "0", "1", "-1", "7", "10", "12345", "-300", "9223372036854775807", "-9223372036854775808"
  };
  private static final String[] FRACTIONS = {
    "0.1", "3", "-2.5", "1e3", ".5", "1e-7", "0x1.8p3", "1234567.125", "-0"
  };
  private static final String[] PATTERNS = {"*", "?", "[a-c]", "[^a]*", "k*", "\\a", "*6", ""};
  private static final String[] TYPES = {"string", "STRING", "list", "none"};

  private final RandomGenerator random;
  private final LongSupplier nowMs;
  private final long lifetimeMsMin;
  private final long lifetimeMsMax;

  /**
   * @param nowMs what the clock of the server shows
   * @param lifetimeMsMin and lifetimeMsMax: how long keys with a deadline are to live
   */
  public CallGenerator(
      RandomGenerator random, LongSupplier nowMs, long lifetimeMsMin, long lifetimeMsMax) {
    this.random = random;
    this.nowMs = nowMs;
    this.lifetimeMsMin = lifetimeMsMin;
    this.lifetimeMsMax = lifetimeMsMax;
  }

  /** A call of one of the rows, or of one of its subcommands. */
  public List<String> anyOf(List<Command> rows) {
    Command row = rows.get(random.nextInt(rows.size()));
    if (row.subcommands().isEmpty()) {
      return of(row);
    }
    List<Command> subs = row.subcommands();
    List<String> words = of(subs.get(random.nextInt(subs.size())));
    words.add(0, row.name());
    return words;
  }

  /** A call that follows the row's grammar; starts with the row's own name. */
  public List<String> of(Command row) {
    List<String> words = new ArrayList<>();
    words.add(row.name());
    row.args().forEach(arg -> add(words, arg));
    return words;
  }

  /** The call with a word lost, doubled or replaced, as a careless client would send it. */
  public List<String> spoiled(List<String> call) {
    List<String> words = new ArrayList<>(call);
    int i = 1 + random.nextInt(words.size());
    switch (random.nextInt(4)) {
      case 0 -> words.remove(Math.max(1, Math.min(i, words.size() - 1)) % words.size());
      case 1 -> words.add(i, words.get(i - 1));
      case 2 -> words.add("NX");
      default -> words.set(i - 1, i == 1 ? words.get(0) : string());
    }
    return words.isEmpty() ? call : words;
  }

  private void add(List<String> words, Arg arg) {
    if (arg instanceof Arg.Value value) {
      words.add(value(value));
    } else if (arg instanceof Arg.Word word) {
      words.add(random.nextBoolean() ? word.word() : mixed(word.word()));
    } else if (arg instanceof Arg.Optional optional) {
      if (random.nextInt(3) == 0) {
        add(words, optional.inner());
      }
    } else if (arg instanceof Arg.OneOf oneOf) {
      add(words, oneOf.choices().get(random.nextInt(oneOf.choices().size())));
    } else if (arg instanceof Arg.Block block) {
      block.parts().forEach(part -> add(words, part));
    } else if (arg instanceof Arg.Many many) {
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        add(words, many.inner());
      }
    }
  }

  private String mixed(String word) {
    StringBuilder text = new StringBuilder();
    for (char c : word.toCharArray()) {
      text.append(random.nextBoolean() ? c : Character.toLowerCase(c));
    }
    return text.toString();
  }

  private String value(Arg.Value value) {
    return switch (value.kind()) {
      case "key" -> pick(KEYS);
      case "pattern" -> pick(PATTERNS);
      case "double" -> pick(FRACTIONS);
      case "unix-time" -> time(value.name());
      case "integer" -> integer(value.name());
      default -> value.name().equals("type") ? pick(TYPES) : string();
    };
  }

  private String string() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> pick(INTEGERS);
      case 3 -> pick(FRACTIONS);
      case 4 -> "x".repeat(random.nextInt(60));
      case 5 -> "y".repeat(random.nextInt(100) == 0 ? 70_000 : 300);
      case 6 -> pick(KEYS);
      default -> Long.toString(random.nextInt());
    };
  }

  private String time(String name) {
    long ms = nowMs.getAsLong() + lifetimeMs();
    return Long.toString(name.contains("milliseconds") ? ms : ms / 1000);
  }

  private long lifetimeMs() {
    return random.nextLong(lifetimeMsMin, lifetimeMsMax);
  }

  private String integer(String name) {
    return switch (name) {
      case "seconds" -> Long.toString(Math.max(1, lifetimeMs() / 1000));
      case "milliseconds" -> Long.toString(Math.max(1, lifetimeMs()));
      case "cursor" -> "0";
      case "count" -> Integer.toString(1 + random.nextInt(1000));
      case "offset" -> Integer.toString(random.nextInt(random.nextInt(50) == 0 ? 70_000 : 40));
      case "start", "end" -> Integer.toString(random.nextInt(-40, 40));
      case "db", "destination-db", "index1", "index2" -> Integer.toString(random.nextInt(3));
      default -> pick(INTEGERS);
    };
  }

  private String pick(String[] words) {
    return words[random.nextInt(words.length)];
  }
}
