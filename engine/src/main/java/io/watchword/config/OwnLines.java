package io.watchword.config;

import java.util.List;
import java.util.Locale;

/**
 * The lines of the data server's file that set no value. All of them belong to features that are
 * not built; only the one that Redis itself writes and that changes nothing is taken.
 */
public final class OwnLines implements ConfigFile.OtherLines {
  private static final List<String> DEFAULT_USER =
      List.of("user", "default", "on", "nopass", "sanitize-payload", "~*", "&*", "+@all");

  /** Lines of features that are not built: name, what it asks for, fewest words, most words. */
  enum Line {
    USER("user", "ACL users", 2, Integer.MAX_VALUE),
    RENAME_COMMAND("rename-command", "other names for commands", 3, 3),
    LOADMODULE("loadmodule", "modules", 2, Integer.MAX_VALUE),
    /** Redis has taken these two without any effect since 3.2. */
    LIST_MAX_ZIPLIST_ENTRIES("list-max-ziplist-entries", "", 2, 2),
    LIST_MAX_ZIPLIST_VALUE("list-max-ziplist-value", "", 2, 2);

    final String word;
    final String feature;
    private final int wordsMin;
    private final int wordsMax;

    Line(String word, String feature, int wordsMin, int wordsMax) {
      this.word = word;
      this.feature = feature;
      this.wordsMin = wordsMin;
      this.wordsMax = wordsMax;
    }
  }

  @Override
  public boolean take(List<String> words) throws BadValue {
    String name = words.get(0).toLowerCase(Locale.ROOT);
    for (Line line : Line.values()) {
      if (line.word.equals(name)
          && words.size() >= line.wordsMin
          && words.size() <= line.wordsMax) {
        return take(line, words);
      }
    }
    if (name.equals("sentinel") && words.size() > 1) {
      throw new BadValue("sentinel directive while not in sentinel mode");
    }
    if (name.indexOf('.') >= 0) {
      throw new BadValue(
          words.size() < 2
              ? "Module config specified without value"
              : "'" + name + "' needs modules, not built yet");
    }
    return false;
  }

  private static boolean take(Line line, List<String> words) throws BadValue {
    boolean harmless = line.feature.isEmpty() || words.equals(DEFAULT_USER);
    if (!harmless) {
      throw new BadValue("'" + line.word + "' needs " + line.feature + ", not built yet");
    }
    return true;
  }
}
