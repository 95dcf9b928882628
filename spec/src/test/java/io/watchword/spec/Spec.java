package io.watchword.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder {@code spec/} as tests look at it. */
public final class Spec {
  private static final Pattern CONSTANT = Pattern.compile("  (\\w+) = (.*)");
  private static final Pattern INVARIANT = Pattern.compile("INVARIANT (\\w+)");

  private Spec() {}

  /** The folder itself. */
  public static Path folder() {
    try {
      return SpecRoot.find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Model> models() throws IOException {
    return Models.read(folder());
  }

  static Model model(String name) throws IOException {
    return models().stream().filter(model -> model.name().equals(name)).findFirst().orElseThrow();
  }

  static Map<String, String> constants(Model model) throws IOException {
    Map<String, String> constants = new TreeMap<>();
    for (String line : Files.readAllLines(folder().resolve(model.cfg()))) {
      Matcher matcher = CONSTANT.matcher(line);
      if (matcher.matches()) {
        constants.put(matcher.group(1), matcher.group(2).strip().toUpperCase(Locale.ROOT));
      }
    }
    return constants;
  }

  static List<String> invariants(Path cfg) throws IOException {
    try (Stream<String> lines = Files.lines(cfg)) {
      return lines
          .map(INVARIANT::matcher)
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1))
          .toList();
    }
  }

  /** Files below the folder with this ending, as paths relative to it. */
  static List<String> files(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder())) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .map(file -> folder().relativize(file).toString())
          .filter(file -> !file.startsWith("target") && !file.startsWith("src"))
          .sorted()
          .toList();
    }
  }
}
