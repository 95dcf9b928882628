package io.watchword.config;

import io.watchword.bytes.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads redis.conf as Redis 7 reads it.
 *
 * <p>The file, then standard input, then the options of the command line are one text, in which a
 * later line wins; that is why an error in an option has a line number too. A line is split into
 * words as {@link Words} does; {@code #} starts a comment only at the start of a line; names are
 * known in any case. {@code include} reads another file in the place where it stands.
 */
public final class ConfigFile {
  private static final int INCLUDES_DEEP_MAX = 16;
  private static final String UNKNOWN = "Bad directive or wrong number of arguments";

  private final Config config;
  private final ConfigSources sources;
  private final OtherLines others;

  /**
   * Lines that set no value: {@code user}, {@code loadmodule}, the sentinel's own. Returns whether
   * it took the line.
   */
  public interface OtherLines {
    boolean take(List<String> words) throws BadValue;
  }

  public ConfigFile(Config config, ConfigSources sources, OtherLines others) {
    this.config = config;
    this.sources = sources;
    this.others = others;
  }

  /**
   * Reads everything that a command line names into the configuration.
   *
   * @throws ConfigError in Redis's words; what came before the error has been taken
   */
  public void load(CommandLineOptions options) throws ConfigError {
    config.file(options.file());
    StringBuilder text = new StringBuilder();
    if (options.file().isPresent()) {
      text.append(textOf(options.file().get()));
    }
    if (options.fromStandardInput()) {
      try {
        text.append('\n').append(sources.standardInput());
      } catch (IOException e) {
        throw new ConfigError(0, "", "can't read standard input: " + e.getMessage());
      }
    }
    text.append('\n').append(options.lines());
    lines(text.toString(), 0);
  }

  private String textOf(String path) throws ConfigError {
    try {
      return sources.read(path);
    } catch (IOException e) {
      String why = "can't open config file '" + path + "': " + e.getMessage();
      throw new ConfigError(0, "", why);
    }
  }

  private void lines(String text, int depth) throws ConfigError {
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = trimmed(lines[i]);
      if (line.isEmpty() || line.charAt(0) == '#') {
        continue;
      }
      try {
        line(line, depth);
      } catch (BadValue e) {
        throw new ConfigError(i + 1, line, e.getMessage());
      }
    }
  }

  private void line(String line, int depth) throws BadValue, ConfigError {
    List<String> words = words(line);
    if (words.isEmpty()) {
      return;
    }
    String name = words.get(0).toLowerCase(Locale.ROOT);
    List<String> arguments = words.subList(1, words.size());
    Directive<?> directive = config.find(name);
    if (directive != null) {
      set(directive, arguments);
    } else if (name.equals("include") && arguments.size() == 1) {
      include(arguments.get(0), depth);
    } else if (!others.take(words)) {
      throw new BadValue(UNKNOWN);
    }
  }

  private void set(Directive<?> directive, List<String> arguments) throws BadValue {
    if (!directive.kind().takesMany() && arguments.size() != 1) {
      throw new BadValue("wrong number of arguments");
    }
    boolean oneOfMany = directive.kind().takesMany() && arguments.size() == 1;
    // One quoted argument may hold all the words, as in save "3600 1 60 100".
    boolean packed = oneOfMany && arguments.get(0).indexOf(' ') >= 0;
    config.load(directive, packed ? words(arguments.get(0)) : arguments);
  }

  private void include(String path, int depth) throws BadValue, ConfigError {
    if (depth == INCLUDES_DEEP_MAX) {
      throw new BadValue("files are included deeper than " + INCLUDES_DEEP_MAX + " times");
    }
    boolean pattern = path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || path.indexOf('[') >= 0;
    for (String file : pattern ? sources.matching(path) : List.of(path)) {
      lines(textOf(file), depth + 1);
    }
  }

  /** Splits a line into words, Redis's quotes and escapes honoured. */
  private static List<String> words(String line) throws BadValue {
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    byte[][] split = Words.split(bytes, 0, bytes.length);
    if (split == null) {
      throw new BadValue("Unbalanced quotes in configuration line");
    }
    List<String> words = new ArrayList<>();
    for (byte[] word : split) {
      words.add(new String(word, StandardCharsets.ISO_8859_1));
    }
    return words;
  }

  private static String trimmed(String line) {
    int from = 0;
    int to = line.length();
    while (from < to && isBlank(line.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(line.charAt(to - 1))) {
      to--;
    }
    return line.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
